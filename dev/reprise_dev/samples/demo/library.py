"""The demo library: some 480 songs of a hundred albums, awkward on purpose. The songs stand in `library.txt`."""

from __future__ import annotations

import hashlib
import re
import uuid
from functools import cache
from pathlib import Path

from reprise_dev.samples.music_library import AudioFormat, LibrarySong

_TABLE = Path(__file__).with_name("library.txt")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_NAMESPACE = uuid.UUID("5b0b9ad6-6f1a-4f0e-9a5b-2f7f0f6f2d31")
# Of a hundred albums: people's libraries are tagged album by album, and never all of it.
_WITH_ISRC, _WITH_MBID, _AS_MP3 = 70, 65, 33


@cache
def demo_songs() -> tuple[LibrarySong, ...]:
    """All songs, album by album. Identifiers are invented, but the same in every run."""
    songs: list[LibrarySong] = []
    album: tuple[str, str, int, str] = ("", "", 0, "")
    disc = track = 0
    for line in rows_of(_TABLE):
        if line.startswith("= "):
            artist, title, year, genre = fields_of(line[2:])
            album, disc, track = (artist, title, int(year), genre), 1, 0
        elif line == "--":
            disc, track = disc + 1, 0
        else:
            track += 1
            songs.append(_song(line, album, disc, track, len(songs)))
    return tuple(songs)


def rows_of(table: Path) -> list[str]:
    """The lines that say something. "\\u0301" is read as that character: decomposed text is not seen in an editor."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), table.read_text(encoding="utf-8"))
    return [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("# ")]


def fields_of(line: str) -> list[str]:
    """The cells of a line, without the space around them."""
    return [field.strip() for field in line.split("|")]


def seconds_of(clock: str, salt: str) -> float:
    """ "3:45" as about that many seconds: real durations are not whole, these differ by up to half a second."""
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds) + (chance(salt) - 50) / 100 if clock != "0:00" else 0.0


def chance(key: str) -> int:
    """0 to 99, the same for the same key in every run."""
    return hashlib.sha256(key.encode()).digest()[0] * 100 // 256


def invented_mbid(key: str) -> str:
    """A UUID that no MusicBrainz recording has."""
    return str(uuid.uuid5(_NAMESPACE, key))


def invented_isrc(key: str) -> str:
    """An ISRC of a country that does not exist (ZZ)."""
    return f"ZZDEM{int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], 'big') % 10_000_000:07d}"


def _song(line: str, album: tuple[str, str, int, str], disc: int, track: int, number: int) -> LibrarySong:
    title, clock, *artist = fields_of(line)
    album_artist, album_title, year, genre = album
    key = f"{album_artist}/{album_title}"
    return LibrarySong(
        title=title,
        artist=artist[0] if artist else album_artist,
        album=album_title,
        album_artist=album_artist,
        duration_s=round(seconds_of(clock, f"{key}/{number}"), 3),
        track_number=track,
        disc_number=disc,
        year=year,
        genre=genre,
        isrcs=(f"ZZRPS{year % 100:02d}{number:05d}",) if chance(f"isrc/{key}") < _WITH_ISRC else (),
        recording_mbid=invented_mbid(f"{key}/{number}") if chance(f"mbid/{key}") < _WITH_MBID else None,
        album_mbid=invented_mbid(key) if chance(f"mbid/{key}") < _WITH_MBID else None,
        format=AudioFormat.MP3 if chance(f"mp3/{key}") < _AS_MP3 else AudioFormat.FLAC,
    )
