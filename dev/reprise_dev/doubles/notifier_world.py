"""A notifier with its surroundings under the test's control: time, mail, and the stores it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from reprise.domain.cooldowns import CooldownPolicy
from reprise.domain.deliveries import Delivery, DeliveryResult
from reprise.domain.notices import Notice
from reprise.domain.outcomes import Outcome
from reprise.ports.notifications import CooldownStore, DeliveryStore
from reprise.rendering.emails import JinjaFailureEmails
from reprise.usecases.notify.notify_outcome import notify, notify_outcome
from reprise.usecases.notify.ports import NotifierPorts
from reprise_dev.doubles.fakes.accounts import MemoryUsers
from reprise_dev.doubles.fakes.notifications import MemoryCooldowns, MemoryDeliveries, RecordingEmail
from reprise_dev.samples.notices import T0, USER_ID, ann

WINDOW = timedelta(days=7)
LEASE = timedelta(minutes=5)
POLICY = CooldownPolicy(length=WINDOW, lease=LEASE)
EMAILS = JinjaFailureEmails(public_url="https://reprise.example.org", sender="reprise@example.org", quiet_for=WINDOW)


@dataclass
class NotifierWorld:
    cooldowns: CooldownStore = field(default_factory=MemoryCooldowns)
    deliveries: DeliveryStore = field(default_factory=MemoryDeliveries)
    users: MemoryUsers = field(default_factory=MemoryUsers)
    email: RecordingEmail = field(default_factory=RecordingEmail)
    now: datetime = T0
    attempts: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.users.upsert(ann())

    def ports(self) -> NotifierPorts:
        return NotifierPorts(
            users=self.users,
            cooldowns=self.cooldowns,
            deliveries=self.deliveries,
            email=self.email,
            emails=EMAILS,
            clock=lambda: self.now,
            new_id=lambda: f"attempt-{next(self.attempts)}",
            policy=POLICY,
        )

    def hears(self, notice: Notice, *, at: datetime | None = None) -> DeliveryResult:
        """Handle `notice`, at `at` (and from then on) unless None."""
        self.now = at or self.now
        return notify(notice, self.ports())

    def takes(self, outcome: Outcome, *, at: datetime | None = None) -> tuple[DeliveryResult, ...]:
        """Handle a whole message."""
        self.now = at or self.now
        return notify_outcome(outcome, self.ports())

    def history(self) -> list[Delivery]:
        """Ann's delivery rows, oldest first."""
        return list(reversed(self.deliveries.of_owner(USER_ID, limit=1000)))

    def results(self) -> list[DeliveryResult]:
        return [delivery.result for delivery in self.history()]
