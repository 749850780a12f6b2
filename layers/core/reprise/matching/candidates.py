"""Finds the library rows worth comparing with one reading of a source track. Nothing is scanned:

1. the rows whose title has the same head, whoever made them;
2. of the wanted people, and of people spelled nearly like them: the rows whose head differs by few letters, and the
   rows of the wanted album that are as long as the wanted song.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from reprise.matching.index import LibraryIndex
from reprise.matching.readings import Form
from reprise.matching.titles import Album

SAME_LENGTH_MS: Final = 2_000


def title_slips(length: int) -> int:
    """How many typing slips a title of that many letters may hold."""
    return 0 if length < 5 else 1 if length < 8 else 2 if length < 14 else 3 if length < 24 else 4 + length // 40


def same_head(index: LibraryIndex, form: Form) -> list[int]:
    """The rows titled exactly like this reading."""
    return index.rows_titled(form.title.head)


def near_head(index: LibraryIndex, form: Form, album: Album, duration_ms: int) -> Iterator[int]:
    """The rows of this reading's people that are titled nearly like it, or stand in its place on its album.

    A swap of neighbours counts two here and one in the comparison, so one more is let through.
    """
    head = form.title.head
    most = title_slips(len(head) + 1) + 1
    for person in _people(index, form):
        rows, heads = index.rows_of_person(person)
        for _, _, place in process.extract(head, heads, scorer=Levenshtein.distance, score_cutoff=most, limit=None):
            yield rows[place]
        if album.key and duration_ms:
            yield from _in_place(index, rows, album, duration_ms)


def _in_place(index: LibraryIndex, rows: list[int], album: Album, duration_ms: int) -> Iterator[int]:
    shortest, longest = duration_ms + 1 - SAME_LENGTH_MS, duration_ms + 1 + SAME_LENGTH_MS
    durations = index.durations
    return (row for row in rows if shortest <= durations[row] <= longest and index.album(row).key == album.key)


def _people(index: LibraryIndex, form: Form) -> dict[str, None]:
    """Those wanted, then those spelled nearly like them."""
    persons = index.persons
    credit = form.credit
    keys = [key for key in dict.fromkeys((credit.full, *credit.mains, *credit.guests)) if key]
    found = {key: None for key in keys if key in persons}
    for key in keys:
        for near in persons.near(key):
            found[near] = None
    return found
