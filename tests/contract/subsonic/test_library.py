"""Reading the whole library, and telling whether it changed."""

from __future__ import annotations

import pytest

from reprise_dev.contract.accounts import YOURS, Account
from reprise_dev.contract.broken_transports import Watched


def test_every_song_comes_once_in_the_servers_order(account: Account) -> None:
    server = account.open()
    told: list[int] = []
    tracks = list(server.songs(told.append))
    server.close()
    ids = [track.id for track in tracks]
    assert len(ids) == len(set(ids))
    assert ids[:500] == [str(song["id"]) for song in account.look().songs(500)]
    assert told == sorted(told)
    assert told[-1] == len(tracks)


def test_songs_are_read_as_the_server_tells_them(account: Account) -> None:
    server = account.open()
    read = {track.id: track for track in server.songs(lambda _: None)}
    server.close()
    for song in account.look().songs(100):
        track = read[str(song["id"])]
        assert _letters(track.title) == _letters(song.get("title", ""))
        assert _letters(track.artist) == _letters(song.get("displayArtist") or song.get("artist", ""))
        assert _letters(track.album) == _letters(song.get("album", ""))
        assert (track.duration_ms or 0) // 1000 == int(song.get("duration", 0))
        assert track.track_number == (song.get("track") or None)
        assert {_letters(isrc) for isrc in track.isrcs} <= {_letters(isrc) for isrc in song.get("isrc", [])}
        assert (track.recording_mbid or "") in song.get("musicBrainzId", "")


def _letters(text: str) -> str:
    """Real libraries hold control characters and odd spaces, which are not kept."""
    return "".join(char for char in text.casefold() if char.isalnum())


def test_an_untouched_library_keeps_its_stamp_at_the_price_of_one_request(account: Account, watched: Watched) -> None:
    server = account.open(watched)
    first = server.library_stamp()
    asked = len(watched.methods)
    second = server.library_stamp()
    if first.scanning or second.scanning:
        pytest.skip("the server is scanning")
    assert first == second
    tells_last_scan = account.label != YOURS or account.look().call("ping").get("type") == "navidrome"
    assert len(watched.methods) - asked <= (1 if tells_last_scan else 2)


def test_the_count_it_gives_is_no_smaller_than_what_can_be_read(account: Account) -> None:
    server = account.open()
    stamp = server.library_stamp()
    read = sum(1 for _ in server.songs(lambda _: None))
    server.close()
    assert stamp.song_count is None or stamp.scanning or stamp.song_count >= read
