"""Reading one playlist at its source; what fails in that is the source's fault, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

from reprise.domain.connections import source_party
from reprise.domain.failures import blamed_on
from reprise.domain.playlists import Playlist, SourcePlaylist
from reprise.ports.sources import PlaylistSource


class Reading:
    """`PlaylistSource` for one playlist. Every method raises `SyncFailure` that names the source."""

    def __init__(self, playlist: Playlist, open_source: Callable[[str], PlaylistSource]) -> None:
        self._playlist = playlist
        self._party = source_party(playlist.source.connection_id)
        with blamed_on(self._party):
            self._source = open_source(playlist.source.kind)

    @property
    def names_playlists(self) -> bool:
        return self._source.names_playlists

    def current_version(self) -> str | None:
        with blamed_on(self._party):
            return self._source.current_version(self._playlist.user_id, self._playlist.source)

    def read(self) -> SourcePlaylist:
        with blamed_on(self._party):
            return self._source.read(self._playlist.user_id, self._playlist.source)
