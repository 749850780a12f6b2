"""The demo's playlists are readable files with an answer for every track, and the library they are about is awkward."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from reprise.domain.playlists import SourcePlaylist
from reprise.sources.files.reader import FileReader
from reprise_dev.samples.playlists import SampleFile, demo_songs, sample_files

_NAMELESS = {"CSV (Exportify)", "CSV (Soundiiz)"}


def _read(sample: SampleFile) -> tuple[SourcePlaylist, str]:
    return FileReader().parse(sample.data, filename=sample.filename, content_type=sample.content_type)


@pytest.mark.parametrize("sample", sample_files(), ids=lambda sample: sample.filename)
def test_a_sample_is_read_track_by_track(sample: SampleFile) -> None:
    playlist, label = _read(sample)

    assert label == sample.label
    assert len(playlist.tracks) == len(sample.expected)
    assert 8 <= len(playlist.tracks) <= 60
    assert playlist.name == ("" if label in _NAMELESS else sample.name)


def test_the_samples_cover_what_people_have() -> None:
    by_rate = {sample.filename: sum(map(bool, sample.expected)) / len(sample.expected) for sample in sample_files()}

    assert len(by_rate) >= 12
    assert {sample.label for sample in sample_files()} == {
        "CSV (Exportify)",
        "CSV (TuneMyMusic)",
        "CSV (Soundiiz)",
        "JSPF",
        "XSPF",
        "M3U",
        "Reprise JSON",
    }
    assert by_rate["everything-is-here.json"] == 1
    assert by_rate["Only elsewhere.csv"] == 0
    assert all(rate > 0.4 for name, rate in by_rate.items() if name != "Only elsewhere.csv")


def test_a_repeated_track_stays_repeated() -> None:
    road_trip = next(sample for sample in sample_files() if sample.filename.startswith("Road trip"))
    keys = Counter(track.key for track in _read(road_trip)[0].tracks)

    assert max(keys.values()) == 2


def test_one_sample_is_not_unicode() -> None:
    winamp = next(sample for sample in sample_files() if sample.filename == "winamp.m3u")

    with pytest.raises(UnicodeDecodeError):
        winamp.data.decode()
    assert _read(winamp)[0].tracks[0].artist == "Beyoncé"


def test_answers_are_songs_of_the_library_and_named_alike() -> None:
    """Guards the table against slips: right answers share a word or a letter of title with what was asked."""
    songs = set(demo_songs())
    for sample in sample_files():
        for track, song in zip(_read(sample)[0].tracks, sample.expected, strict=True):
            if song is not None:
                assert song in songs
                assert set(_letters(track.title)) & set(_letters(song.title)), (track, song)


def test_the_library_is_large_and_awkward_enough() -> None:
    songs = demo_songs()
    titles = Counter(song.title for song in songs)
    scripts = {unicodedata.name(letter).split()[0] for song in songs for letter in song.title if letter.isalpha()}

    assert 400 <= len(songs) <= 600
    assert len({(song.artist, song.album, song.title) for song in songs}) == len(songs)
    assert {"CYRILLIC", "HIRAGANA", "CJK", "ARABIC", "GREEK", "HANGUL", "HEBREW", "DEVANAGARI"} <= scripts
    assert titles["Hallelujah"] == titles["Time After Time"] == titles["Intro"] == 2
    assert any(song.title != unicodedata.normalize("NFC", song.title) for song in songs)
    assert any("<b>" in song.title for song in songs)
    assert {1, 2} <= {song.disc_number for song in songs}
    assert any(song.isrcs and song.recording_mbid for song in songs)
    assert any(not song.isrcs and song.recording_mbid is None for song in songs)


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum()) or text
