"""What names a track, and what is recognised as an identifier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.tracks import SourceTrack, parse_isrc, parse_mbid

MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"


@pytest.mark.parametrize(
    ("text", "isrc"),
    [
        ("GBAYE0601498", "GBAYE0601498"),
        ("gb-aye-06-01498", "GBAYE0601498"),
        (" GB AYE 06 01498 ", "GBAYE0601498"),
        ("urn:isrc:GBAYE0601498", "GBAYE0601498"),
        ("isrc:usrc17607839", "USRC17607839"),
        ("GBAYE060149", None),
        ("GBAYE06014981", None),
        ("1BAYE0601498", None),
        ("", None),
        (None, None),
    ],
)
def test_isrc_is_read_in_the_spellings_people_meet(text: str | None, isrc: str | None) -> None:
    assert parse_isrc(text) == isrc


@pytest.mark.parametrize(
    ("text", "mbid"),
    [
        (MBID, MBID),
        (MBID.upper(), MBID),
        (f"https://musicbrainz.org/recording/{MBID}", MBID),
        ("https://musicbrainz.org/recording/", None),
        ("b1a9c0e9d9874042ae9178d6a3267d69", None),
        ("", None),
        (None, None),
    ],
)
def test_mbid_is_found_alone_and_in_a_url(text: str | None, mbid: str | None) -> None:
    assert parse_mbid(text) == mbid


def test_the_best_identifier_names_the_track() -> None:
    whole = {"title": "Time", "artist": "Pink Floyd", "isrc": "GBN9Y1100088", "recording_mbid": MBID, "uri": "x:1"}
    assert SourceTrack(**whole).key == f"mbid:{MBID}"
    assert SourceTrack(**(whole | {"recording_mbid": None})).key == "isrc:GBN9Y1100088"
    assert SourceTrack(**(whole | {"recording_mbid": None, "isrc": None})).key == "uri:x:1"


def test_a_key_without_identifiers_survives_case_and_space_but_not_another_title() -> None:
    key = SourceTrack(title="Só Danço  Samba", artist="Stan Getz").key
    assert SourceTrack(title=" só danço samba ", artist="STAN GETZ").key == key
    assert SourceTrack(title="Só Danço Samba (Live)", artist="Stan Getz").key != key


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=2000))
def test_keys_stay_short_enough_for_a_store(title: str, artist: str, uri: str) -> None:
    assert len(SourceTrack(title=title, artist=artist, uri=uri or None).key) <= 210


@given(st.text(), st.text(), st.text())
def test_parts_of_a_key_do_not_run_into_one_another(artist: str, title: str, album: str) -> None:
    joined = SourceTrack(title=title + "x", artist=artist, album=album).key
    assert joined != SourceTrack(title=title, artist=artist + "x", album=album).key or artist + "x" == artist
