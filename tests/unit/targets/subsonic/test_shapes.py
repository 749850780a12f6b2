"""What servers leave out, rename and retype."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.tracks import LibraryTrack
from reprise.targets.subsonic.shapes import (
    as_list,
    flag,
    held_playlist,
    identifier,
    library_track,
    listed_playlists,
    mapping,
    remote_playlist,
    text,
    whole,
)

NAVIDROME = {
    "id": "9PYkL17LTlsVqMNTZyLKMI",
    "isDir": False,
    "title": "Golden Mountain",
    "album": "Broken Ghost (Deluxe Edition)",
    "artist": "Zoë",
    "track": 2,
    "year": 1970,
    "suffix": "flac",
    "duration": 371,
    "bitRate": 901,
    "discNumber": 1,
    "musicBrainzId": "7697c4f9-1d9b-9332-e823-4783de17bd7a",
    "isrc": ["qz-gen-70-12345", "QZGEN7012345", "not one"],
    "artists": [{"id": "1", "name": "Zoë"}, {"id": "2", "name": "MØ"}],
    "displayArtist": "Zoë & MØ",
    "albumArtists": [{"id": "1", "name": "Zoë"}],
    "displayAlbumArtist": "Zoë",
}


def test_a_fully_tagged_song() -> None:
    assert library_track(NAVIDROME) == LibraryTrack(
        id="9PYkL17LTlsVqMNTZyLKMI",
        title="Golden Mountain",
        artist="Zoë & MØ",
        artists=("Zoë", "MØ"),
        album="Broken Ghost (Deluxe Edition)",
        album_artist="Zoë",
        duration_ms=371_000,
        isrcs=("QZGEN7012345",),
        recording_mbid="7697c4f9-1d9b-9332-e823-4783de17bd7a",
        track_number=2,
        disc_number=1,
        year=1970,
        bit_rate=901,
        suffix="flac",
    )


def test_an_untagged_song() -> None:
    bare = {"id": "x", "isDir": False, "title": "Untagged", "musicBrainzId": "", "isrc": [], "artists": []}
    assert library_track(bare) == LibraryTrack(id="x", title="Untagged")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"id": 0, "title": "t"}, LibraryTrack(id="0", title="t")),
        ({"id": 12, "name": "n", "track": "3", "year": 0}, LibraryTrack(id="12", title="n", track_number=3)),
        ({"id": "a", "title": 7, "duration": "61"}, LibraryTrack(id="a", title="7", duration_ms=61_000)),
        ({"id": "a", "title": "t", "duration": 61.25}, LibraryTrack(id="a", title="t", duration_ms=61_250)),
        ({"id": "a", "title": "t", "duration": "inf"}, LibraryTrack(id="a", title="t")),
        ({"id": "a", "title": "t", "isrc": "QZGEN7012345"}, LibraryTrack(id="a", title="t", isrcs=("QZGEN7012345",))),
        ({"id": "a", "title": "t", "artists": {"name": "One"}}, LibraryTrack(id="a", title="t", artists=("One",))),
        ({"id": "a", "title": "t\x00\ud800\n!"}, LibraryTrack(id="a", title="t !")),
        ({"id": "a", "isDir": "false", "title": "t"}, LibraryTrack(id="a", title="t")),
        ({"id": "a", "isDir": "true"}, None),
        ({"id": "a", "isVideo": True}, None),
        ({"title": "no id"}, None),
        ({"id": ""}, None),
        ({"id": True}, None),
        ({"id": "x" * 513}, None),
        ({"id": "a\nb"}, None),
        ("song", None),
        (None, None),
    ],
)
def test_songs_as_other_servers_tell_them(sent: object, expected: LibraryTrack | None) -> None:
    assert library_track(sent) == expected


def test_lists_come_bare_or_packed() -> None:
    assert as_list(None) == as_list("") == as_list([]) == []
    assert as_list({"id": 1}) == [{"id": 1}]
    assert mapping([{"id": 1}]) == {"id": 1}
    assert mapping([]) == mapping("x") == mapping(None) == {}


@pytest.mark.parametrize(
    ("value", "expected"), [("12", 12), (12.9, 12), ("-1", -1), (True, None), ("x", None), ("nan", None)]
)
def test_whole_numbers(value: object, expected: int | None) -> None:
    assert whole(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("True", True),
        (1, True),
        ("1", True),
        (False, False),
        ("false", False),
        (None, False),
        ("", False),
    ],
)
def test_flags(value: object, expected: bool) -> None:
    assert flag(value) is expected


@pytest.mark.parametrize(
    ("sent", "writable"),
    [
        ({"owner": "alice"}, True),
        ({"owner": "Alice"}, True),
        ({}, True),
        ({"owner": "alice", "readonly": False}, True),
        ({"owner": "alice", "readonly": True}, False),
        ({"owner": "alice", "readonly": "true"}, False),
        ({"owner": "bob"}, False),
        ({"owner": "bob", "readonly": False}, False),
    ],
)
def test_only_ones_own_lists_are_writable_and_not_those_the_server_fills(
    sent: dict[str, object], writable: bool
) -> None:
    remote = remote_playlist({"id": "p", **sent}, "alice")
    assert remote is not None
    assert remote.writable is writable


@pytest.mark.parametrize(
    "sent", [{}, {"playlists": {}}, {"playlists": None}, {"playlists": {"playlist": None}}, {"playlists": ""}]
)
def test_no_playlists(sent: dict[str, object]) -> None:
    assert listed_playlists(sent, "alice") == []


def test_one_playlist_sent_bare() -> None:
    [only] = listed_playlists({"playlists": {"playlist": {"id": 5, "name": "n", "songCount": "3"}}}, "alice")
    assert (only.remote.remote_id, only.remote.name, only.remote.song_count) == ("5", "n", 3)


def test_a_playlist_without_songs_has_none() -> None:
    held = held_playlist({"playlist": {"id": "p", "name": "n"}}, "alice")
    assert held is not None
    assert held.song_ids == ()


def test_a_playlist_of_one_song_sent_bare() -> None:
    held = held_playlist({"playlist": [{"id": "p", "entry": {"id": 7}}]}, "alice")
    assert held is not None
    assert held.song_ids == ("7",)


_ANYTHING: st.SearchStrategy[Any] = st.recursive(  # Any: JSON of every shape
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from([*NAVIDROME, "name", "owner", "readonly", "songCount", "entry", "comment", "isVideo"])


@given(st.dictionaries(_KEYS, _ANYTHING))
def test_nothing_of_a_wrong_type_gets_through(sent: dict[str, object]) -> None:
    track = library_track(sent)
    if track is not None:
        assert track.id
        assert all(isinstance(part, str) for part in (track.title, track.artist, track.album, *track.artists))
        assert track.title.encode().decode() == track.title
        assert track.duration_ms is None or track.duration_ms > 0
    held = held_playlist({"playlist": sent}, "alice")
    assert held is None or all(held.song_ids)


@given(st.text(max_size=60))
def test_text_can_be_stored_and_keeps_every_letter(value: str) -> None:
    kept = text(value)
    assert kept.encode().decode() == kept
    assert [char for char in kept if char.isalnum()] == [char for char in value if char.isalnum()]
    assert text(kept) == kept


@given(st.text(min_size=1, max_size=60))
def test_ids_are_never_altered(value: str) -> None:
    assert identifier(value) in (value, "")
