"""The file of missing tracks: read back by our own reader, harmless in spreadsheets and in headers."""

from __future__ import annotations

import csv
import io
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.matches import Candidate, Match, Method
from reprise.domain.tracks import SourceTrack
from reprise.rendering.missing import missing_file
from reprise.sources.files.reader import FileReader

NEAR = Candidate(library_id="s-1", title="La femme", artist="Air", album="", confidence=0.4)
TRACKS = (
    SourceTrack(
        title='La femme d\'argent, "live"',
        artist="Air",
        album="Moon Safari",
        duration_ms=429_000,
        isrc="FRZ019800010",
        recording_mbid="0d3a6ab7-7c9f-4b6e-8b1f-6f1f4dfc2ab4",
        uri="https://lists.example/track?id=1&b=2",
    ),
    SourceTrack(title="東京", artist="Élan"),
)


def missing(*tracks: SourceTrack) -> list[Match]:
    return [
        Match(
            source=track,
            method=Method.NONE,
            library_id=None,
            confidence=0.0,
            reason="Nothing is near enough.",
            candidates=(NEAR,),
        )
        for track in tracks
    ]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("file_format", ["csv", "jspf"])
def test_reprise_reads_its_own_file_again(file_format: str) -> None:
    file = missing_file(file_format, "Evening", missing(*TRACKS))
    playlist, _ = FileReader().parse(file.text.encode(), filename=f"missing.{file_format}", content_type="")
    assert [(t.title, t.artist, t.album, t.duration_ms, t.isrc, t.recording_mbid) for t in playlist.tracks] == [
        (t.title, t.artist, t.album, t.duration_ms, t.isrc, t.recording_mbid) for t in TRACKS
    ]


@pytest.mark.parametrize("file_format", ["csv", "jspf"])
def test_it_says_why_and_may_be_empty(file_format: str) -> None:
    assert missing_file(file_format, "Mix", missing(TRACKS[0])).text.count("Nothing is near enough.") == 1
    assert "Nothing is near enough." not in missing_file(file_format, "Mix", []).text


@given(st.text(max_size=30), st.sampled_from("=+-@\t\r"))
def test_no_cell_is_a_formula(text: str, sign: str) -> None:
    track = SourceTrack(title=sign + text, artist=f"{sign}1+1", album=sign, uri=f"{sign}cmd|'/C calc'!A0")
    _, row = cells(missing_file("csv", "Mix", missing(track)).text)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert row[1] == f"'{sign}1+1"


@given(st.text(max_size=300))
def test_whatever_a_playlist_is_called_the_header_holds_one_name_and_nothing_else(name: str) -> None:
    disposition = missing_file("csv", name, []).disposition
    assert disposition.isascii()
    assert disposition.isprintable()
    plain, whole = disposition.removeprefix("attachment; ").split("; ")
    assert plain.startswith('filename="')
    assert plain.endswith('.csv"')
    assert not set(plain[len('filename="') : -1]) & set('"\\/;%')
    named = unquote(whole.removeprefix("filename*=UTF-8''"))
    assert not set(named) & set('"\\/;\r\n')
    header = Message()
    header["Content-Disposition"] = disposition
    assert header.get_filename() is not None


def test_names_in_other_scripts_are_whole_for_who_can_read_them() -> None:
    disposition = missing_file("jspf", "Ćwiczenia 東京", []).disposition
    assert unquote(disposition.rpartition("''")[2]) == "Ćwiczenia 東京 - missing.jspf"
    assert 'filename="Cwiczenia' in disposition


def test_no_other_format() -> None:
    with pytest.raises(KeyError):
        missing_file("exe", "Mix", [])
