"""Reading one playlist at its source; what fails in that is the source's fault, and nobody else's."""

from __future__ import annotations

from reprise.domain.connections import source_party
from reprise.domain.failures import FailureKind, SyncFailure, blamed_on
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef
from reprise.ports.sources import PlaylistSource
from reprise.usecases.sync.ports import SyncPorts


class Reading:
    """`PlaylistSource` for one playlist of one job. Every method raises `SyncFailure` that names the source."""

    def __init__(self, playlist: Playlist, ports: SyncPorts) -> None:
        self._playlist = playlist
        self._playlists = ports.playlists
        self._party = source_party(playlist.source.connection_id)
        self._version: str | None = None
        self._asked = False
        with blamed_on(self._party):
            self._source: PlaylistSource = ports.open_source(playlist.source.kind)

    @property
    def names_playlists(self) -> bool:
        return self._source.names_playlists

    def current_version(self) -> str | None:
        """Asks the source once; later calls return what it said then."""
        if not self._asked:
            with blamed_on(self._party):
                self._version = self._source.current_version(self._playlist.user_id, self._playlist.source)
            self._asked = True
        return self._version

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


class Readings:
    """The readings of one job, so that a run does not ask a source what the look before it has asked."""

    def __init__(self, ports: SyncPorts) -> None:
        self._ports = ports
        self._readings: dict[tuple[str, SourceRef], Reading] = {}

    def of(self, playlist: Playlist) -> Reading:
        """Raises `SyncFailure` where there is no such source."""
        key = playlist.playlist_id, playlist.source
        if key not in self._readings:
            self._readings[key] = Reading(playlist, self._ports)
        return self._readings[key]
