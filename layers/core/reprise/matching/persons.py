"""Who is in a library: the credits of every person, found by their key or by a key with a typing slip in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A name of nine letters or more with one slip keeps its first or its last four; shorter ones nearly always do.
_ENDS: Final = 4
_LAST: Final = "\U0010ffff"


def slips(length: int) -> int:
    """How many typing slips a name of that many letters may hold and still be taken for another."""
    return 0 if length < 5 else 1 if length < 9 else 2


def slipped(one: str, other: str) -> bool:
    """Whether two names may be one, misspelled."""
    if one[:2] != other[:2] and one[-2:] != other[-2:]:
        return False
    most = slips(max(len(one), len(other)))
    if not most or abs(len(one) - len(other)) > most:
        return False
    return OSA.distance(one, other, score_cutoff=most) <= most


class Persons:
    """Everybody a library names. `keys` are sorted; person n is in the credits `credits[ends[n - 1]:ends[n]]`."""

    def __init__(self, keys: list[str], ends: Sequence[int], credits: array[int]) -> None:
        self._keys = keys
        self._ends = ends
        self._credits = credits
        self._number = dict(zip(keys, range(len(keys)), strict=True))
        self.near = lru_cache(maxsize=1 << 12)(self._near)

    def __contains__(self, key: str) -> bool:
        return key in self._number

    def credits(self, key: str) -> array[int] | tuple[()]:
        """The numbers of the credits that name this person."""
        number = self._number.get(key)
        if number is None:
            return ()
        return self._credits[self._ends[number - 1] if number else 0 : self._ends[number]]

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(key[::-1] for key in self._keys)

    def _near(self, key: str) -> tuple[str, ...]:
        """The people whose key differs from `key` by typing slips alone. Never `key` itself."""
        if len(key) <= _ENDS:
            return ()
        backward = key[::-1]
        names = _close(key, _block(self._keys, key[:_ENDS]))
        names += [name[::-1] for name in _close(backward, _block(self._reversed, backward[:_ENDS]))]
        return tuple(dict.fromkeys(names))


def _close(key: str, names: list[str]) -> list[str]:
    most = slips(len(key) + 2)
    found = process.extract(key, names, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [name for name, far, _ in found if 0 < far <= slips(max(len(name), len(key)))]


def _block(names: list[str], start: str) -> list[str]:
    """The names of a sorted list that start so."""
    return names[bisect_left(names, start) : bisect_left(names, start + _LAST)]
