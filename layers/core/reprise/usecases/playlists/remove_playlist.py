"""Stop keeping a playlist in step, and forget it."""

from __future__ import annotations

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.refusals import NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.contents import PersonalFiles
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def remove_playlist(
    *,
    user_id: str,
    playlist_id: str,
    playlists: PlaylistStore,
    files: PersonalFiles,
    clock: Clock,
    new_id: NewId,
) -> None:
    """Raises `NotFound`. The list on the music server stays: it is the person's now.

    Reports go before the playlist does, so a removal that broke off can be asked for again.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.PLAYLIST_REMOVED,
        provider=playlist.source.kind,
        message="Removed from Reprise; the list on the music server stays as it is.",
        occurred_at=clock(),
    )
    files.forget_playlist(user_id, playlist_id)
    if not playlists.remove(user_id, playlist_id, event):
        raise NotFound("There is no such playlist.")
