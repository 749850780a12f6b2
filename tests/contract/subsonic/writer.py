"""The adapter, used as the product uses it."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.domain.tracks import SourceTrack
from reprise.ports.targets import ListToWrite, WriteStatus
from reprise_dev.contract.accounts import Account
from reprise_dev.contract.broken_transports import Watched
from reprise_dev.local.plain_subsonic import SeenPlaylist


class Writer:
    """Writes with the adapter, each time as a process of its own would, and remembers what it was told."""

    def __init__(self, account: Account, name: str, marker: str) -> None:
        self.account = account
        self.name = name
        self.marker = marker
        self.remote_id: str | None = None
        self.told: list[str] = []
        self.methods: list[str] = []

    def write(
        self, song_ids: list[str], missing: Sequence[SourceTrack] = (), *, taken_up: bool = False
    ) -> tuple[WriteStatus, tuple[str, ...]]:
        watched = Watched()
        server = self.account.open(watched)
        try:
            wanted = ListToWrite(
                name=self.name,
                marker=self.marker,
                song_ids=tuple(song_ids),
                remote_id=self.remote_id,
                missing=tuple(missing),
                taken_up=taken_up,
            )
            result = server.write_playlist(wanted, on_identified=self._tell)
        finally:
            self.methods = watched.methods
            server.close()
        assert result.remote_id == self.remote_id
        return result.status, result.dropped

    def _tell(self, remote_id: str) -> None:
        self.told.append(remote_id)
        self.remote_id = remote_id

    def seen(self) -> SeenPlaylist:
        assert self.remote_id is not None
        return self.account.look().playlist(self.remote_id)
