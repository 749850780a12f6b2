"""The one place where what a format says becomes `SourceTrack`s, so that every format keeps the same rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reprise.domain.playlists import NAME_MAX
from reprise.domain.tracks import SourceTrack
from reprise.ports.sources import InvalidUpload
from reprise.sources.files.cleaning import TEXT_MAX, clean

# A music server takes a playlist in one form of at most 10,000 fields, about 9,950 songs of them: a longer
# playlist could not be written in one step, so it is refused where a person still sees why.
MAX_TRACKS = 9_950

MAX_ARTISTS = 100
# The title shown for a track that a file names by recording MBID or ISRC alone (MusicBrainz's own word for it).
UNTITLED = "[unknown]"

# Says where a field is ("title" → "track[2].title", "line 3"): for error messages.
Where = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTrack:
    """A track as a format module found it: text not yet cleaned, facts already parsed (None: unknown)."""

    title: str = ""
    artist: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    duration_ms: int | None = None
    isrc: str | None = None
    recording_mbid: str | None = None
    uri: str | None = None


@dataclass(slots=True)
class TrackList:
    """Collects the tracks of one file. Stops at the first one too many, before memory is spent on the rest."""

    tracks: list[SourceTrack] = field(default_factory=list)

    def add(self, raw: RawTrack, where: Where) -> None:
        """Raises `InvalidUpload` for text that cannot be kept, a missing title, or one track too many."""
        if len(self.tracks) >= MAX_TRACKS:
            raise InvalidUpload(
                f"The playlist has more than {MAX_TRACKS:,} tracks, which no music server takes in one go; split it.",
                where(""),
            )
        if len(raw.artists) > MAX_ARTISTS:
            raise InvalidUpload(f"The track names more than {MAX_ARTISTS} artists.", where("artists"))
        title = clean(raw.title, where("title"))
        if not title:
            if raw.recording_mbid is None and raw.isrc is None:
                raise InvalidUpload("The title is missing.", where("title"))
            title = UNTITLED
        people = tuple(filter(None, (clean(name, where("artists")) for name in raw.artists)))
        self.tracks.append(
            SourceTrack(
                title=title,
                artist=clean(raw.artist, where("artist")) or ", ".join(people)[:TEXT_MAX].strip(),
                artists=people,
                album=clean(raw.album, where("album")),
                duration_ms=raw.duration_ms,
                isrc=raw.isrc,
                recording_mbid=raw.recording_mbid,
                uri=raw.uri,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a format module made of a file. `name` is "" when the file has none; `label` names the format."""

    name: str
    tracks: tuple[SourceTrack, ...]
    label: str


def clean_name(name: str, where: str) -> str:
    """A playlist's name, at most as long as a playlist's name may be."""
    return clean(name, where, limit=NAME_MAX)


def content_digest(name: str, tracks: Sequence[SourceTrack]) -> str:
    """SHA-256 over everything that is kept of a file, so equal for two files that say the same in other bytes."""
    canonical = [
        name,
        [[t.title, t.artist, t.artists, t.album, t.duration_ms, t.isrc, t.recording_mbid, t.uri] for t in tracks],
    ]
    return hashlib.sha256(json.dumps(canonical, separators=(",", ":")).encode()).hexdigest()
