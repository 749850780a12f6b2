"""Cooldowns, deliveries and email in memory. The contract suites run them beside the real adapters."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime

from reprise.channels.mime import mime_of
from reprise.domain import cooldowns
from reprise.domain.cooldowns import CooldownPolicy, Window, window_key
from reprise.domain.deliveries import Delivery
from reprise.domain.notices import Notice
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailMessage
from reprise.ports.notifications import Claimed

SENDER = "reprise@example.org"


class MemoryCooldowns:
    """`CooldownStore`: every verb is one step under a lock."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}
        self._lock = threading.Lock()

    def claim(self, failure: Notice, *, attempt: str, now: datetime, policy: CooldownPolicy) -> Claimed:
        with self._lock:
            window = self._window(failure.user_id, window_key(failure.party.connection_id))
            verdict, after = cooldowns.claim(window, failure, attempt=attempt, now=now, policy=policy)
            self._keep(after)
        return Claimed(verdict=verdict, window=after, attempt=attempt, revision=0)

    def confirm(self, claimed: Claimed, *, now: datetime, policy: CooldownPolicy) -> bool:
        with self._lock:
            mine, after = cooldowns.confirm(self._current(claimed), claimed.attempt, now=now, policy=policy)
            self._keep(after)
        return mine

    def release(self, claimed: Claimed, *, now: datetime) -> None:
        with self._lock:
            self._keep(cooldowns.release(self._current(claimed), claimed.attempt))

    def park(self, claimed: Claimed, *, now: datetime) -> None:
        with self._lock:
            self._keep(cooldowns.park(self._current(claimed), claimed.attempt))

    def clear(self, recovery: Notice, *, now: datetime) -> bool:
        with self._lock:
            window = self._window(recovery.user_id, window_key(recovery.party.connection_id))
            ended, after = cooldowns.clear(window, recovery, now=now)
            self._keep(after)
        return ended

    def _current(self, claimed: Claimed) -> Window:
        return self._window(claimed.window.user_id, claimed.window.window_key)

    def _window(self, user_id: str, key: str) -> Window:
        return self._windows.get((user_id, key)) or Window(user_id=user_id, window_key=key)

    def _keep(self, window: Window) -> None:
        self._windows[window.user_id, window.window_key] = window


class MemoryDeliveries:
    """`DeliveryStore`."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Delivery]] = defaultdict(dict)
        self._lock = threading.Lock()

    def record(self, delivery: Delivery, *, known: Delivery | None = None) -> Delivery:
        with self._lock:
            rows = self._rows[delivery.owner]
            before = rows.get(delivery.delivery_id)
            if before is not None and before.result.final:
                return before
            rows[delivery.delivery_id] = delivery.with_attempts_of(before)
            return rows[delivery.delivery_id]

    def of_owner(self, owner: str, *, limit: int) -> tuple[Delivery, ...]:
        with self._lock:
            rows = self._rows[owner]
            return tuple(rows[delivery_id] for delivery_id in sorted(rows, reverse=True)[:limit])


class RecordingEmail:
    """`EmailChannel` that keeps what it is given, and takes no address or header that a real one would not.

    `errors` are raised first, one a send; None lets one through.
    """

    def __init__(self, *errors: ChannelRejected | ChannelUnavailable | None, configured: bool = True) -> None:
        self.sent: list[EmailMessage] = []
        self._errors = list(errors)
        self._configured = configured

    @property
    def configured(self) -> bool:
        return self._configured

    def send(self, message: EmailMessage) -> None:
        error = self._errors.pop(0) if self._errors else None
        if error is not None:
            raise error
        mime_of(message, sender=SENDER, date=datetime(2026, 1, 1, tzinfo=UTC))
        self.sent.append(message)
