"""Have the comment of a playlist's list name the tracks that are not in the library, or not (`S1x-11`)."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def set_include_unmatched(
    *, user_id: str, playlist_id: str, include: bool, playlists: PlaylistStore, clock: Clock, new_id: NewId
) -> Playlist:
    """The playlist afterwards; the next sync changes the comment. Raises `NotFound`."""
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.include_unmatched_tracks == include:
        return playlist
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.SETTINGS_CHANGED,
        provider=playlist.source.kind,
        message=(
            "From the next sync on, the list's comment names what is not in your library."
            if include
            else "From the next sync on, the list's comment does not name what is not in your library."
        ),
        occurred_at=clock(),
        metadata={"setting": "include_unmatched_tracks", "value": include},
    )
    if not playlists.set_include_unmatched(user_id, playlist_id, include=include, event=event):
        raise NotFound("There is no such playlist.")
    return replace(playlist, include_unmatched_tracks=include)
