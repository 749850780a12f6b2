"""Columns of texts and of whole numbers: a library held as a few large blobs instead of millions of small objects."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

_CODES: Final = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32), ("Q", 1 << 64))


class ColumnError(ValueError):
    """The bytes are no column."""


def whole_numbers(values: Sequence[int]) -> array[int]:
    """`values` (none negative) in the narrowest array that holds them."""
    most = max(values, default=0)
    return array(next(code for code, limit in _CODES if most < limit), values)


def pack_numbers(column: array[int]) -> bytes:
    """The type code, then the bytes plane by plane, lowest first: the high planes hardly change and compress well."""
    plain = column[:]
    if sys.byteorder == "big":
        plain.byteswap()
    data = plain.tobytes()
    return column.typecode.encode() + b"".join(data[plane :: column.itemsize] for plane in range(column.itemsize))


def unpack_numbers(data: bytes) -> array[int]:
    """The reverse of `pack_numbers`. Raises ColumnError."""
    code = data[:1].decode("latin-1")
    if code not in {code for code, _ in _CODES}:
        raise ColumnError("unknown number type")
    column: array[int] = array(code)
    count, left_over = divmod(len(data) - 1, column.itemsize)
    if left_over:
        raise ColumnError("numbers cut short")
    woven = bytearray(count * column.itemsize)
    for plane in range(column.itemsize):
        woven[plane :: column.itemsize] = data[1 + plane * count : 1 + (plane + 1) * count]
    column.frombytes(woven)
    if sys.byteorder == "big":
        column.byteswap()
    return column


class Texts:
    """Many strings in one blob of UTF-8. Indexing decodes one."""

    __slots__ = ("_blob", "_ends")

    def __init__(self, blob: bytes, lengths: Iterable[int]) -> None:
        self._blob = blob
        self._ends = array("I", accumulate(lengths, initial=0))
        if self._ends[-1] != len(blob):
            raise ColumnError("texts cut short")

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        return cls(b"".join(encoded), map(len, encoded))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        ends = self._ends
        return self._blob[ends[number] : ends[number + 1]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        blob = self._blob
        return (blob[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(self._ends))

    def filled(self) -> Iterator[tuple[int, str]]:
        """Those that say something, with their numbers; quick where few do."""
        spans = enumerate(pairwise(self._ends)) if self._blob else ()
        return ((number, self[number]) for number, (start, end) in spans if start != end)

    def listed(self) -> list[str]:
        """All of them as strings; quick where all are ASCII."""
        if not self._blob.isascii():
            return list(self)
        text = self._blob.decode("ascii")
        return [text[start:end] for start, end in pairwise(self._ends)]

    def pack(self) -> tuple[bytes, bytes]:
        """The lengths, packed, and the blob."""
        return pack_numbers(whole_numbers([end - start for start, end in pairwise(self._ends)])), self._blob


def unpack_texts(lengths: bytes, blob: bytes) -> Texts:
    """The reverse of `Texts.pack`. Raises ColumnError."""
    return Texts(blob, unpack_numbers(lengths))
