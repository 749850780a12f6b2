"""A music server in memory: lists that are replaced whole, a library, and failures on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.ports.targets import LibraryStamp, ListToWrite, RemotePlaylist, ServerInfo, WriteResult, WriteStatus


@dataclass
class HeldList:
    """`missing` is what its comment says that it lacks."""

    name: str
    marker: str
    songs: tuple[str, ...]
    writable: bool = True
    missing: tuple[SourceTrack, ...] = ()


@dataclass
class MemoryMusicServer:
    """`calls` names every call made. `refuse` holds a failure to raise at every call; `refuse_once` by call name."""

    library: list[LibraryTrack] = field(default_factory=list)
    lists: dict[str, HeldList] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refuse: SyncFailure | None = None
    refuse_once: dict[str, BaseException] = field(default_factory=dict)
    stamp: str = "stamp-1"
    song_count: int | None = None
    scanning: bool = False
    closed: int = 0
    before_write: Callable[[], None] = lambda: None

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.refuse_once:
            raise self.refuse_once.pop(name)
        if self.refuse is not None:
            raise self.refuse

    @property
    def requests(self) -> int:
        return len(self.calls)

    def check(self) -> ServerInfo:
        self._called("check")
        return ServerInfo(product="navidrome", version="0.63.2", admin=False)

    def library_stamp(self) -> LibraryStamp:
        self._called("library_stamp")
        return LibraryStamp(value=self.stamp, song_count=self.song_count, scanning=self.scanning)

    def songs(self, on_progress: Callable[[int], None]) -> Iterator[LibraryTrack]:
        self._called("songs")
        for done, song in enumerate(list(self.library), 1):
            on_progress(done)
            yield song

    def playlists(self) -> Sequence[RemotePlaylist]:
        self._called("playlists")
        return [
            RemotePlaylist(
                remote_id=remote_id,
                name=row.name,
                owner="me",
                song_count=len(row.songs),
                writable=row.writable,
                comment=row.marker,
            )
            for remote_id, row in self.lists.items()
        ]

    def playlist_songs(self, remote_id: str) -> tuple[str, ...]:
        self._called("playlist_songs")
        if remote_id not in self.lists:
            raise SyncFailure(FailureKind.NOT_FOUND)
        return self.lists[remote_id].songs

    def write_playlist(self, wanted: ListToWrite, *, on_identified: Callable[[str], None]) -> WriteResult:
        self._called("write_playlist")
        self.before_write()
        known = {song.id for song in self.library}
        kept = tuple(song for song in wanted.song_ids if song in known)
        dropped = tuple(song for song in wanted.song_ids if song not in known)
        mine = [key for key, row in self.lists.items() if key == wanted.remote_id or row.marker == wanted.marker]
        if not mine:
            created = f"remote-{len(self.lists) + 1}"
            self.lists[created] = HeldList(wanted.name, wanted.marker, kept, missing=wanted.missing)
            on_identified(created)
            return WriteResult(remote_id=created, status=WriteStatus.CREATED, dropped=dropped)
        row = self.lists[mine[0]]
        if not row.writable:
            raise SyncFailure(FailureKind.FORBIDDEN)
        if mine[0] != wanted.remote_id:
            on_identified(mine[0])
        status = WriteStatus.DESCRIBED if _described(row, wanted) else WriteStatus.UNCHANGED
        if row.songs != kept:
            row.songs, status = kept, WriteStatus.UPDATED
        return WriteResult(remote_id=mine[0], status=status, dropped=dropped)

    def delete_playlist(self, remote_id: str) -> None:
        self._called("delete_playlist")
        self.lists.pop(remote_id, None)

    def close(self) -> None:
        self.closed += 1


def _described(row: HeldList, wanted: ListToWrite) -> bool:
    """Give a list of ours its name and comment; True where they were others. One without the marker keeps both."""
    before = (row.name, row.marker, row.missing)
    if wanted.taken_up:
        row.marker = wanted.marker
    if row.marker == wanted.marker:
        row.name, row.missing = wanted.name, wanted.missing
    return before != (row.name, row.marker, row.missing)
