"""Give the list on the music server a name of its own (`S1-26`)."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import NAME_MAX, Playlist
from reprise.domain.refusals import NotFound
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def set_remote_name(
    *, user_id: str, playlist_id: str, name: str | None, playlists: PlaylistStore, clock: Clock, new_id: NewId
) -> Playlist:
    """The playlist afterwards; the next sync renames the list. None: it bears the playlist's name again.

    Raises `InvalidInput` for a name that cannot be used, and `NotFound`.
    """
    wanted = None if name is None else check_text("name", name.strip(), max_chars=NAME_MAX)
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.remote_name == wanted:
        return playlist
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.PLAYLIST_RENAMED,
        provider=playlist.source.kind,
        message=(
            "The list on the music server is called as the playlist from the next sync on."
            if wanted is None
            else "The list on the music server gets a name of its own at the next sync."
        ),
        occurred_at=clock(),
    )
    if not playlists.rename_remote(user_id, playlist_id, remote_name=wanted, event=event):
        raise NotFound("There is no such playlist.")
    return replace(playlist, remote_name=wanted)
