"""People: their sessions, their attempts, and the work that is done for them at present. Times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from reprise.domain.accounts import Session, User
from reprise.domain.jobs import Lane


class UserStore(Protocol):
    def get(self, user_id: str) -> User | None: ...

    def upsert(self, user: User) -> User:
        """Create, or refresh what the server says (`admin`); an email already entered stays. Returns what is stored."""
        ...

    def set_email(self, user_id: str, email: str | None) -> None: ...

    def remove(self, user_id: str) -> None:
        """Forget a person; one who is not there is fine."""
        ...


class SessionStore(Protocol):
    def add(self, session: Session) -> None: ...

    def get(self, token_hash: str) -> Session | None: ...

    def of_user(self, user_id: str) -> tuple[Session, ...]: ...

    def remove(self, token_hash: str) -> None: ...


class DepartureStore(Protocol):
    """Who left, for longer than any backup lasts that they are in. A restore reads it (docs/operations.md)."""

    def note(self, user_id: str, left_at: datetime) -> None:
        """Remember one departure; noting it again is harmless."""
        ...


class AttemptStore(Protocol):
    """Counts attempts in fixed windows, for rate limits, and remembers what signing in has shown (`S1x-90`)."""

    def count(self, key: str, *, window_s: int, now: datetime) -> int:
        """Count one more attempt under `key` and return how many fell into the present window, this one included."""
        ...

    def take_back(self, key: str, *, window_s: int, now: datetime) -> None:
        """Count one attempt less in the window of `now`."""
        ...

    def remember(self, key: str, *, until: datetime) -> None:
        """Know `key` until then; knowing it already, until then instead."""
        ...

    def remembers(self, key: str, *, now: datetime) -> bool: ...


class LaneStore(Protocol):
    """Which job of a person runs, in each lane, and when the last one there had looked at everything."""

    def enter(self, user_id: str, lane: Lane, *, holder: str, now: datetime, until: datetime) -> bool:
        """Be the one job in this lane. False while another holder is in it, whose time is not over at `now`.

        Asking again as the same holder, as after a lost reply, is harmless here and below.
        """
        ...

    def leave(self, user_id: str, lane: Lane, *, holder: str, looked_at: datetime | None = None) -> None:
        """Make room; does nothing where somebody else is in the lane by now.

        `looked_at` is when all that was to be looked at had been; None leaves what an earlier job noted.
        """
        ...

    def looked_at(self, user_id: str, lane: Lane) -> datetime | None:
        """When a job in this lane had last looked at everything; None before the first one."""
        ...

    def clear(self, user_id: str) -> None:
        """Forget who is in any lane of this person."""
        ...
