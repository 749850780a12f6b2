"""Let go of a playlist's list on the music server: it stays there, and is the person's own from then on."""

from __future__ import annotations

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import Conflict
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.link_playlist import RUNNING, refuse_while_syncing
from reprise.usecases.playlists.read_playlist import read_playlist


def unlink_playlist(
    *, user_id: str, playlist_id: str, playlists: PlaylistStore, clock: Clock, new_id: NewId
) -> Playlist:
    """The playlist afterwards: switched off, and without a list; switched on again, it gets a new one.

    Raises `NotFound`, and `Conflict` while a sync runs.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    refuse_while_syncing(playlist, clock)
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.PLAYLIST_UNLINKED,
        provider=playlist.source.kind,
        message="Let go of the list on the music server, which stays as it is. The schedule is switched off.",
        occurred_at=clock(),
    )
    if not playlists.unlink(user_id, playlist_id, event):
        read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
        raise Conflict(RUNNING)
    return read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
