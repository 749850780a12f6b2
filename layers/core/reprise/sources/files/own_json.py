"""Our own JSON: everything that a track is known by, field by field.

    {"format": "reprise-playlist", "version": 1, "name": "Mix", "tracks": [
        {"title": "…", "artist": "…", "artists": ["…"], "album": "…", "duration_ms": 225000,
         "isrc": "GBAYE6500521", "recording_mbid": "…", "uri": "spotify:track:…"}]}

Only `title` is needed. Unknown fields are ignored, so that a later version may add some.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from reprise.domain.tracks import parse_isrc
from reprise.ports.sources import InvalidUpload
from reprise.sources.files.facts import milliseconds, recording_mbid, song_uri
from reprise.sources.files.json_text import objects_in, text_in, texts_in
from reprise.sources.files.tracks import ParsedFile, RawTrack, TrackList, Where, clean_name

FORMAT: Final = "reprise-playlist"
VERSION: Final = 1
LABEL: Final = "Reprise JSON"


def is_ours(document: Mapping[str, object]) -> bool:
    """True for a document that says so."""
    return document.get("format") == FORMAT


def parse(document: Mapping[str, object]) -> ParsedFile:
    """Raises `InvalidUpload` naming the field."""
    version = document.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise InvalidUpload(f"Only version {VERSION} of this format is known.", "version")
    found = TrackList()
    for position, item in enumerate(objects_in(document.get("tracks"), "tracks")):
        where = partial(_place, position)
        found.add(_track(item, where), where)
    return ParsedFile(
        name=clean_name(text_in(document.get("name"), "name"), "name"), tracks=tuple(found.tracks), label=LABEL
    )


def _place(position: int, field: str) -> str:
    return f"tracks[{position}].{field}" if field else f"tracks[{position}]"


def _track(item: Mapping[str, object], where: Where) -> RawTrack:
    def text(name: str) -> str:
        return text_in(item.get(name), where(name))

    return RawTrack(
        title=text("title"),
        artist=text("artist"),
        artists=texts_in(item.get("artists")),
        album=text("album"),
        duration_ms=milliseconds(item.get("duration_ms")),
        isrc=parse_isrc(text("isrc")[:100]),
        recording_mbid=recording_mbid(text("recording_mbid")),
        uri=song_uri(text("uri")),
    )
