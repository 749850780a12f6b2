"""M3U and M3U8, plain and extended.

    #EXTM3U
    #PLAYLIST:Road trip
    #EXTINF:354 tvg-id="a,b",Queen - Bohemian Rhapsody
    #EXTALB:A Night at the Opera
    Queen/A Night at the Opera/11 Bohemian Rhapsody.flac

What #EXTINF, #EXTALB and #EXTART say holds for the next entry; what they leave open is read off its path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import lines_of
from reprise.sources.files.facts import seconds, song_uri
from reprise.sources.files.paths import AUDIO_SUFFIXES, PathFacts, describe, numbered_folders, split_credit
from reprise.sources.files.tracks import ParsedFile, RawTrack, TrackList, clean_name

LABEL: Final = "M3U"
_LINE_MAX = 8_000
_LOOKED_AT = 50

_MARK = re.compile(r"(?:\A|[\r\n])[ \t]*#EXT(?:M3U|INF:)", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#([A-Z0-9-]{1,30}):?(.*)", re.IGNORECASE | re.DOTALL)
_SECONDS = re.compile(r"\s*-?\d{1,10}(?:\.\d{1,9})?")


@dataclass(slots=True)
class _Entry:
    """What has been said of the entry to come."""

    line: int = 0
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None
    # True once #EXTINF spoke: such an entry counts even where no path follows.
    announced: bool = False


@dataclass(slots=True)
class _Reading:
    numbered: frozenset[str]
    name: str = ""
    entry: _Entry = field(default_factory=_Entry)
    found: TrackList = field(default_factory=TrackList)

    def end_entry(self, line: int, path: str) -> None:
        entry, self.entry = self.entry, _Entry()
        facts = describe(path, self.numbered) if path else PathFacts(is_file=False)
        if not entry.title and not facts.is_file:
            raise InvalidUpload("The entry names no song: it needs #EXTINF with artist and title.", f"line {line}")
        raw = RawTrack(
            title=entry.title or facts.title,
            artist=entry.artist or facts.artist,
            album=entry.album or facts.album,
            duration_ms=entry.duration_ms,
            uri=song_uri(path),
        )
        self.found.add(raw, lambda _field: f"line {line}")


def is_marked(text: str) -> bool:
    """True for extended M3U: content alone says what it is."""
    return _MARK.search(text) is not None


def lists_songs(text: str) -> bool:
    """True for plain M3U: the first lines are all paths of audio files."""
    lines = [line.strip() for line in lines_of(text[: _LINE_MAX * 2])[:_LOOKED_AT]]
    paths = [line for line in lines if line and not line.startswith("#")]
    return bool(paths) and all(path.rpartition(".")[2].lower() in AUDIO_SUFFIXES for path in paths)


def parse(text: str) -> ParsedFile:
    """Raises `InvalidUpload` naming the line."""
    lines = lines_of(text)
    reading = _Reading(numbered=numbered_folders(line for line in lines if not line.startswith("#")))
    for number, line in enumerate(lines, start=1):
        if len(line) > _LINE_MAX:
            raise InvalidUpload(f"The line is longer than {_LINE_MAX:,} characters.", f"line {number}")
        bare = line.strip()
        if bare.startswith("#"):
            _directive(bare, number, reading)
        elif bare:
            reading.end_entry(number, bare)
    if reading.entry.announced:
        reading.end_entry(reading.entry.line, "")
    return ParsedFile(name=reading.name, tracks=tuple(reading.found.tracks), label=LABEL)


def _directive(line: str, number: int, reading: _Reading) -> None:
    found = _DIRECTIVE.fullmatch(line)
    word, value = (found[1].upper(), found[2].strip()) if found else ("", "")
    if word.startswith("EXT-X-"):
        raise InvalidUpload("This is the manifest of a media stream (HLS), not a playlist of songs.", f"line {number}")
    if word == "EXTINF":
        if reading.entry.announced:
            reading.end_entry(reading.entry.line, "")
        _announce(value, number, reading.entry)
    elif word == "EXTALB":
        reading.entry.album = value
    elif word == "EXTART":
        reading.entry.artist = reading.entry.artist or value
    elif word == "PLAYLIST":
        reading.name = clean_name(value, f"line {number}")


def _announce(value: str, number: int, entry: _Entry) -> None:
    """`354 key="a,b",Artist - Title`: the title begins after the first comma outside quotes."""
    length = _SECONDS.match(value)
    comma = _first_comma(value)
    credit = value[comma + 1 :] if comma >= 0 else value[length.end() if length else 0 :]
    artist, title = split_credit(credit)
    entry.line, entry.announced, entry.title = number, True, title
    entry.artist = artist or entry.artist
    entry.duration_ms = seconds(length.group()) if length else None


def _first_comma(value: str) -> int:
    inside = False
    for position, character in enumerate(value):
        if character == '"':
            inside = not inside
        elif character == "," and not inside:
            return position
    return value.find(",")
