"""Health of connections in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from reprise.domain.connections import ConnectionId
from reprise.domain.health import Health
from reprise_dev.doubles.fakes.rounding import stored, stored_or_none


class MemoryHealth:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Health] = {}
        self._lock = threading.RLock()

    def get(self, user_id: str, connection_id: ConnectionId) -> Health:
        with self._lock:
            return self._rows.get((user_id, connection_id), Health(user_id=user_id, connection_id=connection_id))

    def record_failure(self, before: Health, after: Health) -> Health:
        with self._lock:
            present = self.get(before.user_id, before.connection_id)
            if _streak(present) != _streak(_rounded(before)):
                return present
            self._rows[before.user_id, before.connection_id] = _rounded(after)
            return _rounded(after)

    def claim_probe(self, seen: Health, *, now: datetime, until: datetime) -> bool:
        with self._lock:
            present = self.get(seen.user_id, seen.connection_id)
            taken = present.probing_until is not None and present.probing_until > stored(now)
            if present.healthy or taken or _streak(present) != _streak(_rounded(seen)):
                return False
            self._rows[seen.user_id, seen.connection_id] = replace(present, probing_until=stored(until))
            return True

    def reset(self, user_id: str, connection_id: ConnectionId) -> None:
        with self._lock:
            self._rows.pop((user_id, connection_id), None)

    def forget(self, user_id: str) -> None:
        with self._lock:
            for key in [key for key in self._rows if key[0] == user_id]:
                del self._rows[key]


def _streak(health: Health) -> tuple[object, ...]:
    return health.consecutive_failures, health.last_failure_at


def _rounded(health: Health) -> Health:
    return replace(
        health,
        first_failure_at=stored_or_none(health.first_failure_at),
        last_failure_at=stored_or_none(health.last_failure_at),
        next_retry_at=stored_or_none(health.next_retry_at),
        probing_until=stored_or_none(health.probing_until),
    )
