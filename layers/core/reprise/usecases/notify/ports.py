"""What telling people needs from outside, gathered in one place by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.cooldowns import CooldownPolicy
from reprise.ports.channels import EmailChannel
from reprise.ports.clock import Clock, NewId
from reprise.ports.notifications import CooldownStore, DeliveryStore, FailureEmails, TrialEmails
from reprise.ports.people import AttemptStore, UserStore


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPorts:
    """For the email that a person asks for to see whether mail reaches them."""

    users: UserStore
    attempts: AttemptStore
    email: EmailChannel
    emails: TrialEmails
    clock: Clock
