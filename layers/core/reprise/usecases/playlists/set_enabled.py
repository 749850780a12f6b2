"""Switch a playlist's schedule on or off (`S1-29`)."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def set_enabled(
    *,
    user_id: str,
    playlist_id: str,
    enabled: bool,
    playlists: PlaylistStore,
    clock: Clock,
    new_id: NewId,
) -> Playlist:
    """The playlist as it is afterwards: due at the next tick once enabled, never due while disabled.

    The list on the music server stays as it is. Asking for what is so already changes nothing and leaves no event.
    Raises `NotFound`.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.enabled is enabled:
        return playlist
    now = clock()
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.PLAYLIST_ENABLED if enabled else EventType.PLAYLIST_DISABLED,
        provider=playlist.source.kind,
        message="Switched on." if enabled else "Switched off; the list on the music server stays as it is.",
        occurred_at=now,
    )
    due_at = now if enabled else None
    if not playlists.set_enabled(user_id, playlist_id, enabled=enabled, due_at=due_at, event=event):
        raise NotFound("There is no such playlist.")
    return replace(playlist, enabled=enabled, due_at=due_at)
