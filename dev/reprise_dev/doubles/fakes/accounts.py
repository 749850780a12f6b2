"""People, sign-ins, attempts and connections in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from reprise.domain.accounts import Session, User
from reprise.domain.connections import Connection, ConnectionId
from reprise_dev.doubles.fakes.rounding import stored, stored_or_none


class MemoryDepartures:
    """`all` is who left, and when, in the order of telling."""

    def __init__(self) -> None:
        self.all: list[tuple[str, datetime]] = []

    def note(self, user_id: str, left_at: datetime) -> None:
        departure = (user_id, stored(left_at))
        if departure not in self.all:
            self.all.append(departure)


class MemoryUsers:
    def __init__(self) -> None:
        self._rows: dict[str, User] = {}
        self._lock = threading.Lock()

    def get(self, user_id: str) -> User | None:
        with self._lock:
            return self._rows.get(user_id)

    def upsert(self, user: User) -> User:
        with self._lock:
            known = self._rows.get(user.user_id)
            if known is None:
                self._rows[user.user_id] = replace(user, created_at=stored(user.created_at))
            else:
                self._rows[user.user_id] = replace(
                    user, created_at=known.created_at, email=known.email if known.email is not None else user.email
                )
            return self._rows[user.user_id]

    def set_email(self, user_id: str, email: str | None) -> None:
        with self._lock:
            if user_id not in self._rows:
                raise LookupError("no such user")
            self._rows[user_id] = replace(self._rows[user_id], email=email)

    def remove(self, user_id: str) -> None:
        with self._lock:
            self._rows.pop(user_id, None)


class MemorySessions:
    def __init__(self) -> None:
        self._rows: dict[str, Session] = {}
        self._lock = threading.Lock()

    def add(self, session: Session) -> None:
        with self._lock:
            self._rows[session.token_hash] = replace(
                session, created_at=stored(session.created_at), expires_at=stored_or_none(session.expires_at)
            )

    def get(self, token_hash: str) -> Session | None:
        with self._lock:
            return self._rows.get(token_hash)

    def of_user(self, user_id: str) -> tuple[Session, ...]:
        with self._lock:
            found = [session for session in self._rows.values() if session.user_id == user_id]
        return tuple(sorted(found, key=lambda session: (session.created_at, session.token_hash)))

    def remove(self, token_hash: str) -> None:
        with self._lock:
            self._rows.pop(token_hash, None)


class MemoryAttempts:
    def __init__(self) -> None:
        self._counts: dict[tuple[str, int, int], int] = {}
        self._known: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def count(self, key: str, *, window_s: int, now: datetime) -> int:
        window = int(now.timestamp()) // window_s
        with self._lock:
            self._counts[key, window_s, window] = self._counts.get((key, window_s, window), 0) + 1
            return self._counts[key, window_s, window]

    def take_back(self, key: str, *, window_s: int, now: datetime) -> None:
        place = key, window_s, int(now.timestamp()) // window_s
        with self._lock:
            if self._counts.get(place, 0) > 0:
                self._counts[place] -= 1

    def remember(self, key: str, *, until: datetime) -> None:
        with self._lock:
            self._known[key] = until

    def remembers(self, key: str, *, now: datetime) -> bool:
        with self._lock:
            return key in self._known and now < self._known[key]


class MemoryConnections:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Connection] = {}
        self._lock = threading.Lock()

    def get(self, user_id: str, connection_id: ConnectionId) -> Connection | None:
        with self._lock:
            return self._rows.get((user_id, connection_id))

    def put(self, connection: Connection) -> None:
        with self._lock:
            known = self._rows.get((connection.user_id, connection.connection_id))
            kept = known.match_threshold if known else None
            self._rows[connection.user_id, connection.connection_id] = replace(
                connection,
                authorised_at=stored(connection.authorised_at),
                match_threshold=connection.match_threshold if kept is None else kept,
            )

    def set_match_threshold(self, user_id: str, connection_id: ConnectionId, threshold: float | None) -> bool:
        with self._lock:
            known = self._rows.get((user_id, connection_id))
            if known is None:
                return False
            self._rows[user_id, connection_id] = replace(known, match_threshold=threshold)
            return True

    def remove(self, user_id: str, connection_id: ConnectionId) -> None:
        with self._lock:
            self._rows.pop((user_id, connection_id), None)
