"""What is handed on to another function."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from reprise.domain.jobs import SyncJob
from reprise.domain.outcomes import Outcome


class JobQueue(Protocol):
    def put(self, jobs: Iterable[SyncJob], *, delay: timedelta = timedelta()) -> int:
        """Queue every job, to be taken up after `delay` (900 s at most); returns how many.

        Raises `QueueRefused` when any was not accepted.
        """
        ...


class OutcomeQueue(Protocol):
    def put(self, outcomes: Iterable[Outcome]) -> None:
        """Publish every outcome. Raises `QueueRefused` when any was not accepted."""
        ...


class QueueRefused(Exception):
    """The queue did not take a message; trying again may help."""
