"""What happened to a playlist, or to all of them (`S1-16`)."""

from __future__ import annotations

from reprise.ports.events import EventStore, Page
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def list_events(
    *,
    user_id: str,
    playlist_id: str,
    limit: int,
    cursor: str | None,
    playlists: PlaylistStore,
    events: EventStore,
) -> Page:
    """At most `limit` events, newest first, from where `cursor` points. Raises `NotFound` for no such playlist."""
    read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    return events.of_playlist(user_id, playlist_id, limit=limit, cursor=cursor)


def list_all_events(*, user_id: str, limit: int, cursor: str | None, events: EventStore) -> Page:
    """The same for everything of one person, playlists that are gone included. Raises `BadCursor`."""
    return events.of_user(user_id, limit=limit, cursor=cursor)
