"""What a path says about a song."""

from __future__ import annotations

import pytest

from reprise.sources.files.paths import describe, numbered_folders, split_credit


@pytest.mark.parametrize(
    ("path", "artist", "album", "title"),
    [
        ("01 - Artist - Title.mp3", "Artist", "", "Title"),
        ("Artist - Title.mp3", "Artist", "", "Title"),
        ("Artist – Title – Live.mp3", "Artist", "", "Title – Live"),
        ("Artist/Album/01 Title.flac", "Artist", "Album", "Title"),
        ("Artist/Album/01. Title.flac", "Artist", "Album", "Title"),
        ("Artist/Album/1-03 Title.flac", "Artist", "Album", "Title"),
        ("Artist/Album/01-title.flac", "Artist", "Album", "title"),
        ("Artist/Album/Disc 2/07 Title.flac", "Artist", "Album", "Title"),
        ("/music/Artist/Album/01 Title.flac", "Artist", "Album", "Title"),
        ("D:\\Music\\Artist\\Album\\01 Title.wma", "Artist", "Album", "Title"),
        ("file:///srv/music/Bj%C3%B6rk/Post/02%20Hyperballad.opus", "Björk", "Post", "Hyperballad"),
        ("http://nas.example/music/AC%2FDC/Powerage/05%20Sin%20City.mp3", "AC/DC", "Powerage", "Sin City"),
        ("/music/Title.mp3", "", "", "Title"),
        ("/home/ann/Music/Title.mp3", "", "", "Title"),
        ("03_-_Artist_-_Title.mp3", "Artist", "", "Title"),
        ("99 Problems.mp3", "", "", "99 Problems"),
        ("24K Magic.mp3", "", "", "24K Magic"),
        ("1979.mp3", "", "", "1979"),
        ("007 Theme.mp3", "", "", "007 Theme"),
        ("7.mp3", "", "", "7"),
        ("01 .mp3", "", "", "01"),
        ("Mr. Brightside.mp3", "", "", "Mr. Brightside"),
        ("Vol. 4", "", "", "Vol. 4"),
        ("夜に駆ける.m4a", "", "", "夜に駆ける"),
    ],
)
def test_what_a_path_says(path: str, artist: str, album: str, title: str) -> None:
    facts = describe(path)

    assert (facts.artist, facts.album, facts.title) == (artist, album, title)


def test_a_number_is_a_track_number_where_all_files_have_one() -> None:
    paths = ["A/B/09 Nine.mp3", "A/B/10 Hours.mp3", "A/B/24 Hours.mp3"]
    numbered = numbered_folders(paths)

    assert [describe(path, numbered).title for path in paths] == ["Nine", "Hours", "Hours"]
    assert describe("A/C/24 Hours.mp3", numbered).title == "24 Hours"
    assert describe("A/B/50 Ways.mp3", numbered).title == "50 Ways"


def test_one_file_without_a_number_makes_numbers_part_of_titles() -> None:
    assert numbered_folders(["A/B/24 Hours.mp3", "A/B/Hours.mp3"]) == frozenset()


@pytest.mark.parametrize("path", ["http://a.example/stream?id=1", "rtsp://a.example/live", "https://[bad/x"])
def test_an_address_that_is_no_file_says_nothing(path: str) -> None:
    assert not describe(path).is_file


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("A - B", ("A", "B")),
        ("A — B - C", ("A", "B - C")),
        ("Jay-Z", ("", "Jay-Z")),
        ("- B", ("", "- B")),
        ("A -", ("", "A -")),
        ("  A - B  ", ("A", "B")),
    ],
)
def test_a_credit_is_split_at_the_first_dash_between_spaces(credit: str, expected: tuple[str, str]) -> None:
    assert split_credit(credit) == expected
