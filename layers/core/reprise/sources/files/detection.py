"""Which format a file is in: by what it holds first; name and content type decide only where content cannot."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from reprise.ports.sources import InvalidUpload


class Shape(StrEnum):
    """How the bytes of a file are to be taken."""

    JSON = "json"
    XML = "xml"
    # M3U or CSV: told apart once decoded.
    TEXT = "text"


class Hint(StrEnum):
    """What the file's name or its content type says it is."""

    M3U = "m3u"
    M3U8 = "m3u8"
    CSV = "csv"
    NONE = ""


_SUFFIXES = {".m3u": Hint.M3U, ".m3u8": Hint.M3U8, ".csv": Hint.CSV, ".tsv": Hint.CSV}
_CONTENT_TYPES = {
    "audio/x-mpegurl": Hint.M3U,
    "audio/mpegurl": Hint.M3U,
    "application/x-mpegurl": Hint.M3U,
    "application/vnd.apple.mpegurl": Hint.M3U8,
    "text/csv": Hint.CSV,
    "application/csv": Hint.CSV,
    "text/tab-separated-values": Hint.CSV,
}

_UNPACK = "This is a ZIP archive (or a spreadsheet); upload one playlist file from inside, or save as CSV."
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", _UNPACK),
    (b"PK\x05\x06", _UNPACK),
    (b"\x1f\x8b", "This is a gzip archive; unpack it and upload the playlist inside."),
    (b"\xd0\xcf\x11\xe0", "This is an Excel workbook; save it as CSV."),
    (b"%PDF", "This is a PDF document, not a playlist."),
    (b"ID3", "This is a song, not a playlist."),
    (b"fLaC", "This is a song, not a playlist."),
    (b"OggS", "This is a song, not a playlist."),
)
_FOREIGN_TEXT: tuple[tuple[str, str], ...] = (
    ("[playlist]", "PLS files are not read; export the playlist as M3U."),
    ("<!doctype html", "This is a web page, not a playlist."),
    ("<html", "This is a web page, not a playlist."),
    ("{\\rtf", "This is a word processor's document, not a playlist; save it as plain text."),
)


def shape_of(data: bytes, head: str) -> Shape:
    """`head` is the beginning of the text of `data`. Raises `InvalidUpload` for files of well-known other kinds."""
    for magic, sentence in _FOREIGN:
        if data.startswith(magic):
            raise InvalidUpload(sentence)
    opening = head[:20].lower()
    for start, sentence in _FOREIGN_TEXT:
        if opening.startswith(start):
            raise InvalidUpload(sentence)
    if opening.startswith("<"):
        return Shape.XML
    return Shape.JSON if opening.startswith(("{", "[")) else Shape.TEXT


def hint_of(filename: str, content_type: str) -> Hint:
    """The name's ending, else the content type, else nothing."""
    by_name = _SUFFIXES.get(PurePosixPath(filename[-255:]).suffix.lower())
    return by_name or _CONTENT_TYPES.get(content_type.partition(";")[0].strip().lower(), Hint.NONE)
