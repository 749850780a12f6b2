"""The tracks that are not in the library, as a file to take elsewhere: to buy them, or to look for them.

CSV for spreadsheets, JSPF for players and taggers. Reprise reads both itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from reprise.domain.matches import Match
from reprise.domain.tracks import SourceTrack

_HEADER = ("Title", "Artist", "Album", "Duration (ms)", "ISRC", "Recording MBID", "URI", "Reason", "Nearest")
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_RECORDING = "https://musicbrainz.org/recording/"
_NAME_MAX = 80
_NO_FILE_NAME = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|;%]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFile:
    """`disposition` is the value of a Content-Disposition header: a name that holds nothing but a name."""

    text: str
    content_type: str
    disposition: str


def missing_file(file_format: str, name: str, missing: Sequence[Match]) -> MissingFile:
    """`missing` of the playlist `name` as "csv" or "jspf". Raises `KeyError` for any other format."""
    write, content_type = {
        "csv": (_csv, "text/csv; charset=utf-8"),
        "jspf": (_jspf, "application/jspf+json; charset=utf-8"),
    }[file_format]
    return MissingFile(
        text=write(name, missing), content_type=content_type, disposition=_disposition(f"{name} - missing", file_format)
    )


def _csv(_: str, missing: Sequence[Match]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEADER)
    writer.writerows([_harmless(cell) for cell in _cells(match)] for match in missing)
    return "\ufeff" + buffer.getvalue()  # without a byte order mark Excel takes UTF-8 for Windows-1252


def _cells(match: Match) -> tuple[str, ...]:
    track = match.source
    nearest = match.candidates[0] if match.candidates else None
    return (
        track.title,
        track.artist,
        track.album,
        "" if track.duration_ms is None else str(track.duration_ms),
        track.isrc or "",
        track.recording_mbid or "",
        track.uri or "",
        match.reason,
        f"{nearest.artist} – {nearest.title}" if nearest else "",
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _jspf(name: str, missing: Sequence[Match]) -> str:
    tracks = [{**_jspf_track(match.source), "annotation": match.reason} for match in missing]
    document = {"playlist": {"title": name, "creator": "Reprise", "track": tracks}}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _jspf_track(track: SourceTrack) -> dict[str, object]:
    identifiers = [f"{_RECORDING}{track.recording_mbid}"] if track.recording_mbid else []
    identifiers += [f"isrc:{track.isrc}"] if track.isrc else []
    facts: dict[str, object] = {
        "identifier": identifiers,
        "location": [track.uri] if track.uri else [],
        "title": track.title,
        "creator": track.artist,
        "album": track.album,
        "duration": track.duration_ms,
    }
    return {field: value for field, value in facts.items() if value}


def _disposition(name: str, extension: str) -> str:
    """The name twice: in ASCII for old programs, and whole (RFC 6266, RFC 8187). Neither can end the header."""
    whole = _NO_FILE_NAME.sub(" ", name.encode(errors="replace").decode()).strip()[:_NAME_MAX]
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()-]+", "_", plain).strip() or "missing"
    return f"attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{quote(whole, safe='')}.{extension}"
