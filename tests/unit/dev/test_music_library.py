"""The generated files are what scanners take for music."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mutagen
import pytest

from reprise_dev.samples.music_library import AudioFormat, LibrarySong, audio_file, sample_songs, write_library

SONG = LibrarySong(
    title="Où es-tu? / “君” & <b>",
    artist="MØRKE",
    album="Salt/Lantern: 1",
    album_artist="Various",
    duration_s=234.5,
    track_number=7,
    disc_number=2,
    year=1999,
    genre="Folk",
    isrcs=("QZRPR9900001", "QZRPR9900002"),
    recording_mbid="7697c4f9-1d9b-4332-a823-4783de17bd7a",
    album_mbid="8697c4f9-1d9b-4332-a823-4783de17bd7a",
)


def _read(path: Path) -> tuple[float, dict[str, list[str]]]:
    found = mutagen.File(path, easy=True)
    return found.info.length, dict(found.tags)


@pytest.mark.parametrize("kind", list(AudioFormat))
def test_tags_and_duration_are_read_back(tmp_path: Path, kind: AudioFormat) -> None:
    [path] = write_library(tmp_path, [replace(SONG, format=kind)])
    length, tags = _read(path)
    assert length == pytest.approx(SONG.duration_s, abs=0.05)
    assert tags["title"] == [SONG.title]
    assert tags["artist"] == [SONG.artist]
    assert tags["album"] == [SONG.album]
    assert tags["albumartist"] == [SONG.album_artist]
    assert (tags["tracknumber"], tags["discnumber"], tags["date"]) == (["7"], ["2"], ["1999"])
    assert tags["isrc"] == list(SONG.isrcs)
    assert tags["musicbrainz_trackid"] == [SONG.recording_mbid]
    assert tags["musicbrainz_albumid"] == [SONG.album_mbid]


@pytest.mark.parametrize("kind", list(AudioFormat))
def test_what_is_unknown_has_no_tag(tmp_path: Path, kind: AudioFormat) -> None:
    [path] = write_library(tmp_path, [LibrarySong(title="t", artist="a", album="b", format=kind)])
    _, tags = _read(path)
    assert not {"isrc", "musicbrainz_trackid", "date", "genre"} & set(tags)


def test_files_are_small_whatever_they_claim() -> None:
    hours = replace(SONG, duration_s=7_200)
    assert all(len(audio_file(replace(hours, format=kind))) < 3_000 for kind in AudioFormat)


def test_no_song_overwrites_another_and_none_leaves_the_folder(tmp_path: Path) -> None:
    hostile = LibrarySong(title="../../up", artist="..", album="/etc")
    paths = write_library(
        tmp_path, [hostile, hostile, replace(hostile, title="x" * 400), replace(hostile, title=" . ")]
    )
    assert len(set(paths)) == 4
    assert all(path.resolve().is_relative_to(tmp_path.resolve()) and path.is_file() for path in paths)


def test_samples_are_the_same_for_the_same_seed() -> None:
    assert sample_songs(200, seed=3) == sample_songs(200, seed=3)
    assert sample_songs(200, seed=3) != sample_songs(200, seed=4)
    assert sample_songs(50, seed=3) == sample_songs(200, seed=3)[:50]
    assert sample_songs(0) == []


def test_samples_hold_what_makes_matching_hard() -> None:
    songs = sample_songs(500)
    titles = [song.title for song in songs]
    assert len(songs) == 500
    assert any("(Live)" in title for title in titles)
    assert any("Remaster" in title for title in titles)
    assert any("feat." in title for title in titles)
    assert titles.count("Intro") > 1
    assert any(not song.artist.isascii() for song in songs)
    assert any("\u0303" in song.artist for song in songs)
    assert 20 < sum(not song.isrcs for song in songs) < 100
    assert 20 < sum(song.recording_mbid is None for song in songs) < 100
    assert any(song.disc_number == 2 for song in songs)
    assert {song.format for song in songs} == set(AudioFormat)
    isrcs = [isrc for song in songs for isrc in song.isrcs]
    assert len(isrcs) == len(set(isrcs))
