"""A person's playlists, oldest first, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reprise.domain.playlists import Playlist
from reprise.ports.events import BadCursor
from reprise.ports.playlists import PlaylistStore

_CURSOR = re.compile(r"([0-9]{1,15})-([A-Za-z0-9_-]{1,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistPage:
    """`cursor` is None at the end."""

    playlists: tuple[Playlist, ...]
    cursor: str | None


def list_playlists(user_id: str, playlists: PlaylistStore, *, limit: int, cursor: str | None) -> PlaylistPage:
    """Returns at most `limit` from where `cursor` points. Raises `BadCursor`.

    What is added or removed between two pages moves nothing else: a cursor is a place in the order, not a number.
    """
    after = None if cursor is None else _place_of(cursor)
    rest = [each for each in playlists.of_user(user_id) if after is None or _place(each) > after]
    page = tuple(rest[:limit])
    return PlaylistPage(playlists=page, cursor=_cursor(page[-1]) if len(rest) > limit else None)


def _place(playlist: Playlist) -> tuple[int, str]:
    return round(playlist.created_at.timestamp() * 1000), playlist.playlist_id


def _cursor(playlist: Playlist) -> str:
    created_ms, playlist_id = _place(playlist)
    return f"{created_ms}-{playlist_id}"


def _place_of(cursor: str) -> tuple[int, str]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise BadCursor("the cursor is not one of ours")
    return int(found[1]), found[2]
