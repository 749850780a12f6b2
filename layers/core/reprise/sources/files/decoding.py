"""Bytes to text, by a declared rule and never by guessing from statistics.

A byte order mark decides (UTF-8, UTF-16). Without one the file is UTF-8. Where it is not valid UTF-8, M3U and CSV
are read as Windows-1252, the superset of Latin-1 that players and spreadsheets of western systems write; formats
that are defined as Unicode (JSPF, our JSON, .m3u8) are refused with the line named.
"""

from __future__ import annotations

import codecs

from reprise.ports.sources import InvalidUpload

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PEEK = 4096


def decode(data: bytes, *, legacy: bool) -> str:
    """The text of a file, without its byte order mark. `legacy`: fall back to Windows-1252.

    Raises `InvalidUpload` naming the line of the first byte that cannot be read.
    """
    mark, encoding = _mark_of(data)
    body = data[len(mark) :]
    if not mark and _looks_like_utf16(body):
        raise InvalidUpload("The file looks like UTF-16 without a byte order mark; save it as UTF-8.", "line 1")
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        if mark:
            raise InvalidUpload(
                f"The text is not valid {encoding[:6].upper()}.", _line(body, error, encoding)
            ) from None
        if not legacy:
            raise InvalidUpload(
                "The text is not valid UTF-8, which this format has to be.", _line(body, error, encoding)
            ) from None
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError as error:
        raise InvalidUpload(
            "The text is neither UTF-8 nor Windows-1252; save it as UTF-8.", _line(body, error, "cp1252")
        ) from None


def peek(data: bytes) -> str:
    """The first characters of a file, without mark or leading space, for telling its format. Never fails."""
    mark, encoding = _mark_of(data)
    return data[len(mark) : _PEEK].decode(encoding, errors="replace").lstrip()


def _mark_of(data: bytes) -> tuple[bytes, str]:
    return next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))


def _looks_like_utf16(body: bytes) -> bool:
    head = body[:1024]
    return head.count(0) * 3 > len(head)


def _line(body: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    before = body[: error.start].decode(encoding, errors="replace")
    return f"line {before.count(chr(10)) + 1}"
