"""The audit trail in memory."""

from __future__ import annotations

import threading
from dataclasses import replace

from reprise.domain.events import AuditEvent
from reprise.ports.events import BadCursor, Page
from reprise_dev.doubles.fakes.rounding import stored


class MemoryEvents:
    """`all` holds every event in the order written."""

    def __init__(self) -> None:
        self._by_id: dict[tuple[str, str], AuditEvent] = {}
        self._lock = threading.Lock()

    @property
    def all(self) -> tuple[AuditEvent, ...]:
        with self._lock:
            return tuple(self._by_id.values())

    def has(self, event: AuditEvent) -> bool:
        with self._lock:
            return (event.user_id, event.event_id) in self._by_id

    def add(self, event: AuditEvent) -> None:
        with self._lock:
            self._by_id.setdefault(
                (event.user_id, event.event_id), replace(event, occurred_at=stored(event.occurred_at))
            )

    def of_playlist(self, user_id: str, playlist_id: str, *, limit: int, cursor: str | None) -> Page:
        with self._lock:
            mine = [e for e in self._by_id.values() if (e.user_id, e.playlist_id) == (user_id, playlist_id)]
        return _page(mine, limit, cursor)

    def of_user(self, user_id: str, *, limit: int, cursor: str | None) -> Page:
        with self._lock:
            mine = [event for event in self._by_id.values() if event.user_id == user_id]
        return _page(mine, limit, cursor)


def _page(mine: list[AuditEvent], limit: int, cursor: str | None) -> Page:
    before = None if cursor is None else _position(cursor)
    found = sorted(mine, key=lambda event: event.event_id, reverse=True)
    rest = [event for event in found if before is None or event.event_id < before]
    items = tuple(rest[:limit])
    return Page(items=items, cursor=f"after-{items[-1].event_id}" if len(rest) > limit else None)


def _position(cursor: str) -> str:
    if not cursor.startswith("after-"):
        raise BadCursor("the cursor is not one of ours")
    return cursor.removeprefix("after-")
