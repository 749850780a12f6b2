"""How a connection is doing, and when it may be called again (`S1x-59`…`65`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from reprise.domain.connections import ConnectionId
from reprise.domain.failures import FailureKind, SyncFailure, latches

BACKOFF_BASE = timedelta(seconds=30)
BACKOFF_MAX = timedelta(minutes=30)
# The wait between two tries of a source grows up to this: an address that is gone for good is asked four times a day,
# and one that comes back is found within a quarter of a day, or at once by whoever presses the button.
SOURCE_BACKOFF_MAX = timedelta(hours=6)
# How long the one worker that tries a failing connection again keeps the others away; longer than it can live.
PROBE_LEASE = timedelta(minutes=20)


class Circuit(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    # Its cooldown is over: one worker may try.
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerPolicy:
    """After `threshold` failures in a row the connection is left alone for at least `cooldown` (`S2-14`).

    `longest` is the most that the growing wait between two tries comes to, a longer `cooldown` aside.
    """

    threshold: int = 5
    cooldown: timedelta = BACKOFF_MAX
    longest: timedelta = BACKOFF_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """State per (user, connection). A healthy connection has no failures and every optional field None.

    `first_failure_at` is the first failure of the present streak. `latched` means: the password or token was refused,
    so it is not called again until the person reconnects. `probing_until` is until when one worker alone tries a
    failing connection.
    """

    user_id: str
    connection_id: ConnectionId
    consecutive_failures: int = 0
    first_failure_at: datetime | None = None
    last_failure_at: datetime | None = None
    next_retry_at: datetime | None = None
    last_kind: FailureKind | None = None
    probing_until: datetime | None = None

    @property
    def latched(self) -> bool:
        return self.last_kind is not None and latches(self.last_kind)

    @property
    def healthy(self) -> bool:
        return self.consecutive_failures == 0

    def circuit(self, now: datetime, policy: BreakerPolicy) -> Circuit:
        """The breaker's state; a latched connection counts as open."""
        if self.latched:
            return Circuit.OPEN
        if self.consecutive_failures < policy.threshold:
            return Circuit.CLOSED
        return Circuit.OPEN if self.next_retry_at is not None and now < self.next_retry_at else Circuit.HALF_OPEN

    def may_call(self, now: datetime) -> bool:
        """False while latched, or before the backoff is over."""
        return not self.latched and (self.next_retry_at is None or now >= self.next_retry_at)

    def failed(self, failure: SyncFailure, now: datetime, jitter: float, policy: BreakerPolicy) -> Health:
        """The state after one more failure. `jitter` in [0.75, 1.25] is applied before the cap (`S1x-59`)."""
        count = self.consecutive_failures + 1
        wait = min(BACKOFF_BASE * 2 ** min(count - 1, 16) * jitter, policy.longest)
        if count >= policy.threshold:
            wait = max(wait, policy.cooldown)
        if failure.retry_after_s is not None:
            wait = max(wait, timedelta(seconds=failure.retry_after_s))
        return replace(
            self,
            consecutive_failures=count,
            first_failure_at=self.first_failure_at or now,
            last_failure_at=now,
            next_retry_at=None if failure.fatal else now + wait,
            last_kind=failure.kind,
            probing_until=None,
        )
