"""Find songs in a person's own library, as the last sync read it: for choosing one by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.domain.refusals import Conflict
from reprise.domain.short_texts import check_text
from reprise.domain.tracks import LibraryTrack
from reprise.usecases.playlists.ports import LibraryPorts

if TYPE_CHECKING:
    from reprise.matching.index import LibraryIndex

QUERY_MAX = 200


def search_library(user_id: str, query: str, ports: LibraryPorts, *, limit: int) -> tuple[LibraryTrack, ...]:
    """Returns at most `limit` songs with every word of `query` in title, artist or album, the nearest titles first.

    Raises `InvalidInput` for a query that cannot be used, and `Conflict` while no sync has read the library.
    """
    words = check_text("query", query.strip(), max_chars=QUERY_MAX)
    index = stored_library(user_id, ports)
    if index is None:
        raise Conflict("Your library has not been read yet. Sync a playlist first: that reads it.")
    return tuple(index.search(words, limit))


def stored_library(user_id: str, ports: LibraryPorts) -> LibraryIndex | None:
    """Returns the library as it was last read; None before that, and where what was stored can no longer be read."""
    head = ports.indexes.head(user_id, ports.server_url)
    data = None if head is None else ports.indexes.load(user_id, ports.server_url, head.version)
    return None if data is None else ports.decode(data)
