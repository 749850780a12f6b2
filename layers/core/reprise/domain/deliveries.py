"""What became of every notice: delivered, or a named reason why not (invariant 7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from reprise.domain.connections import ConnectionId
from reprise.domain.failures import FailureKind
from reprise.domain.ids import ulid
from reprise.domain.notices import Notice, NoticeType

EMAIL = "email"


class DeliveryResult(StrEnum):
    # Begun and not ended: what a crash leaves behind.
    SENDING = "sending"
    # The relay could not take it; the same message is tried again.
    UNAVAILABLE = "unavailable"
    SENT = "sent"
    # Sent, but meanwhile the claim had gone to another or the window was cleared.
    SENT_UNCONFIRMED = "sent_unconfirmed"
    # An email about this connection went out, or is on its way, in the present window (`S0-09`).
    COOLING = "cooling"
    # Older than a recovery that was already seen: there is nothing to do about it any more.
    STALE = "stale"
    # The person entered no address (`S0x-04`).
    NO_ADDRESS = "no_address"
    # There is no such person any more.
    UNKNOWN_USER = "unknown_user"
    # This instance has no mail (`S0-05`, `S0-W2`).
    CHANNEL_UNCONFIGURED = "channel_unconfigured"
    # Refused for good; the window did not start.
    REJECTED = "rejected"
    # A failure that passes by itself is never an email (`S0x-11`).
    RETRIABLE = "retriable"
    # A recovery ended the window (`S0-12`, `S0-13`).
    CLEARED = "cleared"
    # A success, and no window of a failure that it resolves.
    NOTHING_TO_CLEAR = "nothing_to_clear"

    @property
    def final(self) -> bool:
        """False where the same message is to be tried again."""
        return self not in _OPEN


_OPEN = frozenset({DeliveryResult.SENDING, DeliveryResult.UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send. `ended_at` is None while it is under way, or where it was cut off; `detail` is why it failed."""

    began_at: datetime
    ended_at: datetime | None = None
    result: DeliveryResult = DeliveryResult.SENDING
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One notice on one channel, and every attempt to send it, oldest first.

    `owner` is a user id; `recorded_at` is when this result was reached. `detail` is one sentence of our own words, or
    "". `failure_kind` is None where nothing failed.
    """

    owner: str
    delivery_id: str
    notice_id: str
    notice_type: NoticeType
    channel: str
    connection_id: ConnectionId
    cause: str
    result: DeliveryResult
    occurred_at: datetime
    recorded_at: datetime
    failure_kind: FailureKind | None = None
    detail: str = ""
    attempts: tuple[Attempt, ...] = ()

    def with_attempts_of(self, before: Delivery | None) -> Delivery:
        """Returns this delivery after those attempts of `before` that it does not tell of itself."""
        told = {attempt.began_at for attempt in self.attempts}
        earlier = () if before is None else (each for each in before.attempts if each.began_at not in told)
        return replace(self, attempts=(*earlier, *self.attempts))


def delivery_of(
    notice: Notice, result: DeliveryResult, *, now: datetime, detail: str = "", began_at: datetime | None = None
) -> Delivery:
    """Returns the email row of `notice`: of the same id however often the message comes.

    `began_at` is when this attempt to send began; None where nothing was to be sent.
    """
    under_way = result is DeliveryResult.SENDING
    attempt = began_at and Attempt(began_at=began_at, ended_at=None if under_way else now, result=result, detail=detail)
    return Delivery(
        owner=notice.user_id,
        delivery_id=_delivery_id(notice),
        notice_id=notice.notice_id,
        notice_type=notice.notice_type,
        channel=EMAIL,
        connection_id=notice.party.connection_id,
        cause=notice.cause,
        result=result,
        occurred_at=notice.occurred_at,
        recorded_at=now,
        failure_kind=notice.fault.kind if notice.fault else None,
        detail=detail,
        attempts=(attempt,) if attempt else (),
    )


def _delivery_id(notice: Notice) -> str:
    """A ULID, so that rows sort by time; its random part is a digest, so that a repeated message finds its row."""
    named = f"{notice.user_id}\n{notice.notice_id}\n{EMAIL}"
    return ulid(notice.occurred_at, hashlib.sha256(named.encode()).digest()[:10])
