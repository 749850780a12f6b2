"""Queues in memory. Set `refusing` to make them refuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from reprise.domain.jobs import SyncJob
from reprise.domain.outcomes import Outcome
from reprise.ports.queues import QueueRefused


class MemoryJobQueue:
    def __init__(self) -> None:
        self.jobs: list[SyncJob] = []
        self.delays: list[timedelta] = []
        self.refusing = False

    def put(self, jobs: Iterable[SyncJob], *, delay: timedelta = timedelta()) -> int:
        queued = list(jobs)
        if self.refusing and queued:
            raise QueueRefused(f"{len(queued)} of {len(queued)} messages were not accepted")
        self.jobs.extend(queued)
        self.delays.extend([delay] * len(queued))
        return len(queued)


class MemoryOutcomeQueue:
    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.refusing = False

    def put(self, outcomes: Iterable[Outcome]) -> None:
        queued = list(outcomes)
        if self.refusing and queued:
            raise QueueRefused(f"{len(queued)} of {len(queued)} messages were not accepted")
        self.outcomes.extend(queued)
