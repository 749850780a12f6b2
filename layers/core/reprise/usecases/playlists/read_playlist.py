"""One playlist of one person."""

from __future__ import annotations

import re

from reprise.domain.playlists import Playlist
from reprise.domain.refusals import NotFound
from reprise.ports.playlists import PlaylistStore

_PLAYLIST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_playlist(user_id: str, playlist_id: str, playlists: PlaylistStore) -> Playlist:
    """Returns the playlist. Raises `NotFound` when this user has no such playlist, whoever else may have one."""
    playlist = playlists.get(user_id, playlist_id) if _PLAYLIST_ID.fullmatch(playlist_id) else None
    if playlist is None:
        raise NotFound("There is no such playlist.")
    return playlist
