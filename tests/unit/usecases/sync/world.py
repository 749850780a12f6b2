"""Everything a sync job touches, in memory, with a clock that moves when told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.matches import Method
from reprise.domain.notices import Notice
from reprise.domain.outcomes import Outcome, PlaylistEnd
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef
from reprise.domain.tracks import LibraryTrack, SourceTrack
from reprise.domain.valve import ValvePolicy
from reprise.matching.policy import MatchPolicy
from reprise.ports.sources import PlaylistSource
from reprise.sources.registry import open_source
from reprise.usecases.notify.derive import derive
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.sync_job import sync_job
from reprise_dev.doubles.fakes import (
    MemoryCipher,
    MemoryConnections,
    MemoryEvents,
    MemoryHealth,
    MemoryJobQueue,
    MemoryLanes,
    MemoryLibraryIndexes,
    MemoryOutcomeQueue,
    MemoryOverrides,
    MemoryPlaylists,
    MemoryPreviews,
    MemoryReports,
    MemorySourceContents,
)
from reprise_dev.doubles.fakes.music_server import MemoryMusicServer
from reprise_dev.doubles.fakes.sources import memory_sources

T0 = datetime(2026, 3, 1, 10, 0, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
USER = "u-alice"

SONGS = {
    "s1": ("Paranoid Android", "Radiohead", "OK Computer"),
    "s2": ("Army of Me", "Björk", "Post"),
    "s3": ("Teardrop", "Massive Attack", "Mezzanine"),
    "s4": ("Roads", "Portishead", "Dummy"),
}


def library() -> list[LibraryTrack]:
    return [LibraryTrack(id=key, title=t, artist=a, album=al, duration_ms=200_000) for key, (t, a, al) in SONGS.items()]


def tracks(*keys: str) -> tuple[SourceTrack, ...]:
    """Source tracks that are in the library; a name that is no key becomes a track that is not."""
    known = {key: SourceTrack(title=t, artist=a, album=al) for key, (t, a, al) in SONGS.items()}
    return tuple(known.get(key, SourceTrack(title=f"Missing {key}", artist=f"Nobody {key}")) for key in keys)


@dataclass
class World:
    server: MemoryMusicServer = field(default_factory=lambda: MemoryMusicServer(library=library(), song_count=4))
    events: MemoryEvents = field(default_factory=MemoryEvents)
    health: MemoryHealth = field(default_factory=MemoryHealth)
    lanes: MemoryLanes = field(default_factory=MemoryLanes)
    connections: MemoryConnections = field(default_factory=MemoryConnections)
    overrides: MemoryOverrides = field(default_factory=MemoryOverrides)
    contents: MemorySourceContents = field(default_factory=MemorySourceContents)
    previews: MemoryPreviews = field(default_factory=MemoryPreviews)
    reports: MemoryReports = field(default_factory=MemoryReports)
    indexes: MemoryLibraryIndexes = field(default_factory=MemoryLibraryIndexes)
    cipher: MemoryCipher = field(default_factory=MemoryCipher)
    jobs: MemoryJobQueue = field(default_factory=MemoryJobQueue)
    outcomes: MemoryOutcomeQueue = field(default_factory=MemoryOutcomeQueue)
    now: datetime = T0

    def __post_init__(self) -> None:
        self.playlists = MemoryPlaylists(self.events)
        self._ids = count(1)
        self.sources_opened: list[str] = []
        self.server_met: list[SyncFailure | None] = []
        self.connections.put(
            Connection(
                user_id=USER,
                connection_id=MUSIC_SERVER,
                provider="subsonic",
                account_name="alice",
                display_name="Navidrome",
                server_url="https://music.example",
                ciphertext=self.cipher.encrypt("sesame", user_id=USER, connection_id=MUSIC_SERVER),
                authorised_at=T0,
            )
        )
        self.ports = SyncPorts(
            playlists=self.playlists,
            events=self.events,
            health=self.health,
            lanes=self.lanes,
            connections=self.connections,
            overrides=self.overrides,
            reports=self.reports,
            indexes=self.indexes,
            cipher=self.cipher,
            jobs=self.jobs,
            outcomes=self.outcomes,
            open_server=lambda _connection, _password: self.server,
            server_met=self.server_met.append,
            open_source=self._open_source,
            server_url="https://music.example",
            clock=lambda: self.now,
            new_id=lambda: f"id-{next(self._ids):06}",
            jitter=lambda: 1.0,
            interval=HOUR,
            lease=timedelta(minutes=16),
            policy=MatchPolicy(),
            valve=ValvePolicy(),
            breaker=BreakerPolicy(),
            previews=self.previews,
        )

    def _open_source(self, kind: str) -> PlaylistSource:
        self.sources_opened.append(kind)
        return open_source(kind, memory_sources(contents=self.contents))

    def add(self, playlist_id: str, *keys: str, name: str = "", user_id: str = USER) -> Playlist:
        content = SourcePlaylist(name=name, tracks=tracks(*keys), version=f"v-{'-'.join(keys)}")
        ref = SourceRef(
            kind="files", locator=self.contents.save(user_id, content), label="JSPF", version=content.version
        )
        playlist = Playlist(
            user_id=user_id,
            playlist_id=playlist_id,
            name=name or playlist_id.title(),
            source=ref,
            created_at=self.now,
            due_at=self.now,
        )
        self.playlists.place(playlist)
        return playlist

    def change_source(self, playlist_id: str, *keys: str) -> None:
        content = SourcePlaylist(name="", tracks=tracks(*keys), version=f"v-{'-'.join(keys)}")
        ref = SourceRef(kind="files", locator=self.contents.save(USER, content), label="JSPF", version=content.version)
        self.playlists.place(replace(self.playlist(playlist_id), source=ref))

    def tick(
        self, *playlist_ids: str, remaining_s: float = 900.0, queued: timedelta = timedelta(0)
    ) -> tuple[PlaylistEnd, ...]:
        """What the schedule would do now, after as long in the queue as `queued`."""
        ids = playlist_ids or tuple(p for u, p in self.playlists.due(self.now) if u == USER)
        job = SyncJob(
            job_id=f"tick-{self.now:%d-%H%M}", user_id=USER, playlist_ids=ids, reason=Reason.SCHEDULE, asked_at=self.now
        )
        self.now += queued
        return sync_job(job, self.ports, lambda: remaining_s)

    def press(
        self, *playlist_ids: str, operation: Operation = Operation.SYNC, argument: str = ""
    ) -> tuple[PlaylistEnd, ...]:
        """What the button does."""
        job = SyncJob(
            job_id=f"manual-{next(self._ids)}",
            user_id=USER,
            playlist_ids=playlist_ids,
            reason=Reason.MANUAL,
            asked_at=self.now,
            operation=operation,
            argument=argument,
        )
        return sync_job(job, self.ports, lambda: 900.0)

    def event(self, playlist_id: str) -> AuditEvent:
        """An event to go with a person's change."""
        return AuditEvent(
            event_id=f"id-{next(self._ids):06}",
            user_id=USER,
            playlist_id=playlist_id,
            event_type=EventType.PLAYLIST_RENAMED,
            provider="files",
            message="",
            occurred_at=self.now,
        )

    def playlist(self, playlist_id: str) -> Playlist:
        found = self.playlists.get(USER, playlist_id)
        assert found is not None
        return found

    def remote(self, playlist_id: str) -> tuple[str, ...]:
        remote_id = self.playlist(playlist_id).remote_id
        assert remote_id is not None
        return self.server.lists[remote_id].songs

    def trail(self, playlist_id: str) -> list[str]:
        """Event types, oldest first."""
        return [event.event_type.value for event in reversed(self.history(playlist_id))]

    def history(self, playlist_id: str) -> tuple[AuditEvent, ...]:
        return self.events.of_playlist(USER, playlist_id, limit=100, cursor=None).items

    def facts(self) -> list[Outcome]:
        """Outcomes published since the last look."""
        new = list(self.outcomes.outcomes)
        self.outcomes.outcomes.clear()
        return new

    def told(self) -> list[Notice]:
        """What the notifier makes of the outcomes published since the last look."""
        return [notice for outcome in self.facts() for notice in derive(outcome)]

    def methods(self, playlist_id: str) -> list[Method]:
        report_id = self.playlist(playlist_id).report_id
        assert report_id is not None
        report = self.reports.load(USER, playlist_id, report_id)
        assert report is not None
        return [match.method for match in report.matches]
