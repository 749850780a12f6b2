"""Source playlists as stored documents."""

from __future__ import annotations

from reprise.domain.playlists import SourcePlaylist
from reprise.serialization.fields import dump, load
from reprise.serialization.tracks import track_document, track_of

_KIND, _VERSION = "source-playlist", 1


def encode_playlist(playlist: SourcePlaylist) -> str:
    """Equal playlists make equal text, so its digest can name them."""
    return dump(
        _KIND,
        _VERSION,
        {
            "name": playlist.name,
            "version": playlist.version,
            "tracks": [track_document(track) for track in playlist.tracks],
        },
    )


def decode_playlist(text: str | bytes) -> SourcePlaylist:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    return SourcePlaylist(
        name=fields.text("name"),
        version=fields.text("version"),
        tracks=tuple(track_of(child) for child in fields.children("tracks")),
    )
