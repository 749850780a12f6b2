"""Enumerating a library through what servers do to pages, and stamping it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.targets.subsonic import library
from reprise.targets.subsonic.library import Stamps, songs
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault
from reprise_dev.samples.music_library import sample_songs

from .conftest import ClientMaker, Responder, Say, Script

Refuse = Callable[..., Responder]


def _quiet(_: int) -> None:
    """Nobody watches."""


class Pages(httpx.BaseTransport):
    """A server whose songs are `ids`, and which answers `search3` in its own way."""

    def __init__(self, say: Say, ids: list[str], page: Callable[[str, list[str], int, int], list[str]]) -> None:
        self._say = say
        self._ids = ids
        self._page = page
        self.asked: list[tuple[str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        form = httpx.QueryParams(request.read().decode())
        query, offset, count = form["query"], int(form["songOffset"]), int(form["songCount"])
        self.asked.append((query, offset))
        page = self._page(query, self._ids, offset, count)
        found = {"song": [{"id": song_id, "title": song_id} for song_id in page]} if page else {}
        return self._say(searchResult3=found)(request)


IDS = [f"s{number}" for number in range(1_203)]


def _read(client: ClientMaker, pages: Pages) -> list[str]:
    return [track.id for track in songs(client(pages), _quiet)]


def test_all_pages_are_read(client: ClientMaker, say: Say) -> None:
    pages = Pages(say, IDS, lambda query, ids, offset, count: ids[offset : offset + count])
    assert _read(client, pages) == IDS
    assert pages.asked == [("", 0), ("", 500), ("", 1000), ("", 1203), ("", 1203)]


def test_a_server_that_wants_quotes_gets_them(client: ClientMaker, say: Say) -> None:
    pages = Pages(say, IDS, lambda query, ids, offset, count: ids[offset : offset + count] if query else [])
    assert _read(client, pages) == IDS
    assert pages.asked[:3] == [("", 0), ('""', 0), ('""', 500)]


def test_an_empty_library_is_asked_for_both_ways(client: ClientMaker, say: Say) -> None:
    pages = Pages(say, [], lambda query, ids, offset, count: [])
    assert _read(client, pages) == []
    assert pages.asked == [("", 0), ('""', 0)]


def test_short_pages_do_not_end_it(client: ClientMaker, say: Say) -> None:
    pages = Pages(say, IDS, lambda query, ids, offset, count: ids[offset : offset + 100])
    assert _read(client, pages) == IDS


@pytest.mark.parametrize("total", [3, 500, 1_203])
def test_a_server_that_ignores_the_offset_is_found_out(client: ClientMaker, say: Say, total: int) -> None:
    pages = Pages(say, IDS[:total], lambda query, ids, offset, count: ids[:count])
    with pytest.raises(SyncFailure) as caught:
        _read(client, pages)
    assert caught.value.kind is FailureKind.MALFORMED_RESPONSE
    assert len(pages.asked) == 3


def test_a_song_that_moves_to_the_next_page_comes_once(client: ClientMaker, say: Say) -> None:
    """One song was added in front meanwhile: each later page begins with the last song of the one before."""
    pages = Pages(
        say, IDS[:1_000], lambda query, ids, offset, count: (ids if offset == 0 else ["new", *ids])[offset:][:count]
    )
    assert _read(client, pages) == IDS[:1_000]


def test_a_server_without_end_is_left(client: ClientMaker, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "SONGS_MAX", 5_000)
    pages = Pages(say, [], lambda query, ids, offset, count: [f"s{offset + n}" for n in range(count)])
    with pytest.raises(SyncFailure) as caught:
        _read(client, pages)
    assert caught.value.kind is FailureKind.MALFORMED_RESPONSE


def test_folders_count_for_the_offset_but_are_no_songs(client: ClientMaker, say: Say) -> None:
    entries = [{"id": "f", "isDir": True}, {"id": "a", "title": "A"}, {"title": "no id"}]
    script = Script(say(searchResult3={"song": entries}), say(searchResult3={}))
    assert [track.id for track in songs(client(script), _quiet)] == ["a"]
    assert script.params(1)["songOffset"] == "3"


# ---- on Navidrome's double


def test_one_swallowed_page_does_not_cut_the_library_short(double: FakeNavidrome, server: SubsonicServer) -> None:
    ids = double.add_songs(sample_songs(1_100))
    read: list[str] = []
    for track in server.songs(_quiet):
        read.append(track.id)
        if len(read) == 500:
            double.swallow_searches(1)
    assert read == ids


def test_more_swallowed_pages_are_told_by_the_count(double: FakeNavidrome, server: SubsonicServer) -> None:
    double.add_songs(sample_songs(600))
    double.swallow_searches(2)
    assert list(server.songs(_quiet)) == []
    assert server.library_stamp().song_count == 600


def test_hidden_songs_are_not_there_and_come_back(double: FakeNavidrome, server: SubsonicServer) -> None:
    ids = double.add_songs(sample_songs(10))
    double.miss_files(ids[2:4])
    double.hide_songs_from("alice", ids[:1])
    assert [track.id for track in server.songs(_quiet)] == [ids[1], *ids[4:]]
    assert server.library_stamp().song_count == 8
    double.miss_files(ids[2:4], missing=False)
    assert [track.id for track in server.songs(_quiet)] == ids[1:]


def test_everything_matching_needs_is_read(double: FakeNavidrome, server: SubsonicServer) -> None:
    samples = sample_songs(300)
    double.add_songs(samples)
    for track, song in zip(server.songs(_quiet), samples, strict=True):
        assert track.title.split() == song.title.split()
        assert (track.artist, track.album, track.isrcs) == (song.artist, song.album, song.isrcs)
        assert (track.recording_mbid, track.year) == (song.recording_mbid, song.year)
        assert (track.track_number, track.disc_number) == (song.track_number, song.disc_number)
        assert track.duration_ms == int(song.duration_s) * 1000


def test_a_failing_server_fails_the_enumeration(double: FakeNavidrome, server: SubsonicServer) -> None:
    double.add_songs(sample_songs(700))
    reading = server.songs(_quiet)
    next(reading)
    double.fail_next(*[Fault.http(502)] * 4)
    with pytest.raises(SyncFailure) as caught:
        list(reading)
    assert caught.value.kind is FailureKind.SERVER_ERROR


# ---- stamps


def test_a_stamp_costs_one_request_and_moves_with_every_scan(double: FakeNavidrome, server: SubsonicServer) -> None:
    double.add_songs(sample_songs(5))
    stamp = server.library_stamp()
    assert server.library_stamp() == stamp
    assert (stamp.song_count, stamp.scanning) == (5, False)
    assert [request.method for request in double.requests] == ["getScanStatus"] * 2
    double.scan()
    moved = server.library_stamp()
    assert moved.value != stamp.value
    assert moved.song_count == 5


def test_another_server_version_is_another_stamp(double: FakeNavidrome, server: SubsonicServer) -> None:
    double.add_songs(sample_songs(5))
    before = server.library_stamp()
    double.renumber_ids("0.64.0")
    assert server.library_stamp().value != before.value


def test_while_it_scans_no_stamp_proves_anything(double: FakeNavidrome, server: SubsonicServer) -> None:
    double.add_songs(sample_songs(5))
    double.set_scanning(True)
    stamp = server.library_stamp()
    assert (stamp.value, stamp.song_count, stamp.scanning) == ("", None, True)


def test_before_the_first_scan_no_stamp_proves_anything(server: SubsonicServer) -> None:
    stamp = server.library_stamp()
    assert (stamp.value, stamp.scanning) == ("", False)


@pytest.mark.parametrize(("code", "http"), [(50, 200), (0, 200), (10, 200), (0, 404), (70, 200)])
def test_without_a_scan_status_the_indexes_tell(
    client: ClientMaker, say: Say, refuse: Refuse, code: int, http: int
) -> None:
    indexes = {"lastModified": 1_795_000_000_000, "ignoredArticles": "The"}
    script = Script(say(), refuse(code, "no", http), say(indexes=indexes))
    it = client(script)
    it.call("ping")
    stamps = Stamps(it)
    first = stamps.take()
    assert first.value
    assert (first.song_count, first.scanning) == (None, False)
    assert int(script.params()["ifModifiedSince"]) > 4_000_000_000_000  # so that the answer is short
    assert stamps.take() == first
    asked = [request.url.path.rpartition("/")[2] for request in script.requests]
    assert asked == ["ping.view", "getScanStatus.view", "getIndexes.view", "getIndexes.view"]


def test_a_scan_status_without_a_time_still_tells_the_count(client: ClientMaker, say: Say) -> None:
    script = Script(say(scanStatus={"scanning": False, "count": 12}), say(indexes={"lastModified": 5}))
    stamp = Stamps(client(script)).take()
    assert stamp.song_count == 12
    assert "5" in stamp.value


def test_a_count_of_none_without_a_time_is_no_count(client: ClientMaker, say: Say) -> None:
    script = Script(say(scanStatus={"scanning": "false", "count": "0"}), say(indexes={"lastModified": 5}))
    assert Stamps(client(script)).take().song_count is None


def test_a_server_that_offers_nothing_has_no_stamp(client: ClientMaker, say: Say, refuse: Refuse) -> None:
    script = Script(say(http=404, body=b"not found"), say(indexes={}))
    stamps = Stamps(client(script))
    assert stamps.take().value == ""
    assert stamps.take().value == ""
    assert len(script.requests) == 2


@pytest.mark.parametrize("code", [40, 60])
def test_failures_of_the_account_are_not_taken_for_a_missing_method(
    client: ClientMaker, refuse: Refuse, code: int
) -> None:
    with pytest.raises(SyncFailure):
        Stamps(client(Script(refuse(code)))).take()


def test_an_unreachable_server_is_not_taken_for_one_without_the_method(client: ClientMaker, say: Say) -> None:
    with pytest.raises(SyncFailure) as caught:
        Stamps(client(Script(say(http=503, body=b"")))).take()
    assert caught.value.kind is FailureKind.SERVER_ERROR
