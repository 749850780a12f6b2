"""Makes a music library out of nothing: tagged, silent, valid FLAC and MP3 files, a kilobyte or two each.

A FLAC file is its stream description, which may claim any duration, and its tags, with no audio after them. An MP3
file is its tags and four silent frames, the first of which states how many there are supposed to be. Scanners
read the claimed duration from either, so a library of thousands of songs is written in a second.
"""

from __future__ import annotations

import hashlib
import random
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SAMPLE_RATE_HZ = 44_100
_MP3_FRAME_SAMPLES = 1152
_MP3_FRAME = bytes.fromhex("fffb9064") + bytes(413)  # MPEG-1 layer III, 128 kbit/s, joint stereo, silence
_FORBIDDEN_IN_NAMES = frozenset('/\\:*?"<>|')
_FILE_NAME_MAX = 80


class AudioFormat(StrEnum):
    FLAC = "flac"
    MP3 = "mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrarySong:
    """One song to be written. "" and None leave the tag out; `duration_s` is in seconds."""

    title: str
    artist: str
    album: str
    album_artist: str = ""
    duration_s: float = 180.0
    track_number: int = 1
    disc_number: int = 1
    year: int | None = None
    genre: str = ""
    isrcs: tuple[str, ...] = ()
    recording_mbid: str | None = None
    album_mbid: str | None = None
    format: AudioFormat = AudioFormat.FLAC

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """The tags under their Vorbis names, in the order written."""
        pairs = [
            ("TITLE", self.title),
            ("ARTIST", self.artist),
            ("ALBUM", self.album),
            ("ALBUMARTIST", self.album_artist or self.artist),
            ("TRACKNUMBER", str(self.track_number)),
            ("DISCNUMBER", str(self.disc_number)),
            ("DATE", str(self.year) if self.year else ""),
            ("GENRE", self.genre),
            *(("ISRC", isrc) for isrc in self.isrcs),
            ("MUSICBRAINZ_TRACKID", self.recording_mbid or ""),
            ("MUSICBRAINZ_ALBUMID", self.album_mbid or ""),
        ]
        return tuple((name, value) for name, value in pairs if value)


def write_library(folder: Path, songs: Iterable[LibrarySong]) -> list[Path]:
    """Write each song below `folder` as artist/album/disc-track title; the paths in the order of `songs`.

    Two songs that would share a path get different ones, so nothing is overwritten.
    """
    written: list[Path] = []
    taken: set[Path] = set()
    for song in songs:
        directory = folder / _file_name(song.album_artist or song.artist) / _file_name(song.album)
        directory.mkdir(parents=True, exist_ok=True)
        stem = f"{song.disc_number}-{song.track_number:02d} {_file_name(song.title)}"
        path = directory / f"{stem}.{song.format.value}"
        copies = 1
        while path in taken:
            copies += 1
            path = directory / f"{stem} ({copies}).{song.format.value}"
        path.write_bytes(audio_file(song))
        taken.add(path)
        written.append(path)
    return written


def audio_file(song: LibrarySong) -> bytes:
    """The bytes of one file."""
    return _flac(song) if song.format is AudioFormat.FLAC else _mp3(song)


def _file_name(text: str) -> str:
    safe = "".join("_" if char in _FORBIDDEN_IN_NAMES or not char.isprintable() else char for char in text)
    shortened = safe.encode()[:_FILE_NAME_MAX].decode(errors="ignore")
    return shortened.strip(". ") or "_"


def _flac(song: LibrarySong) -> bytes:
    total_samples = int(song.duration_s * SAMPLE_RATE_HZ)
    # 20 bits of sample rate, 3 of channels - 1, 5 of bits a sample - 1, 36 of samples
    format_bits = SAMPLE_RATE_HZ << 44 | 1 << 41 | 15 << 36 | total_samples
    # The digest of the audio that is not there: unlike for every song, or servers take them for copies of one file.
    digest = hashlib.md5(repr(song.tags).encode(), usedforsecurity=False).digest()
    description = struct.pack(">HH", 4096, 4096) + bytes(6) + format_bits.to_bytes(8, "big") + digest
    comments = b"".join(_sized(f"{name}={value}".encode()) for name, value in song.tags)
    tag_block = _sized(b"silence") + struct.pack("<I", len(song.tags)) + comments
    return b"fLaC" + _flac_block(0, description) + _flac_block(4 | 0x80, tag_block)


def _sized(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


def _flac_block(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


_ID3_TEXT_FRAMES = {
    "TITLE": "TIT2",
    "ARTIST": "TPE1",
    "ALBUM": "TALB",
    "ALBUMARTIST": "TPE2",
    "TRACKNUMBER": "TRCK",
    "DISCNUMBER": "TPOS",
    "DATE": "TDRC",
    "GENRE": "TCON",
    "ISRC": "TSRC",
}


def _mp3(song: LibrarySong) -> bytes:
    values: dict[str, list[str]] = {}
    for name, value in song.tags:
        values.setdefault(name, []).append(value)
    tags = b"".join(_id3_frame(name, "\0".join(entries)) for name, entries in values.items())
    frames = max(1, round(song.duration_s * SAMPLE_RATE_HZ / _MP3_FRAME_SAMPLES))
    first = bytearray(_MP3_FRAME)
    first[36:52] = b"Xing" + struct.pack(">III", 3, frames, frames * len(_MP3_FRAME))
    return b"ID3\x04\0\0" + _seven_bits(len(tags)) + tags + bytes(first) + _MP3_FRAME * 3


def _id3_frame(name: str, value: str) -> bytes:
    if name == "MUSICBRAINZ_TRACKID":
        kind, data = "UFID", b"http://musicbrainz.org\0" + value.encode()
    elif name == "MUSICBRAINZ_ALBUMID":
        kind, data = "TXXX", b"\x03MusicBrainz Album Id\0" + value.encode()
    else:
        kind, data = _ID3_TEXT_FRAMES[name], b"\x03" + value.encode()
    return kind.encode() + _seven_bits(len(data)) + b"\0\0" + data


def _seven_bits(number: int) -> bytes:
    """28 bits in four bytes whose highest bit stays clear, as ID3 wants them."""
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


_FIRST_WORDS = [
    "Amber",
    "Borrowed",
    "Cobalt",
    "Drifting",
    "Empty",
    "Faded",
    "Glass",
    "Hidden",
    "Iron",
    "Lonely",
    "Northern",
    "Patient",
    "Quiet",
    "Restless",
    "Salt",
    "Tidal",
]
_SECOND_WORDS = [
    "Antenna",
    "Bridges",
    "Cartographer",
    "Dialogue",
    "Embers",
    "Ferry",
    "Gravity",
    "Hallway",
    "Island",
    "Kites",
    "Lantern",
    "Meridian",
    "Orchard",
    "Parade",
]
_ARTISTS = (
    "Ásdís Hrafnkelsdóttir",
    "Los Relámpagos del Sur",
    "Die Nachtbürsten",
    "青い灯台",
    "Полярный Трамвай",
    "فرقة المينا",
    "한강 라디오",
    "AB/CD Junction",
    "Tom & the Lanterns",
    "The The Thes",
    "$ilver Coin",
    "!?!",
    "Señor Nu\u0301n\u0303ez",  # decomposed: n + tilde
    "O’Malley’s Ghost",
    "MØRKE",
    "Zoë & Émile",
)
_TITLES = (
    "Intro",
    "Untitled",
    "4:33 am",
    "Où es-tu? / 君は? “quoted” & <b>",
    "Love",
    "#1",
    "Don’t Stop (Don't)",
    "١٢٣",
)
_VARIANTS = (" (Live)", " - 2011 Remaster", " (feat. MC Näïve)", " (Acoustic Version)", " [Radio Edit]", " - Mono")
_GENRES = ("Rock", "Electronic", "Jazz", "Hip-Hop", "Folk", "Classical")


def sample_songs(count: int, seed: int = 1) -> list[LibrarySong]:
    """`count` invented songs with what makes matching hard; the same for the same `seed`.

    Names in many scripts and in decomposed form, live and remastered versions of songs also there plain, guests,
    equal titles, quotes and markup, albums of two discs; one song in ten has no ISRC, one in ten no recording MBID.
    """
    dice = random.Random(seed)
    songs: list[LibrarySong] = []
    while len(songs) < count:
        number = len({song.artist for song in songs})
        artist = _ARTISTS[number] if number < len(_ARTISTS) else f"The {_words(dice)} {number}"
        for _ in range(dice.randint(1, 3)):
            songs.extend(_album(dice, artist, first=len(songs)))
    return songs[:count]


def _words(dice: random.Random) -> str:
    return f"{dice.choice(_FIRST_WORDS)} {dice.choice(_SECOND_WORDS)}"


def _album(dice: random.Random, artist: str, first: int) -> list[LibrarySong]:
    album = _words(dice) + (" (Deluxe Edition)" if dice.random() < 0.15 else "")
    year, genre = dice.randint(1966, 2026), dice.choice(_GENRES)
    album_mbid = str(uuid.UUID(int=dice.getrandbits(128), version=4))
    per_disc = dice.randint(6, 12)
    songs: list[LibrarySong] = []
    for position in range(per_disc * (2 if dice.random() < 0.1 else 1)):
        songs.append(
            LibrarySong(
                title=_title(dice, songs),
                artist=artist,
                album=album,
                album_artist=artist,
                duration_s=round(dice.uniform(95, 430), 3),
                track_number=position % per_disc + 1,
                disc_number=position // per_disc + 1,
                year=year,
                genre=genre,
                isrcs=() if dice.random() < 0.1 else (f"QZRPR{year % 100:02d}{(first + position) % 100_000:05d}",),
                recording_mbid=None if dice.random() < 0.1 else str(uuid.UUID(int=dice.getrandbits(128), version=4)),
                album_mbid=album_mbid,
                format=AudioFormat.MP3 if dice.random() < 0.33 else AudioFormat.FLAC,
            )
        )
    return songs


def _title(dice: random.Random, before: list[LibrarySong]) -> str:
    luck = dice.random()
    if luck < 0.12:
        return dice.choice(_TITLES)
    if luck < 0.3 and before:
        return dice.choice(before).title.split(" (")[0].split(" - ")[0] + dice.choice(_VARIANTS)
    return _words(dice)
