"""What a sync would have changed when a person last asked."""

from __future__ import annotations

from reprise.domain.previews import Preview
from reprise.domain.refusals import NotFound
from reprise.usecases.playlists.ports import PreviewPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def read_preview(user_id: str, playlist_id: str, ports: PreviewPorts) -> Preview:
    """Returns the newest preview. Raises `NotFound` for no such playlist, and until a preview was made."""
    read_playlist(user_id, playlist_id, ports.playlists)
    preview = ports.previews.load(user_id, playlist_id)
    if preview is None:
        raise NotFound("There is no preview of this playlist yet. Ask for one first.")
    return preview
