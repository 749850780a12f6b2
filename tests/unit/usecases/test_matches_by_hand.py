"""Choosing matches by hand, searching the library, and the tracks that are missing."""

from __future__ import annotations

from typing import Any

import pytest

from reprise.domain.matches import Match, MatchReport, Method, Override
from reprise.domain.playlists import Playlist, SourceRef
from reprise.domain.refusals import Conflict, InvalidInput, NotFound
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.matching.index import build_index, decode_index
from reprise.ports.contents import LibraryHead
from reprise.usecases.playlists.choose_match import choose_match, forget_match
from reprise.usecases.playlists.list_missing import list_missing
from reprise.usecases.playlists.ports import ChoicePorts, LibraryPorts
from reprise.usecases.playlists.search_library import search_library
from reprise_dev.doubles import fakes

from .conftest import NOON, Desk

SERVER = "https://music.example.test"
KEY = "isrc:USPR36500001"


@pytest.fixture
def indexes() -> fakes.MemoryLibraryIndexes:
    """Ann's library was read; Bob's was not."""
    index = build_index(
        [
            LibraryTrack(id="s-1", title="Sinnerman", artist="Nina Simone"),
            LibraryTrack(id="s-2", title="Sinnerman (Live)", artist="Nina Simone"),
            LibraryTrack(id="s-3", title="La femme d'argent", artist="Air"),
        ]
    )
    store = fakes.MemoryLibraryIndexes()
    head = LibraryHead(version=index.version, stamp="s", song_count=3, checked_at=NOON)
    store.save("u-ann", SERVER, head, index.encode())
    return store


def search(indexes: fakes.MemoryLibraryIndexes, query: str, limit: int = 10, user_id: str = "u-ann") -> list[str]:
    ports = LibraryPorts(indexes=indexes, decode=decode_index, server_url=SERVER)
    songs = search_library(user_id, query, ports, limit=limit)
    return [song.id for song in songs]


def test_a_search_finds_songs_by_every_word_the_nearest_first(indexes: fakes.MemoryLibraryIndexes) -> None:
    assert search(indexes, "sinnerman") == ["s-1", "s-2"]
    assert search(indexes, " NINA  sinnerman ", limit=1) == ["s-1"]
    assert search(indexes, "nothing of the kind") == []


@pytest.mark.parametrize("query", ["the sinnerman", "The nina sinnerman", "nina the sinnerman"])
def test_an_article_need_not_stand_there(indexes: fakes.MemoryLibraryIndexes, query: str) -> None:
    assert search(indexes, query)[0] == "s-1"


def test_a_library_that_was_never_read_is_said_to_be(indexes: fakes.MemoryLibraryIndexes) -> None:
    with pytest.raises(Conflict, match="not been read"):
        search(indexes, "sinnerman", user_id="u-bob")
    head = indexes.head("u-ann", SERVER)
    assert head is not None
    indexes.forget("u-ann", SERVER, head.version)
    with pytest.raises(Conflict, match="not been read"):
        search(indexes, "sinnerman")


@pytest.mark.parametrize("query", ["", "  ", "x" * 201, "a\x00b"])
def test_a_search_for_nothing_is_refused(indexes: fakes.MemoryLibraryIndexes, query: str) -> None:
    with pytest.raises(InvalidInput):
        search(indexes, query)


def choose(
    overrides: fakes.MemoryOverrides, indexes: fakes.MemoryLibraryIndexes, wanted: Override, user_id: str = "u-ann"
) -> Override:
    ports = ChoicePorts(indexes=indexes, decode=decode_index, server_url=SERVER, overrides=overrides)
    return choose_match(user_id, wanted, ports)


@pytest.mark.parametrize(
    "wanted",
    [
        Override(track_key=KEY, chosen="s-1"),
        Override(track_key=KEY, never=frozenset({"s-2", "gone"})),
        Override(track_key="uri:https://a.example/?id=1&b=ü", chosen="s-1", never=frozenset({"s-2"})),
    ],
)
def test_what_is_chosen_replaces_what_was_and_can_be_taken_back(
    indexes: fakes.MemoryLibraryIndexes, wanted: Override
) -> None:
    overrides = fakes.MemoryOverrides()
    choose(overrides, indexes, Override(track_key=wanted.track_key, chosen="s-3"))
    assert choose(overrides, indexes, wanted) == wanted
    assert overrides.of_user("u-ann") == (wanted,)
    with pytest.raises(NotFound):
        forget_match("u-bob", wanted.track_key, overrides)
    forget_match("u-ann", wanted.track_key, overrides)
    assert overrides.of_user("u-ann") == ()
    with pytest.raises(NotFound):
        forget_match("u-ann", wanted.track_key, overrides)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Override(track_key=KEY), "library_id"),
        (Override(track_key=KEY, chosen="gone"), "library_id"),
        (Override(track_key=KEY, chosen=""), "library_id"),
        (Override(track_key=KEY, chosen="s-1", never=frozenset({"s-1"})), "never"),
        (Override(track_key=KEY, never=frozenset({""})), "never"),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_name(
    indexes: fakes.MemoryLibraryIndexes, wanted: Override, field: str
) -> None:
    overrides = fakes.MemoryOverrides()
    with pytest.raises(InvalidInput) as refused:
        choose(overrides, indexes, wanted)
    assert refused.value.field == field
    assert overrides.of_user("u-ann") == ()


@pytest.mark.parametrize("key", ["", "nokind", "isrc:", "uri:" + "ü" * 600, "uri:\ud800"])
def test_what_is_no_tracks_key_is_not_there(indexes: fakes.MemoryLibraryIndexes, key: str) -> None:
    overrides = fakes.MemoryOverrides()
    with pytest.raises(NotFound):
        choose(overrides, indexes, Override(track_key=key, chosen="s-1"))
    with pytest.raises(NotFound):
        forget_match("u-ann", key, overrides)
    assert overrides.of_user("u-ann") == ()


def test_before_the_library_was_read_any_song_may_be_chosen(indexes: fakes.MemoryLibraryIndexes) -> None:
    overrides = fakes.MemoryOverrides()
    assert choose(overrides, indexes, Override(track_key=KEY, chosen="anything"), user_id="u-bob").chosen == "anything"


def test_missing_are_those_not_found_in_their_order(desk: Desk) -> None:
    facts: dict[str, Any] = {"confidence": 0.0, "reason": "Not there."}
    matches = tuple(
        Match(source=SourceTrack(title=title), method=method, library_id=song, **facts)
        for title, method, song in [("a", Method.NONE, None), ("b", Method.EXACT, "s-1"), ("c", Method.NONE, None)]
    )
    desk.reports.save(
        "u-ann",
        MatchReport(
            playlist_id="p-1",
            report_id="r-1",
            created_at=NOON,
            library_version="l",
            policy_version="p",
            matches=matches,
        ),
    )
    source = SourceRef(kind="files", locator="c", label="lines")
    bare = Playlist(user_id="u-ann", playlist_id="p-1", name="Mix", source=source, created_at=NOON)
    desk.playlists.place(bare)
    with pytest.raises(NotFound, match="not been matched"):
        list_missing("u-ann", "p-1", desk.report_ports)
    desk.playlists.place(
        Playlist(user_id="u-ann", playlist_id="p-1", name="Mix", source=source, created_at=NOON, report_id="r-1")
    )
    assert [match.source.title for match in list_missing("u-ann", "p-1", desk.report_ports).matches] == ["a", "c"]
    with pytest.raises(NotFound, match="no such playlist"):
        list_missing("u-bob", "p-1", desk.report_ports)
