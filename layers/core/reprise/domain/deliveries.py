"""What became of every outcome: delivered, or a named reason why not (invariant 7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprise.domain.failures import FailureKind
from reprise.domain.ids import ulid
from reprise.domain.outcomes import Outcome, OutcomeType

EMAIL = "email"


class DeliveryResult(StrEnum):
    SENDING = "sending"
    """Begun and not ended: what a crash leaves behind."""
    UNAVAILABLE = "unavailable"
    """The relay could not take it; the same message is tried again."""
    SENT = "sent"
    SENT_UNCONFIRMED = "sent_unconfirmed"
    """Sent, but meanwhile the claim had gone to another or the window was cleared."""
    COOLING = "cooling"
    """An email about this provider went out, or is on its way, in the present window (`S0-09`)."""
    STALE = "stale"
    """Older than a recovery that was already seen: there is nothing to do about it any more."""
    NO_ADDRESS = "no_address"
    """The person entered no address (`S0x-04`)."""
    UNKNOWN_USER = "unknown_user"
    """There is no such person any more."""
    CHANNEL_UNCONFIGURED = "channel_unconfigured"
    """This instance has no mail (`S0-05`, `S0-W2`)."""
    REJECTED = "rejected"
    """Refused for good; the window did not start."""
    RETRIABLE = "retriable"
    """A failure that passes by itself is never an email (`S0x-11`)."""
    CLEARED = "cleared"
    """A recovery ended the window (`S0-12`, `S0-13`)."""
    NOTHING_TO_CLEAR = "nothing_to_clear"
    """A success, and no window of a failure that it resolves."""

    @property
    def final(self) -> bool:
        """False where the same message is to be tried again."""
        return self not in _OPEN


_OPEN = frozenset({DeliveryResult.SENDING, DeliveryResult.UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One outcome on one channel. `owner` is a user id; `recorded_at` is when this result was reached.

    `detail` is one sentence of our own words, or "". `failure_kind` is None where nothing failed.
    """

    owner: str
    delivery_id: str
    outcome_id: str
    outcome_type: OutcomeType
    channel: str
    provider: str
    cause: str
    result: DeliveryResult
    occurred_at: datetime
    recorded_at: datetime
    failure_kind: FailureKind | None = None
    detail: str = ""


def delivery_of(outcome: Outcome, result: DeliveryResult, *, now: datetime, detail: str = "") -> Delivery:
    """The email row of `outcome`: the same id however often the message comes."""
    return Delivery(
        owner=outcome.user_id,
        delivery_id=_delivery_id(outcome),
        outcome_id=outcome.outcome_id,
        outcome_type=outcome.outcome_type,
        channel=EMAIL,
        provider=outcome.provider,
        cause=outcome.cause,
        result=result,
        occurred_at=outcome.occurred_at,
        recorded_at=now,
        failure_kind=outcome.failure_kind,
        detail=detail,
    )


def _delivery_id(outcome: Outcome) -> str:
    """A ULID, so that rows sort by time; its random part is a digest, so that a repeated message finds its row."""
    named = f"{outcome.user_id}\n{outcome.outcome_id}\n{EMAIL}"
    return ulid(outcome.occurred_at, hashlib.sha256(named.encode()).digest()[:10])
