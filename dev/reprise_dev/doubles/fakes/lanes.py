"""Who is at work for a person, in memory."""

from __future__ import annotations

import threading
from datetime import datetime

from reprise.domain.jobs import Lane
from reprise_dev.doubles.fakes.rounding import lease_end, stored


class MemoryLanes:
    def __init__(self) -> None:
        self._held: dict[tuple[str, Lane], tuple[str, datetime]] = {}
        self._looked_at: dict[tuple[str, Lane], datetime] = {}
        self._lock = threading.Lock()

    def enter(self, user_id: str, lane: Lane, *, holder: str, now: datetime, until: datetime) -> bool:
        with self._lock:
            held = self._held.get((user_id, lane))
            if held is not None and held[0] != holder and held[1] > stored(now):
                return False
            self._held[user_id, lane] = holder, lease_end(until)
            return True

    def leave(self, user_id: str, lane: Lane, *, holder: str, looked_at: datetime | None = None) -> None:
        with self._lock:
            if self._held.get((user_id, lane), ("", None))[0] == holder:
                del self._held[user_id, lane]
                if looked_at is not None:
                    self._looked_at[user_id, lane] = stored(looked_at)

    def looked_at(self, user_id: str, lane: Lane) -> datetime | None:
        with self._lock:
            return self._looked_at.get((user_id, lane))

    def clear(self, user_id: str) -> None:
        with self._lock:
            for lane in Lane:
                self._held.pop((user_id, lane), None)
                self._looked_at.pop((user_id, lane), None)
