"""Let go of a playlist's list on the music server: it stays there, and is the person's own from then on."""

from __future__ import annotations

from reprise.domain.changes import unlinked
from reprise.domain.events import EventType, playlist_event
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import Conflict
from reprise.usecases.playlists.link_playlist import RUNNING, refuse_while_syncing
from reprise.usecases.playlists.ports import ChangePorts
from reprise.usecases.playlists.read_playlist import read_playlist


def unlink_playlist(user_id: str, playlist_id: str, ports: ChangePorts) -> Playlist:
    """Returns the playlist afterwards: switched off, and without a list; switched on again, it gets a new one.

    Raises `NotFound`, and `Conflict` while a sync runs.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    refuse_while_syncing(playlist, ports.clock)
    event = playlist_event(
        playlist,
        EventType.PLAYLIST_UNLINKED,
        "Let go of the list on the music server, which stays as it is. The schedule is switched off.",
        event_id=ports.new_id(),
        occurred_at=ports.clock(),
    )
    if not ports.playlists.unlink(user_id, playlist_id, event):
        read_playlist(user_id, playlist_id, ports.playlists)
        raise Conflict(RUNNING)
    return unlinked(playlist)
