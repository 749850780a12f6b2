"""Reads an uploaded playlist file of any supported format."""

from __future__ import annotations

from reprise.domain.playlists import SourcePlaylist
from reprise.ports.sources import InvalidUpload
from reprise.sources.files import csv_file, jspf, m3u, own_json, xspf
from reprise.sources.files.cleaning import refuse_control_characters
from reprise.sources.files.decoding import decode, peek
from reprise.sources.files.detection import Hint, Shape, hint_of, shape_of
from reprise.sources.files.json_text import load_object
from reprise.sources.files.tracks import ParsedFile, content_digest

# A request reaches a Lambda function inside an event of at most 6 MB, bodies in base64: 4.5 MB of file is what
# can arrive at all. A row of a rich export takes about 400 bytes, so this holds some 10,000 tracks.
MAX_BYTES = 4 * 1024 * 1024


class FileReader:
    """`PlaylistFileReader` for JSPF, XSPF, M3U, CSV and our own JSON (`S1x-69`, `S1x-75`)."""

    def parse(self, data: bytes, *, filename: str, content_type: str) -> tuple[SourcePlaylist, str]:
        """The playlist and its format's label. Raises nothing but `InvalidUpload`."""
        if len(data) > MAX_BYTES:
            raise InvalidUpload(f"The file is larger than {MAX_BYTES // 1024**2} MB, the most that is accepted.")
        parsed = _parse(data, hint_of(filename, content_type))
        if not parsed.tracks:
            raise InvalidUpload(f"The file is a playlist ({parsed.label}) without any track.")
        version = content_digest(parsed.name, parsed.tracks)
        return SourcePlaylist(name=parsed.name, tracks=parsed.tracks, version=version), parsed.label


def _parse(data: bytes, hint: Hint) -> ParsedFile:
    head = peek(data)
    if not head:
        raise InvalidUpload("The file is empty.")
    match shape_of(data, head):
        case Shape.XML:
            return xspf.parse(data)
        case Shape.JSON:
            return _parse_json(decode(data, legacy=False))
        case Shape.TEXT:
            return _parse_text(decode(data, legacy=hint is not Hint.M3U8), hint)


def _parse_json(text: str) -> ParsedFile:
    document = load_object(text)
    if own_json.is_ours(document):
        return own_json.parse(document)
    if jspf.is_jspf(document):
        return jspf.parse(document)
    raise InvalidUpload(
        f'The JSON is neither JSPF (no "playlist" object) nor a Reprise playlist (no "format": "{own_json.FORMAT}").'
    )


def _parse_text(text: str, hint: Hint) -> ParsedFile:
    refuse_control_characters(text)
    if m3u.is_marked(text):
        return m3u.parse(text)
    table = csv_file.find_table(text)
    if table is not None and (hint not in {Hint.M3U, Hint.M3U8} or table.convincing):
        return csv_file.parse(text, table)
    if hint in {Hint.M3U, Hint.M3U8} or (hint is Hint.NONE and m3u.lists_songs(text)):
        return m3u.parse(text)
    raise csv_file.not_a_table(text)
