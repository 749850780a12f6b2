"""Reading one playlist at its source; what fails in that is the source's fault, and nobody else's."""

from __future__ import annotations

from reprise.domain.connections import source_party
from reprise.domain.failures import FailureKind, SyncFailure, blamed_on
from reprise.domain.playlists import Playlist, SourcePlaylist
from reprise.ports.sources import PlaylistSource
from reprise.usecases.sync.ports import SyncPorts


class Reading:
    """`PlaylistSource` for one playlist. Every method raises `SyncFailure` that names the source."""

    def __init__(self, playlist: Playlist, ports: SyncPorts) -> None:
        self._playlist = playlist
        self._playlists = ports.playlists
        self._party = source_party(playlist.source.connection_id)
        with blamed_on(self._party):
            self._source: PlaylistSource = ports.open_source(playlist.source.kind)

    @property
    def names_playlists(self) -> bool:
        return self._source.names_playlists

    def current_version(self) -> str | None:
        with blamed_on(self._party):
            return self._source.current_version(self._playlist.user_id, self._playlist.source)

    def read(self) -> SourcePlaylist:
        """Content that is gone because a newer file took its place is no fault: the next run reads that one."""
        with blamed_on(self._party):
            try:
                return self._source.read(self._playlist.user_id, self._playlist.source)
            except SyncFailure as failure:
                if failure.kind is FailureKind.NOT_FOUND and self._replaced():
                    raise SyncFailure(FailureKind.INTERRUPTED, "The file was replaced meanwhile.") from None
                raise

    def _replaced(self) -> bool:
        now = self._playlists.get(self._playlist.user_id, self._playlist.playlist_id)
        return now is None or now.source.locator != self._playlist.source.locator
