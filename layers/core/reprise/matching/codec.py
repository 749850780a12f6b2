"""The stored form of a library index: a header, a digest over the rest, then compressed sections in a fixed order.

    magic "RPIX" | format, 2 bytes | digest of what follows, 16 bytes | section count, 2 bytes
    | per section: length when compressed, 4 bytes, and when not, 4 bytes | sections

Numbers are little-endian. An index of another format is refused, and the caller builds a new one from the server.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from typing import Final

MAGIC: Final = b"RPIX"
FORMAT: Final = 1
_HEADER: Final = struct.Struct("<4sH16s")
_COUNT: Final = struct.Struct("<H")
_SIZES: Final = struct.Struct("<II")
_LEVEL: Final = 6
_LARGEST: Final = 1 << 31


class IndexFormatError(ValueError):
    """The bytes are no library index of this format: damaged, cut short, or written by another version."""


def seal(sections: Sequence[bytes]) -> bytes:
    """The stored form of `sections`."""
    packed = [_deflate(section) for section in sections]
    sizes = b"".join(_SIZES.pack(len(small), len(large)) for small, large in zip(packed, sections, strict=True))
    body = _COUNT.pack(len(sections)) + sizes + b"".join(packed)
    return _HEADER.pack(MAGIC, FORMAT, _digest(body)) + body


def _deflate(section: bytes) -> bytes:
    """The smaller of two: looking for repetitions only lengthens ids, which have none."""
    coder = zlib.compressobj(_LEVEL, strategy=zlib.Z_HUFFMAN_ONLY)
    return min(zlib.compress(section, _LEVEL), coder.compress(section) + coder.flush(), key=len)


def unseal(data: bytes) -> list[bytes]:
    """The sections of a stored form. Raises IndexFormatError."""
    if len(data) < _HEADER.size + _COUNT.size:
        raise IndexFormatError("shorter than a header")
    magic, version, digest = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise IndexFormatError("not a library index")
    if version != FORMAT:
        raise IndexFormatError(f"format {version}, this is format {FORMAT}")
    if _digest(memoryview(data)[_HEADER.size :]) != digest:
        raise IndexFormatError("the content does not fit its digest")
    return _sections(data)


def _sections(data: bytes) -> list[bytes]:
    at = _HEADER.size
    try:
        (count,) = _COUNT.unpack_from(data, at)
        at += _COUNT.size
        sizes = [_SIZES.unpack_from(data, at + number * _SIZES.size) for number in range(count)]
        at += count * _SIZES.size
        sections = []
        for small, large in sizes:
            sections.append(_inflate(data[at : at + small], large))
            at += small
    except (struct.error, zlib.error) as error:
        raise IndexFormatError("a section is damaged") from error
    return sections


def _inflate(data: bytes, size: int) -> bytes:
    """Never more than the size announced, so a crafted section cannot fill the memory."""
    if size > _LARGEST:
        raise IndexFormatError("a section is too large")
    inflater = zlib.decompressobj()
    section = inflater.decompress(data, size + 1)
    if len(section) != size or not inflater.eof:
        raise IndexFormatError("a section has another size than announced")
    return section


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
