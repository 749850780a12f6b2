"""What happened to a playlist, or to all of them (`S1-16`)."""

from __future__ import annotations

from reprise.ports.events import EventStore, Page
from reprise.usecases.playlists.ports import TrailPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def list_events(user_id: str, playlist_id: str, ports: TrailPorts, *, limit: int, cursor: str | None) -> Page:
    """Returns at most `limit` events, newest first, from where `cursor` points.

    Raises `NotFound` for no such playlist, and `BadCursor`.
    """
    read_playlist(user_id, playlist_id, ports.playlists)
    return ports.events.of_playlist(user_id, playlist_id, limit=limit, cursor=cursor)


def list_all_events(user_id: str, events: EventStore, *, limit: int, cursor: str | None) -> Page:
    """Does the same for everything of one person, playlists that are gone included. Raises `BadCursor`."""
    return events.of_user(user_id, limit=limit, cursor=cursor)
