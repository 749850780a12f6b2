"""What the notifier has to remember, and how it words what it sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reprise.domain.cooldowns import CooldownPolicy, Verdict, Window
from reprise.domain.deliveries import Delivery
from reprise.domain.notices import Notice
from reprise.ports.channels import EmailMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """`window` is as it stood, or as it stands now if `verdict` is granted; hand it back to the other verbs.

    `revision` is the store's own: which write of the window this is.
    """

    verdict: Verdict
    window: Window
    attempt: str
    revision: int


class CooldownStore(Protocol):
    """The windows of `domain.cooldowns`, each changed atomically. Any verb raises `Contended` under too much haste."""

    def claim(self, failure: Notice, *, attempt: str, now: datetime, policy: CooldownPolicy) -> Claimed:
        """Take the window for `failure`, or say why not. `attempt` is new for every handling of a message."""
        ...

    def confirm(self, claimed: Claimed, *, now: datetime, policy: CooldownPolicy) -> bool:
        """Start the window. False when the claim was lost meanwhile: then nothing changed."""
        ...

    def release(self, claimed: Claimed, *, now: datetime) -> None:
        """Give the claim back; does nothing when it was lost meanwhile."""
        ...

    def park(self, claimed: Claimed, *, now: datetime) -> None:
        """Leave the claim to the same notice's next attempt; does nothing when it was lost meanwhile."""
        ...

    def clear(self, recovery: Notice, *, now: datetime) -> bool:
        """End the window `recovery` resolves, and remember it. False when there was none to end."""
        ...


class DeliveryStore(Protocol):
    """The history: one row per notice and channel, with every attempt to send it."""

    def record(self, delivery: Delivery, *, known: Delivery | None = None) -> Delivery:
        """Write the row unless one with a final result is there already. Returns the one that stands.

        `known` is the row as the caller last saw it, None for not at all: it spares a read, and changes nothing else.
        Attempts add up: those of the row that was there stay, and one that began at the same time is told anew.
        """
        ...

    def of_owner(self, owner: str, *, limit: int) -> tuple[Delivery, ...]:
        """The newest `limit` rows, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureNotice:
    """What a failure email has to say, of a notice that something failed.

    `message_key` names this email, `thread_key` ties it to earlier ones.
    """

    notice: Notice
    first_failure_at: datetime
    message_key: str
    thread_key: str


class FailureEmails(Protocol):
    """Words the email about a failure; what it says of names is safe to show wherever mail is read."""

    def failure_email(self, notice: FailureNotice, *, to: str) -> EmailMessage: ...


class TrialEmails(Protocol):
    """Words the email a person asks for to see whether mail reaches them (`S0x-28`)."""

    def trial_email(self, *, to: str, message_key: str) -> EmailMessage: ...


class Contended(Exception):
    """Too many workers changed the same window at once; trying again helps."""
