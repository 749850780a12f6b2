"""Accounts elsewhere, and how they are doing. Times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from reprise.domain.connections import Connection, ConnectionId
from reprise.domain.health import Health


class ConnectionStore(Protocol):
    def get(self, user_id: str, connection_id: ConnectionId) -> Connection | None: ...

    def put(self, connection: Connection) -> None:
        """Create, or refresh the account and its credential; a threshold that is there already stays."""
        ...

    def set_match_threshold(self, user_id: str, connection_id: ConnectionId, threshold: float | None) -> bool:
        """Keep the person's threshold (None: they have none). False when there is no such account."""
        ...

    def remove(self, user_id: str, connection_id: ConnectionId) -> None:
        """Forget an account and its credential; one that is not there is fine."""
        ...


class HealthStore(Protocol):
    def get(self, user_id: str, connection_id: ConnectionId) -> Health:
        """A healthy one where nothing is recorded."""
        ...

    def record_failure(self, before: Health, after: Health) -> Health:
        """Replace `before` by `after`, unless another worker was faster: then theirs stands and is returned."""
        ...

    def claim_probe(self, seen: Health, *, now: datetime, until: datetime) -> bool:
        """Be the one worker that tries a failing connection again: nobody else may before `until`.

        False when another worker's claim still holds at `now`, or the streak went on or ended since `seen` was read.
        """
        ...

    def reset(self, user_id: str, connection_id: ConnectionId) -> None:
        """Healthy from now on."""
        ...

    def forget(self, user_id: str) -> None:
        """Forget how any connection of this person is doing."""
        ...
