"""A body, unpacked as it arrives and never beyond a limit: a kilobyte of gzip can hold a gigabyte."""

from __future__ import annotations

import zlib

from reprise.http.errors import BodyTooLarge, CorruptEncoding, UnexpectedEncoding

_GZIP_HEADER = 31  # zlib's name for "with a gzip header"


class BodyDecoder:
    """Collects one body. `content_encoding` is the header as sent. Raises `UnexpectedEncoding` unless it is gzip or
    none."""

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        encoding = content_encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise UnexpectedEncoding
        self._gzip = zlib.decompressobj(_GZIP_HEADER) if encoding.endswith("gzip") else None
        self._max_bytes = max_bytes
        self._body = bytearray()
        self.received = 0

    def feed(self, piece: bytes) -> None:
        """Raises `BodyTooLarge` and `CorruptEncoding`."""
        self.received += len(piece)
        self._body += self._unpacked(piece)
        if max(len(self._body), self.received) > self._max_bytes:
            raise BodyTooLarge

    @property
    def ended(self) -> bool:
        """False while gzip data lacks its end. Data that is not packed may end anywhere."""
        return self._gzip is None or self._gzip.eof

    @property
    def body(self) -> bytes:
        """What was unpacked so far, at most the limit."""
        return bytes(self._body[: self._max_bytes])

    def _unpacked(self, piece: bytes) -> bytes:
        if self._gzip is None:
            return piece
        try:
            # One byte above the limit tells that it was passed, without unpacking the rest.
            return self._gzip.decompress(piece, self._max_bytes + 1 - len(self._body))
        except zlib.error:
            corrupt = CorruptEncoding()
        raise corrupt
