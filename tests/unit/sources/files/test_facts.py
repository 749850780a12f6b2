"""Durations, identifiers and addresses."""

from __future__ import annotations

import pytest

from reprise.sources.files.facts import duration, identify, milliseconds, recording_mbid, seconds, song_uri

_MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3:45", 225_000),
        ("03:45.5", 225_500),
        ("1:02:03", 3_723_000),
        ("75:00", 4_500_000),
        ("225s", 225_000),
        ("225 sec", 225_000),
        ("225", 225_000),
        ("225.25", 225_250),
        ("225,5", 225_500),
        ("19999", 19_999_000),
        ("20000", 20_000),
        ("225000", 225_000),
        ("0", None),
        ("0:00", None),
        ("-1", None),
        ("", None),
        ("n/a", None),
        ("3:4", None),
        ("٣:٤٥", None),
        ("9" * 1_000_000, None),
        ("90000000", None),
    ],
)
def test_a_duration_of_unstated_unit(text: str, expected: int | None) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (225_000, 225_000),
        (225_000.6, 225_001),
        ("225000", 225_000),
        (" 225000.4 ", 225_000),
        (0, None),
        (-5, None),
        (86_400_001, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
        ("soon", None),
        ("9" * 5_000, None),
        (None, None),
        ([225_000], None),
    ],
)
def test_milliseconds(value: object, expected: int | None) -> None:
    assert milliseconds(value) == expected


@pytest.mark.parametrize(("text", "expected"), [("354", 354_000), ("-1", None), ("185.4", 185_400), ("x", None)])
def test_seconds(text: str, expected: int | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        _MBID,
        _MBID.upper(),
        f"https://musicbrainz.org/recording/{_MBID}",
        f"http://beta.musicbrainz.org/recording/{_MBID}/",
        f"https://musicbrainz.org/recording/{_MBID}?tab=x",
        f"urn:uuid:{_MBID}",
        f"mbid:{_MBID}",
        f"musicbrainz:recording:{_MBID}",
    ],
)
def test_a_recording_is_known_by_its_mbid(text: str) -> None:
    assert recording_mbid(text) == _MBID


@pytest.mark.parametrize(
    "text",
    [
        f"https://musicbrainz.org/release/{_MBID}",
        f"https://musicbrainz.org/artist/{_MBID}",
        f"https://evil.example/recording/{_MBID}",
        f"https://notmusicbrainz.org.evil.example/recording/{_MBID}",
        f"x{_MBID}",
        f"{_MBID}0",
        "",
        "8f3471b5",
    ],
)
def test_other_things_are_not_recordings(text: str) -> None:
    assert recording_mbid(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spotify:track:0000000000000000000001", "spotify:track:0000000000000000000001"),
        ("https://open.spotify.com/track/abc?si=123", "spotify:track:abc"),
        ("https://open.spotify.com/intl-de/track/abc", "spotify:track:abc"),
        ("https://www.youtube.com/watch?v=abc&list=PL1&index=4", "https://www.youtube.com/watch?v=abc"),
        ("https://music.apple.com/us/album/x/1?i=2&l=en", "https://music.apple.com/us/album/x/1?i=2"),
        ("https://tidal.com/track/7", "https://tidal.com/track/7"),
        ("https://tidal.com/track/7#t=3", "https://tidal.com/track/7"),
        ("https://tidal.com/track/7?utm_source=x&si=", "https://tidal.com/track/7"),
        ("http://nas.example/rest/stream?id=9&u=ann&t=tok&s=salt&p=enc:1", "http://nas.example/rest/stream?id=9"),
        ("https://cdn.example/get?signature=secret", None),
        ("https://ann:secret@nas.example/9.mp3", None),
        (f"https://musicbrainz.org/release/{_MBID}", None),
        ("file:///home/ann/x.mp3", None),
        ("/home/ann/x.mp3", None),
        ("C:\\Music\\x.mp3", None),
        ("C:x.mp3", None),
        ("javascript:alert(1)", None),
        ("javascript:alert", None),
        ("data:text/html,x", None),
        ("https://[bad/x", None),
        ("https:///nohost", None),
        ("https://a.example/" + "x" * 500, None),
        ("https://a.example/\u202e", None),
        ("two words", None),
        ("", None),
    ],
)
def test_an_address_is_kept_without_anything_private(text: str, expected: str | None) -> None:
    assert song_uri(text) == expected


def test_identifiers_are_told_apart() -> None:
    found = identify(["https://a.example/1", "URN:ISRC:gb-aye-65-00521", f"mbid:{_MBID}", "isrc:nonsense", "x y"])

    assert (found.isrc, found.recording_mbid, found.uri) == ("GBAYE6500521", _MBID, "https://a.example/1")


def test_a_broken_isrc_does_not_hide_a_good_one() -> None:
    assert identify(["isrc:nonsense", "isrc:GBAYE6500521"]).isrc == "GBAYE6500521"
