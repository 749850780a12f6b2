"""An index is never replaced by a worse one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.failures import SyncFailure
from reprise.domain.tracks import LibraryTrack
from reprise.usecases.sync.refresh_library import UNSTAMPED_MAX_AGE, Library
from reprise_dev.doubles.fakes import MemoryLibraryIndexes
from reprise_dev.doubles.fakes.music_server import MemoryMusicServer
from tests.unit.usecases.sync.world import T0

URL = "https://music.example"


def songs(count: int) -> list[LibraryTrack]:
    return [LibraryTrack(id=f"s{n}", title=f"Song {n}", artist="Someone") for n in range(count)]


class Shelf:
    def __init__(self, count: int, song_count: int | None = None) -> None:
        self.server = MemoryMusicServer(library=songs(count), song_count=song_count)
        self.indexes = MemoryLibraryIndexes()
        self.now = T0

    def open(self, *, asked_by_person: bool = False) -> Library:
        self.server.calls.clear()
        return Library(
            user_id="u",
            server_url=URL,
            server=self.server,
            indexes=self.indexes,
            now=self.now,
            asked_by_person=asked_by_person,
        )

    def size(self, *, asked_by_person: bool = False) -> int:
        return len(self.open(asked_by_person=asked_by_person).index(lambda _: None))


def test_an_equal_stamp_is_one_request() -> None:
    shelf = Shelf(10, 10)
    shelf.size()
    library = shelf.open()
    library.version(lambda _: None)
    assert shelf.server.calls == ["library_stamp"]
    assert len(library.index(lambda _: None)) == 10


def test_growth_is_taken_at_once() -> None:
    shelf = Shelf(10, 10)
    shelf.size()
    shelf.server.library, shelf.server.song_count, shelf.server.stamp = songs(11), 11, "b"
    assert shelf.size() == 11


def test_a_moved_stamp_with_equal_content_keeps_the_version() -> None:
    shelf = Shelf(10, 10)
    before = shelf.open().version(lambda _: None)
    shelf.server.stamp = "b"
    assert shelf.open().version(lambda _: None) == before
    shelf.open().version(lambda _: None)
    assert shelf.server.calls == ["library_stamp"]


def test_a_swallowed_page_is_noticed_by_the_servers_count_and_read_again() -> None:
    shelf = Shelf(20, 20)
    whole = shelf.server.library
    pages = [whole[:7], whole]

    def flaky(on_progress: object) -> object:
        return iter(pages.pop(0))

    shelf.server.songs = flaky  # type: ignore[assignment,method-assign]
    assert shelf.size() == 20
    assert pages == []


@pytest.mark.parametrize("song_count", [None, 100])
def test_a_library_that_lost_much_keeps_the_old_index(song_count: int | None) -> None:
    shelf = Shelf(100, song_count)
    shelf.size()
    shelf.server.library, shelf.server.stamp = songs(80), "b"
    assert shelf.size() == 100


def test_losing_much_is_believed_when_the_server_counts_the_same() -> None:
    shelf = Shelf(100, 100)
    shelf.size()
    shelf.server.library, shelf.server.stamp, shelf.server.song_count = songs(80), "b", 80
    assert shelf.size() == 80


def test_losing_much_is_believed_when_a_person_asks_and_two_looks_agree() -> None:
    shelf = Shelf(100)
    shelf.size()
    shelf.server.library, shelf.server.stamp = songs(80), "b"
    assert shelf.size(asked_by_person=True) == 80


@pytest.mark.parametrize("asked_by_person", [False, True])
def test_an_empty_library_never_replaces_one_with_songs(asked_by_person: bool) -> None:
    shelf = Shelf(100, 100)
    shelf.size()
    shelf.server.library, shelf.server.stamp, shelf.server.song_count = [], "b", 0
    assert shelf.size(asked_by_person=asked_by_person) == 100


def test_a_person_with_part_of_the_library_is_believed_on_the_second_look() -> None:
    assert Shelf(40, 100).size() == 40


def test_while_scanning_the_old_index_serves() -> None:
    shelf = Shelf(10, 10)
    shelf.size()
    shelf.server.stamp, shelf.server.scanning, shelf.server.library = "b", True, songs(2)
    assert shelf.size() == 10
    assert shelf.server.calls == ["library_stamp"]


def test_the_first_scan_of_an_empty_server_is_waited_for() -> None:
    shelf = Shelf(0, 0)
    shelf.server.scanning = True
    with pytest.raises(SyncFailure, match="still reading its music"):
        shelf.size()


def test_what_was_read_during_a_scan_is_read_again_afterwards() -> None:
    shelf = Shelf(5, 5)
    shelf.server.scanning = True
    assert shelf.size() == 5
    shelf.server.scanning, shelf.server.library, shelf.server.song_count = False, songs(9), 9
    assert shelf.size() == 9


def test_a_server_without_stamps_is_read_daily() -> None:
    shelf = Shelf(10)
    shelf.server.stamp = ""
    shelf.size()
    shelf.server.library = songs(12)
    assert shelf.size() == 10
    assert shelf.size(asked_by_person=True) == 12
    shelf.server.library = songs(13)
    shelf.now += UNSTAMPED_MAX_AGE + timedelta(seconds=1)
    assert shelf.size() == 13


def test_an_index_that_is_gone_or_of_another_format_is_built_afresh() -> None:
    shelf = Shelf(10, 10)
    version = shelf.open().version(lambda _: None)
    shelf.indexes.forget("u", URL, version)
    assert shelf.size() == 10
    head = shelf.indexes.head("u", URL)
    assert head is not None
    shelf.indexes.save("u", URL, head, b"another format")
    assert shelf.size() == 10
