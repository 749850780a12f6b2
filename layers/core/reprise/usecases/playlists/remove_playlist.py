"""Stop keeping a playlist in step, and forget it."""

from __future__ import annotations

from reprise.domain.events import EventType, playlist_event
from reprise.domain.refusals import NotFound
from reprise.usecases.playlists.ports import RemovalPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def remove_playlist(user_id: str, playlist_id: str, ports: RemovalPorts) -> None:
    """Forgets the playlist. The list on the music server stays: it is the person's now. Raises `NotFound`.

    Its files and reports go before the playlist does, so a removal that broke off can be asked for again.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    event = playlist_event(
        playlist,
        EventType.PLAYLIST_REMOVED,
        "Removed from Reprise; the list on the music server stays as it is.",
        event_id=ports.new_id(),
        occurred_at=ports.clock(),
    )
    ports.files.forget_playlist(user_id, playlist_id)
    if not ports.playlists.remove(user_id, playlist_id, event):
        raise NotFound("There is no such playlist.")
