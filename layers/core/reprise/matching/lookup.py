"""From a text to the rows that carry it, at twelve bytes a row: sorted hashes and bisection, no dict of strings."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable


class Lookup:
    """Rows by text. Hashes may collide, so the caller compares the row's own text."""

    __slots__ = ("_hashes", "_rows")

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        pairs = sorted([(hash(text), row) for text, row in entries])
        self._hashes = array("q", [hashed for hashed, _ in pairs])
        self._rows = array("I", [row for _, row in pairs])

    def rows(self, text: str) -> list[int]:
        """The rows that may carry `text`, ascending."""
        wanted = hash(text)
        at = bisect_left(self._hashes, wanted)
        rows = []
        while at < len(self._hashes) and self._hashes[at] == wanted:
            rows.append(self._rows[at])
            at += 1
        return rows
