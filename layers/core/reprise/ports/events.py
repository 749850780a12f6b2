"""The audit trail. Times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reprise.domain.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of a list and where to go on; `cursor` is None at the end, opaque otherwise."""

    items: tuple[AuditEvent, ...]
    cursor: str | None


class EventStore(Protocol):
    """The audit trail."""

    def add(self, event: AuditEvent) -> None:
        """Idempotent by event id."""
        ...

    def of_playlist(self, user_id: str, playlist_id: str, *, limit: int, cursor: str | None) -> Page:
        """Newest first, at most `limit` of them. Raises `BadCursor` for a cursor that is none of ours."""
        ...

    def of_user(self, user_id: str, *, limit: int, cursor: str | None) -> Page:
        """The same for all of a user's playlists, those that are gone included."""
        ...


class BadCursor(ValueError):
    """A cursor that was not handed out by this store."""
