"""Count an attempt before it is made, and refuse it when there were too many (`S1x-90`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reprise.ports.stores import AttemptStore
from reprise.usecases.refusals import TooManyAttempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `attempts` in each fixed `window`."""

    attempts: int
    window: timedelta


def limit_attempts(key: str, limit: Limit, *, attempts: AttemptStore, now: datetime) -> None:
    """Count one attempt under `key`. Raises `TooManyAttempts` when it is over the limit."""
    window_s = int(limit.window.total_seconds())
    if attempts.count(key, window_s=window_s, now=now) > limit.attempts:
        retry_after_s = window_s - int(now.timestamp()) % window_s
        minutes = -(-retry_after_s // 60)
        raise TooManyAttempts(
            f"Too many attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}.",
            retry_after_s=retry_after_s,
        )
