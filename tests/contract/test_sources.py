"""What every `PlaylistSource` keeps to. A source joins by a `Case`: how to arrange a playlist, and how to lose it.

A kind of the registry that has no case fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import count

import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SourcePlaylist, SourceRef
from reprise.domain.tracks import SourceTrack
from reprise.ports.sources import PlaylistSource
from reprise.sources.files.tracks import content_digest
from reprise.sources.registry import kinds, open_source
from reprise_dev.doubles.fakes import MemorySourceContents
from reprise_dev.doubles.fakes.sources import memory_sources
from reprise_dev.doubles.playlist_host import PlaylistHost, validated
from reprise_dev.samples.playlist_files import own_json

_USER, _OTHER = "user-1", "user-2"
_TRACKS = (
    SourceTrack(title="Halo", artist="Beyoncé", artists=("Beyoncé",), duration_ms=261_640, isrc="ZZRPS0800001"),
    SourceTrack(title="夜に駆ける", artist="YOASOBI", uri="spotify:track:1"),
    SourceTrack(title="Halo", artist="Beyoncé", artists=("Beyoncé",), duration_ms=261_640, isrc="ZZRPS0800001"),
    SourceTrack(title="!!!"),
)


def _stays() -> None:
    """What a store holds is there until it is taken away from its owner."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """`holding` makes the source hold a playlist of `_USER` and returns where it is; `lost` names one it has not.

    `withdraw` takes away what anybody could read who knows where it is; what is left then is `_USER`'s own.
    """

    source: PlaylistSource
    holding: Callable[[SourcePlaylist], SourceRef]
    lost: SourceRef
    withdraw: Callable[[], None] = _stays


@contextmanager
def _files() -> Iterator[Case]:
    contents = MemorySourceContents()

    def holding(playlist: SourcePlaylist) -> SourceRef:
        locator = contents.save(_USER, playlist)
        return SourceRef(kind="files", locator=locator, label="JSPF", version=playlist.version)

    yield Case(
        source=open_source("files", memory_sources(contents=contents)),
        holding=holding,
        lost=SourceRef(kind="files", locator="0" * 64, label="JSPF", version="v"),
    )


@contextmanager
def _web() -> Iterator[Case]:
    numbers = count(1)

    with PlaylistHost() as host:

        def holding(playlist: SourcePlaylist) -> SourceRef:
            target = f"/{next(numbers)}.json"
            host.files[target] = validated(own_json(playlist.name, playlist.tracks), etag=f'"{playlist.version}"')
            return SourceRef(kind="web", locator=host.url(target), label="Reprise JSON", version=playlist.version)

        yield Case(
            source=open_source("web", memory_sources()),
            holding=holding,
            lost=SourceRef(kind="web", locator=host.url("/0.json"), label="JSPF", version="v"),
            withdraw=host.files.clear,
        )


CASES: dict[str, Callable[[], AbstractContextManager[Case]]] = {"files": _files, "web": _web}


@pytest.fixture(params=kinds())
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with CASES[request.param]() as made:
        yield made


def _playlist(name: str = "Mix", tracks: tuple[SourceTrack, ...] = _TRACKS) -> SourcePlaylist:
    return SourcePlaylist(name=name, tracks=tracks, version=content_digest(name, tracks))


def test_order_and_repetitions_are_kept(case: Case) -> None:
    ref = case.holding(_playlist())

    assert case.source.read(_USER, ref).tracks == _TRACKS


def test_reading_twice_gives_the_same(case: Case) -> None:
    ref = case.holding(_playlist())

    assert case.source.read(_USER, ref) == case.source.read(_USER, ref)


def test_the_version_told_without_reading_is_the_one_that_reading_gives(case: Case) -> None:
    ref = case.holding(_playlist())

    assert case.source.current_version(_USER, ref) in {None, case.source.read(_USER, ref).version}


def test_other_tracks_have_another_version(case: Case) -> None:
    first = case.source.read(_USER, case.holding(_playlist()))
    second = case.source.read(_USER, case.holding(_playlist(tracks=_TRACKS[:-1])))
    swapped = case.source.read(_USER, case.holding(_playlist(tracks=_TRACKS[::-1])))

    assert len({first.version, second.version, swapped.version}) == 3


def test_a_version_told_is_that_of_what_is_read_next(case: Case) -> None:
    ref = case.holding(_playlist())
    for _ in range(2):
        version = case.source.current_version(_USER, ref)

        assert version in {None, case.source.read(_USER, ref).version}


def test_two_playlists_do_not_mix(case: Case) -> None:
    mix, other = case.holding(_playlist()), case.holding(_playlist("Other", _TRACKS[:1]))

    assert case.source.read(_USER, mix).name == "Mix"
    assert case.source.read(_USER, other).name == "Other"


def test_a_playlist_that_is_gone_fails_as_not_found(case: Case) -> None:
    with pytest.raises(SyncFailure) as caught:
        case.source.read(_USER, case.lost)

    assert caught.value.kind is FailureKind.NOT_FOUND
    assert caught.value.fatal
    assert caught.value.detail


def test_another_user_reaches_nothing(case: Case) -> None:
    ref = case.holding(_playlist())
    case.source.read(_USER, ref)
    case.withdraw()

    with pytest.raises(SyncFailure) as caught:
        case.source.read(_OTHER, replace(ref))

    assert caught.value.kind is FailureKind.NOT_FOUND
