"""Taking up a playlist by its address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reprise.domain.events import EventType
from reprise.domain.playlists import Playlist, SyncState
from reprise.domain.refusals import InvalidInput, SourceRefused, TooManyAttempts
from reprise.ports.sources import InvalidUpload
from reprise.sources.web.source import WebSource
from reprise.usecases.playlists.import_playlist_from_url import FETCHES, import_playlist_from_url
from reprise.usecases.playlists.ports import AddressPorts
from reprise_dev.doubles.fakes import MemorySourceCaches
from reprise_dev.doubles.fakes.sources import memory_sources
from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from reprise_dev.samples.playlist_files import jspf

from .conftest import NOON, Desk

USER = "u-ann"
M3U = b"#EXTM3U\n#EXTINF:100,Somebody - One\none.mp3\n#EXTINF:100,Somebody - Two\ntwo.mp3\n"


@dataclass
class Counter:
    """A desk with a web source, and a host for it to go to."""

    desk: Desk
    host: PlaylistHost
    caches: MemorySourceCaches = field(default_factory=MemorySourceCaches)

    def take_up(self, target: str, *, name: str = "", url: str = "") -> Playlist:
        desk = self.desk
        ports = AddressPorts(
            playlists=desk.playlists,
            clock=desk.clock,
            new_id=desk.new_id,
            attempts=desk.attempts,
            new_playlist_id=desk.new_id,
            finder=WebSource(memory_sources(contents=desk.contents, caches=self.caches, clock=desk.clock)),
        )
        return import_playlist_from_url(USER, url or self.host.url(target), name, ports)


def told(error: BaseException | None) -> str:
    """All that a log could show of an error, and of those behind it."""
    return f"{error!r} {error} {vars(error)} {told(error.__cause__ or error.__context__)}" if error else ""


@pytest.fixture
def counter(desk: Desk) -> Iterator[Counter]:
    with PlaylistHost() as host:
        yield Counter(desk, host)


@pytest.fixture
def nothing_stored(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not_be_called(*_: object) -> None:
        raise AssertionError("something was stored")

    for store, method in ((counter.desk.contents, "save"), (counter.desk.playlists, "add"), (counter.caches, "put")):
        monkeypatch.setattr(store, method, must_not_be_called)


def test_a_playlist_is_stored_due_and_in_the_audit_trail(counter: Counter) -> None:
    counter.host.files["/s3cret/mix.m3u"] = reply(body=M3U)

    made = counter.take_up("/s3cret/mix.m3u?token=s3cret")

    desk = counter.desk
    assert desk.playlists.get(USER, made.playlist_id) == made
    assert (made.state, made.enabled, made.due_at, made.counts.total) == (SyncState.PENDING, True, NOON, 2)
    assert (made.name, made.source.kind, made.source.label) == ("mix", "web", "M3U from 127.0.0.1/…/mix.m3u")
    assert made.source.locator == counter.host.url("/s3cret/mix.m3u?token=s3cret")
    assert list(desk.playlists.due(NOON)) == [(USER, made.playlist_id)]
    (event,) = desk.events.of_playlist(USER, made.playlist_id, limit=10, cursor=None).items
    assert event.event_type is EventType.PLAYLIST_IMPORTED
    assert event.message == "Imported 2 tracks from 127.0.0.1 (M3U)."
    assert "s3cret" not in repr(event)
    assert "s3cret" not in repr(made)


@pytest.mark.parametrize(
    ("target", "body", "wish", "name"),
    [
        ("/mix.m3u", M3U, " Mine ", "Mine"),
        ("/mix.m3u", b"#EXTM3U\n#PLAYLIST:Its own\n" + M3U[8:], "", "Its own"),
        ("/mix.m3u", M3U, "  ", "mix"),
        ("/share/8d1f7c", M3U, "", "Playlist from 127.0.0.1"),
    ],
)
def test_the_name(counter: Counter, target: str, body: bytes, wish: str, name: str) -> None:
    counter.host.files[target] = reply(body=body)
    assert counter.take_up(target, name=wish).name == name


def test_the_same_address_twice_is_two_playlists(counter: Counter) -> None:
    counter.host.files["/mix.jspf"] = reply(body=jspf("Mix", []).replace(b"[]", b'[{"title": "One"}]'))
    first, second = counter.take_up("/mix.jspf"), counter.take_up("/mix.jspf")
    assert first.playlist_id != second.playlist_id
    assert first.source == second.source


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "The playlist is not there at 127.0.0.1. There is no file at its address."),
        (403, "127.0.0.1 does not let Reprise read this playlist."),
        (401, "127.0.0.1 does not let Reprise read this playlist. It asks for a sign-in."),
        (500, "127.0.0.1 reported an error of its own."),
        (429, "127.0.0.1 asked Reprise to slow down."),
    ],
)
def test_an_address_that_yields_no_file(counter: Counter, status: int, said: str) -> None:
    counter.host.files["/s3cret"] = reply(status, headers={"Retry-After": "60"})
    with pytest.raises(SourceRefused) as caught:
        counter.take_up("/s3cret?token=s3cret")
    assert caught.value.sentence == said
    assert caught.value.retry_after_s == 60
    assert "s3cret" not in told(caught.value)


@pytest.mark.usefixtures("nothing_stored")
def test_nobody_at_the_address(counter: Counter) -> None:
    with PlaylistHost() as gone:
        url = gone.url("/mix.m3u")
    with pytest.raises(SourceRefused) as caught:
        counter.take_up("", url=url)
    assert caught.value.sentence == "127.0.0.1 could not be reached."
    assert caught.value.retry_after_s is None


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "The address must begin with http:// or https://."),
        ("ftp://example.org/s3cret", "The address must begin with http:// or https://."),
        ("https://ann:s3cret@example.org/", "The address must hold no user name and no password."),
        (
            "http://169.254.169.254/s3cret",
            "It leads to an address at which a cloud tells its secrets, which Reprise does not call.",
        ),
    ],
)
def test_an_address_that_cannot_be_used(counter: Counter, url: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        counter.take_up("", url=url or " ")
    assert (caught.value.field, caught.value.sentence) == ("url", said)
    assert "s3cret" not in told(caught.value)


@pytest.mark.usefixtures("nothing_stored")
def test_an_address_that_leads_elsewhere(counter: Counter) -> None:
    counter.host.files["/mix.m3u"] = reply(302, headers={"Location": "https://login.example/?s3cret"})
    with pytest.raises(InvalidInput, match=r"It sends visitors on to login\.example, and Reprise does not follow"):
        counter.take_up("/mix.m3u")


@pytest.mark.usefixtures("nothing_stored")
def test_a_file_that_cannot_be_read(counter: Counter) -> None:
    counter.host.files["/mix.csv"] = reply(body=b"Foo,Bar\n1,2\n")
    with pytest.raises(InvalidUpload, match='line 1: No column holds the title; found "Foo", "Bar"'):
        counter.take_up("/mix.csv")


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("wish", ["x" * 256, "a\nb"])
def test_a_name_that_cannot_be_used(counter: Counter, wish: str) -> None:
    counter.host.files["/mix.m3u"] = reply(body=M3U)
    with pytest.raises(InvalidInput):
        counter.take_up("/mix.m3u", name=wish)


def test_nobody_knocks_on_doors_without_end(counter: Counter) -> None:
    for _ in range(FETCHES.attempts):
        with pytest.raises(SourceRefused):
            counter.take_up("/nothing")
    with pytest.raises(TooManyAttempts):
        counter.take_up("/nothing")
    assert len(counter.host.requests) == FETCHES.attempts
    counter.desk.later(FETCHES.window)
    with pytest.raises(SourceRefused):
        counter.take_up("/nothing")
