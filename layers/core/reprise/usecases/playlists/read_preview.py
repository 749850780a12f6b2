"""What a sync would have changed when a person last asked."""

from __future__ import annotations

from reprise.domain.previews import Preview
from reprise.domain.refusals import NotFound
from reprise.ports.contents import PreviewStore
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def read_preview(*, user_id: str, playlist_id: str, playlists: PlaylistStore, previews: PreviewStore) -> Preview:
    """The newest preview. Raises `NotFound` for no such playlist, and until a preview was asked for and made."""
    read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    preview = previews.load(user_id, playlist_id)
    if preview is None:
        raise NotFound("There is no preview of this playlist yet. Ask for one first.")
    return preview
