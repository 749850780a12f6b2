"""What the notifier needs from outside, gathered in one place by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.cooldowns import CooldownPolicy
from reprise.ports.channels import EmailChannel
from reprise.ports.clock import Clock, NewId
from reprise.ports.notifications import CooldownStore, DeliveryStore, FailureEmails
from reprise.ports.people import UserStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifierPorts:
    """Everything the notifier may touch. `new_id` names each attempt; `policy` holds window and lease."""

    users: UserStore
    cooldowns: CooldownStore
    deliveries: DeliveryStore
    email: EmailChannel
    emails: FailureEmails
    clock: Clock
    new_id: NewId
    policy: CooldownPolicy
