"""How often something may be tried (`S1x-90`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reprise.domain.refusals import TooManyAttempts


class CountsAttempts(Protocol):
    """Counts one more attempt under `key`; returns how many fell into the present window, this one included."""

    def count(self, key: str, *, window_s: int, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `attempts` in each fixed `window`."""

    attempts: int
    window: timedelta


def limit_attempts(key: str, limit: Limit, *, attempts: CountsAttempts, now: datetime) -> None:
    """Count one attempt under `key` before it is made. Raises `TooManyAttempts` when it is over the limit."""
    window_s = int(limit.window.total_seconds())
    if attempts.count(key, window_s=window_s, now=now) > limit.attempts:
        retry_after_s = window_s - int(now.timestamp()) % window_s
        minutes = -(-retry_after_s // 60)
        raise TooManyAttempts(
            f"Too many attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}.",
            retry_after_s=retry_after_s,
        )
