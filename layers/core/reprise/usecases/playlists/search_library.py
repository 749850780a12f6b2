"""Find songs in a person's own library, as the last sync read it: for choosing one by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reprise.domain.refusals import Conflict
from reprise.domain.short_texts import check_text
from reprise.domain.tracks import LibraryTrack
from reprise.ports.contents import LibraryIndexStore

if TYPE_CHECKING:
    from reprise.matching.index import LibraryIndex

DecodeIndex = Callable[[bytes], "LibraryIndex | None"]
"""Reads a stored index, None for one of another version of Reprise, which the next sync replaces.

Handed in, so that only a search pays for importing the matcher.
"""

QUERY_MAX = 200


def search_library(
    *, user_id: str, query: str, limit: int, server_url: str, indexes: LibraryIndexStore, decode: DecodeIndex
) -> tuple[LibraryTrack, ...]:
    """At most `limit` songs with every word of `query` in title, artist or album, the nearest titles first.

    Raises `InvalidInput` for a query that cannot be used, and `Conflict` while no sync has read the library.
    """
    words = check_text("query", query.strip(), max_chars=QUERY_MAX)
    index = stored_library(user_id, server_url, indexes=indexes, decode=decode)
    if index is None:
        raise Conflict("Your library has not been read yet. Sync a playlist first: that reads it.")
    return tuple(index.search(words, limit))


def stored_library(
    user_id: str, server_url: str, *, indexes: LibraryIndexStore, decode: DecodeIndex
) -> LibraryIndex | None:
    """The library as it was last read; None before that, and where what was stored cannot be read any more."""
    head = indexes.head(user_id, server_url)
    data = None if head is None else indexes.load(user_id, server_url, head.version)
    return None if data is None else decode(data)
