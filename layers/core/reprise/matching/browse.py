"""A person's own search in the library: every word must stand in the title, the artist or the album.

The only place that walks the whole library; it serves one person choosing a song, not the matcher.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reprise.matching.fold import compact, fold
from reprise.matching.titles import ARTICLES, head_of
from reprise.matching.words import fold_title

if TYPE_CHECKING:
    from reprise.matching.index import LibraryIndex


def matching_rows(index: LibraryIndex, text: str) -> list[int]:
    """Returns the rows with every word of `text`, those whose title is or starts with the whole of it first.

    Articles need not stand there: titles are kept without the one in front.
    """
    spoken = fold(text).split()
    words = [compact(fold_title(word)) for word in spoken if f"{word} " not in ARTICLES] or spoken
    if not words:
        return []
    found: set[int] | None = None
    for word in words:
        rows = _rows_with(index, word)
        found = rows if found is None else found & rows
    whole, head_keys = head_of(fold_title(text)), index.head_keys

    def nearness(row: int) -> tuple[bool, bool, int]:
        head = head_keys[index.head_of[row]]
        return head != whole, not head.startswith(whole), row

    return sorted(found or (), key=nearness)


def _rows_with(index: LibraryIndex, word: str) -> set[int]:
    heads = _numbers_with(index.head_keys, word)
    credits = _numbers_with((compact(fold(artist)) for artist in index.artists), word)
    albums = _numbers_with((compact(fold(album)) for album in index.albums), word)
    columns = enumerate(zip(index.head_of, index.credit_of, index.album_of, strict=True))
    return {row for row, (head, credit, album) in columns if head in heads or credit in credits or album in albums}


def _numbers_with(keys: Iterable[str], word: str) -> set[int]:
    return {number for number, key in enumerate(keys) if word in key}
