"""What a sync run needs from outside, gathered in one place by bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.connections import Connection
from reprise.domain.failures import SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise.domain.valve import ValvePolicy
from reprise.matching.policy import MatchPolicy
from reprise.ports.clock import Clock, Jitter, NewId
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.contents import LibraryIndexStore, PreviewStore, ReportStore
from reprise.ports.credentials import Cipher
from reprise.ports.events import EventStore
from reprise.ports.people import LaneStore
from reprise.ports.playlists import OverrideStore, PlaylistStore
from reprise.ports.queues import JobQueue, OutcomeQueue
from reprise.ports.sources import PlaylistSource
from reprise.ports.targets import MusicServer


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPorts:
    """Everything a run may touch. `lease` must outlast the function's timeout; `interval` is the schedule's.

    `server_met` is told once of each job that called the music server: what the connection failed with, None where it
    worked.
    """

    playlists: PlaylistStore
    events: EventStore
    health: HealthStore
    lanes: LaneStore
    connections: ConnectionStore
    overrides: OverrideStore
    reports: ReportStore
    indexes: LibraryIndexStore
    cipher: Cipher
    jobs: JobQueue
    outcomes: OutcomeQueue
    open_server: Callable[[Connection, str], MusicServer]
    server_met: Callable[[SyncFailure | None], None]
    server_url: str
    open_source: Callable[[str], PlaylistSource]
    clock: Clock
    new_id: NewId
    jitter: Jitter
    interval: timedelta
    lease: timedelta
    policy: MatchPolicy
    valve: ValvePolicy
    breaker: BreakerPolicy
    previews: PreviewStore
