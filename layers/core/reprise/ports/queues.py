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


class Redelivery(Protocol):
    def come_again(self, receipt: str, *, after: timedelta) -> None:
        """Have the message that was received with `receipt` come again after so long (12 h at most), and not only when
        the queue would have it again by itself. It must not be deleted then.
        """
        ...


class QueueRefused(Exception):
    """The queue did not take a message; trying again may help."""
