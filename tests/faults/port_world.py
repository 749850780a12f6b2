"""The use case of the sync function over fakes of its ports, each of whose calls can go wrong as those to AWS can.

The contract suites hold the fakes to what the real stores do, so a case costs milliseconds here. What AWS itself can
do within one call of a port (two objects written by one `save`, a condition that fails at a retry) is `AwsWorld`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from reprise.domain.connections import Connection
from reprise.domain.failures import SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise.domain.playlists import Playlist
from reprise.domain.reach import Reach
from reprise.domain.valve import ValvePolicy
from reprise.matching.policy import MatchPolicy
from reprise.ports.sources import PlaylistSource
from reprise.ports.targets import MusicServer
from reprise.serialization.jobs import decode_job, encode_job
from reprise.serialization.outcomes import encode_outcome
from reprise.sources.files.reader import FileReader
from reprise.sources.registry import SourceDependencies, open_source
from reprise.usecases.sync.dispatch_due import dispatch_due
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.sync_job import sync_job
from reprise_dev.doubles import fakes
from tests.faults.world import INTERVAL, LEASE, USER, World

# Every port, and the AWS service that stands behind it: an outage strikes all that one service is behind.
PLACES = {
    "playlists": "dynamodb",
    "events": "dynamodb",
    "health": "dynamodb",
    "lanes": "dynamodb",
    "connections": "dynamodb",
    "overrides": "dynamodb",
    "reports": "s3",
    "indexes": "s3",
    "previews": "s3",
    "contents": "s3",
    "caches": "s3",
    "jobs": "sqs",
    "outcomes": "sqs",
    "cipher": "kms",
}


@dataclass
class Fakes:
    """One of each port, under its name in `PLACES`."""

    events: fakes.MemoryEvents = field(default_factory=fakes.MemoryEvents)
    health: fakes.MemoryHealth = field(default_factory=fakes.MemoryHealth)
    lanes: fakes.MemoryLanes = field(default_factory=fakes.MemoryLanes)
    connections: fakes.MemoryConnections = field(default_factory=fakes.MemoryConnections)
    overrides: fakes.MemoryOverrides = field(default_factory=fakes.MemoryOverrides)
    reports: fakes.MemoryReports = field(default_factory=fakes.MemoryReports)
    indexes: fakes.MemoryLibraryIndexes = field(default_factory=fakes.MemoryLibraryIndexes)
    previews: fakes.MemoryPreviews = field(default_factory=fakes.MemoryPreviews)
    contents: fakes.MemorySourceContents = field(default_factory=fakes.MemorySourceContents)
    caches: fakes.MemorySourceCaches = field(default_factory=fakes.MemorySourceCaches)
    jobs: fakes.MemoryJobQueue = field(default_factory=fakes.MemoryJobQueue)
    outcomes: fakes.MemoryOutcomeQueue = field(default_factory=fakes.MemoryOutcomeQueue)
    cipher: fakes.MemoryCipher = field(default_factory=fakes.MemoryCipher)

    def __post_init__(self) -> None:
        self.playlists = fakes.MemoryPlaylists(self.events)


class PortWorld(World):
    begins = "begin"

    def __init__(self) -> None:
        super().__init__()
        self.fakes = Fakes()
        self.server_met: list[SyncFailure | None] = []
        self.playlists, self.events, self.health = self.fakes.playlists, self.fakes.events, self.fakes.health
        self.connections, self.cipher = self.fakes.connections, self.fakes.cipher
        self.reports, self.previews, self.contents = self.fakes.reports, self.fakes.previews, self.fakes.contents
        self.ports = self._ports()
        self.connect()

    def _ports(self) -> SyncPorts:
        ids = count(1)
        disturbed: dict[str, Any] = {  # Any: each stands for the port of its name
            name: self.outside.port(place, getattr(self.fakes, name)) for name, place in PLACES.items()
        }
        sources = SourceDependencies(
            contents=disturbed.pop("contents"),
            caches=disturbed.pop("caches"),
            open_reader=FileReader,
            clock=self.clock,
            reach=Reach.MACHINE,
        )

        def open_one(kind: str) -> PlaylistSource:
            return open_source(kind, sources)

        return SyncPorts(
            **disturbed,
            open_server=self._open_server,
            server_met=self.server_met.append,
            open_source=open_one,
            server_url="http://music.test",
            clock=self.clock,
            new_id=lambda: f"1-{next(ids):08}",
            jitter=lambda: 1.0,
            interval=INTERVAL,
            lease=LEASE,
            policy=MatchPolicy(),
            valve=ValvePolicy(),
            breaker=BreakerPolicy(),
        )

    def _open_server(self, connection: Connection, password: str) -> MusicServer:
        return self.open_server(
            base_url=self.ports.server_url,
            username=connection.account_name,
            password=password,
            time_budget_s=LEASE.total_seconds(),
        )

    def do(self, body: str) -> object:
        return sync_job(decode_job(body), self.ports, lambda: 900.0)

    def handle(self, body: str) -> bool:
        try:
            self.do(body)
        except Exception:  # whatever it is sends the message back, as in the handler
            return True
        return False

    def dispatch(self) -> None:
        dispatch_due(tick=self.clock.now, playlists=self.playlists, queue=self.fakes.jobs)

    def take_jobs(self) -> list[str]:
        taken = [encode_job(job) for job in self.fakes.jobs.jobs]
        self.fakes.jobs.jobs.clear()
        return taken

    def take_outcomes(self) -> list[str]:
        taken = [encode_outcome(outcome) for outcome in self.fakes.outcomes.outcomes]
        self.fakes.outcomes.outcomes.clear()
        return taken

    def change(self, playlist: Playlist) -> None:
        self.fakes.playlists.place(playlist)

    def lose_content(self, locator: str) -> None:
        self.fakes.contents.forget(USER, locator)

    def way_back(self) -> Callable[[], None]:
        """All that a fake knows is in dictionaries and lists of things that do not change."""
        kept = [
            (fake, {name: copy(value) for name, value in vars(fake).items() if isinstance(value, dict | list)})
            for fake in map(self.fakes.__getattribute__, PLACES)
        ]

        def restore() -> None:
            for fake, attributes in kept:
                for name, value in attributes.items():
                    setattr(fake, name, copy(value))

        return restore
