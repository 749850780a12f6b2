"""The window of quiet after a failure email: claim → send → confirm, and what a recovery does to it.

    (free) ── claim ──▶ SENDING ── sent, confirm ──▶ SENT ── quiet_until passes ──▶ (free)
      ▲                  │ ▲                        │
      ├── rejected: release│ └── the same message again │
      │        unavailable: park ──▶ PARKED            │
      └────────────── a recovery: clear ──────────────┘

Every change is a pure function from a window to the next one; a store applies it atomically. What decides is
always a comparison of times, never whether a row was deleted: deletion by TTL can come days late.

Messages come twice and out of order. So a claim names the notice and the attempt that hold it, and a recovery
leaves behind, per cause, when it was: an older failure that arrives later is stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from reprise.domain.connections import ConnectionId
from reprise.domain.notices import CONNECTION_CAUSE, Notice, NoticeType, cause_of

# The cooldown group of sync failures: one window per connection for all of them. Others can follow (`S0-21`).
GROUP = "sync"

EVERY_CAUSE = "*"
# How long a recovery is remembered: no message lives longer than 14 days in an SQS queue.
RECOVERIES_KEPT = timedelta(days=15)
# At most so many causes are remembered, the newest: an item holds 400 KB.
RECOVERIES_MAX = 2000


class ClaimState(StrEnum):
    # Somebody is sending, or crashed while doing so; over at `quiet_until`.
    SENDING = "held"
    # The relay was unavailable: the same notice may go on at once, others wait.
    PARKED = "parked"
    # Sent and confirmed: quiet until the window's end.
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who holds the window. `attempt` is one handling of one message; `failed_at` is when the failure happened."""

    notice_id: str
    attempt: str
    failed_at: datetime
    state: ClaimState
    quiet_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What the emails of one window are about. `opened_at` names it; `notified_at` is None until one was confirmed."""

    opened_at: datetime
    cause: str
    first_failure_at: datetime
    notified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The state of one (user, connection, group). `claim` None is free; `recoveries` maps a cause to its last one."""

    user_id: str
    window_key: str
    claim: Claim | None = None
    incident: Incident | None = None
    recoveries: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownPolicy:
    """`length` is the window (`S0-15`); `lease` is how long a claim may send, longer than the function's timeout."""

    length: timedelta
    lease: timedelta


class Verdict(StrEnum):
    GRANTED = "granted"
    COOLING = "cooling"
    STALE = "stale"
    # This very notice was sent and confirmed before.
    ALREADY_SENT = "already_sent"
    # This very notice is being sent by another delivery of the same message.
    IN_FLIGHT = "in_flight"


def window_key(connection_id: ConnectionId, group: str = GROUP) -> str:
    return f"{connection_id}#{group}"


def claim(
    window: Window, failure: Notice, *, attempt: str, now: datetime, policy: CooldownPolicy
) -> tuple[Verdict, Window]:
    """Try to take the window for `failure`; unless granted, it stays as it is."""
    verdict = _verdict(window, failure, attempt, now)
    if verdict is not Verdict.GRANTED:
        return verdict, window
    taken = Claim(
        notice_id=failure.notice_id,
        attempt=attempt,
        failed_at=failure.occurred_at,
        state=ClaimState.SENDING,
        quiet_until=now + policy.lease,
    )
    return verdict, replace(window, claim=taken, incident=_incident(window, failure, now, policy))


def confirm(window: Window, attempt: str, *, now: datetime, policy: CooldownPolicy) -> tuple[bool, Window]:
    """The email went out: the window starts now. False when the claim is no longer this attempt's."""
    mine = window.claim
    if mine is None or mine.attempt != attempt or window.incident is None:
        return False, window
    if mine.state is ClaimState.SENT:
        return True, window
    sent = replace(mine, state=ClaimState.SENT, quiet_until=now + policy.length)
    return True, replace(window, claim=sent, incident=replace(window.incident, notified_at=now))


def release(window: Window, attempt: str) -> Window:
    """The email was refused: free again, if it is still this attempt's. The incident goes on (`S0x-09`, `S0x-23`)."""
    if window.claim is None or window.claim.attempt != attempt:
        return window
    return replace(window, claim=None)


def park(window: Window, attempt: str) -> Window:
    """The relay was unavailable: leave the claim to the same outcome's next attempt, until the lease ends."""
    if window.claim is None or window.claim.attempt != attempt:
        return window
    return replace(window, claim=replace(window.claim, state=ClaimState.PARKED))


def clear(window: Window, recovery: Notice, *, now: datetime) -> tuple[bool, Window]:
    """End the window if `recovery` resolves what it is about, and remember the recovery in any case.

    True when there was something to end. A recovery older than the failure that holds the window ends nothing.
    """
    after = replace(window, recoveries=_remembered(window.recoveries, recovery, now))
    incident = window.incident
    if incident is None or not recovery.resolves(incident.cause):
        return False, after
    if window.claim is not None and recovery.occurred_at < window.claim.failed_at:
        return False, after
    return True, replace(after, claim=None, incident=None)


def incident_id(window: Window) -> str:
    """What names the window's email: every attempt to send it makes the same `Message-ID`."""
    if window.incident is None:
        raise ValueError("a window without an incident has no email")
    return _digest(window.user_id, window.window_key, window.incident.opened_at.isoformat())


def thread_id(window: Window) -> str:
    """What ties the emails about one connection together in a mail client, window after window."""
    return _digest(window.user_id, window.window_key)


def _verdict(window: Window, failure: Notice, attempt: str, now: datetime) -> Verdict:
    holder = window.claim
    mine = holder is not None and holder.notice_id == failure.notice_id
    if _over_since(window, failure):
        return Verdict.STALE
    if holder is None or holder.quiet_until <= now:
        return Verdict.GRANTED
    if not mine:
        return Verdict.COOLING
    if holder.state is ClaimState.SENT:
        return Verdict.ALREADY_SENT
    if holder.state is ClaimState.PARKED or holder.attempt == attempt:
        return Verdict.GRANTED
    return Verdict.IN_FLIGHT


def _over_since(window: Window, failure: Notice) -> bool:
    times = (window.recoveries.get(cause) for cause in (failure.cause, EVERY_CAUSE))
    return any(time is not None and failure.occurred_at < time for time in times)


def _incident(window: Window, failure: Notice, now: datetime, policy: CooldownPolicy) -> Incident:
    """Go on with the incident whose email never got through; otherwise begin a new one.

    A crash after the relay's OK leaves one unconfirmed: the next email about it has the same id, and a mail
    client shows one. An incident older than a window is not gone on with, or its email would be taken for the old one.
    """
    first = min(failure.first_failure_at or failure.occurred_at, failure.occurred_at)
    before = window.incident
    if before is None or before.notified_at is not None or before.opened_at + policy.length <= now:
        return Incident(opened_at=now, cause=failure.cause, first_failure_at=first)
    if before.cause == failure.cause:
        first = min(first, before.first_failure_at)
    return replace(before, cause=failure.cause, first_failure_at=first)


def _remembered(before: Mapping[str, datetime], recovery: Notice, now: datetime) -> dict[str, datetime]:
    """The recoveries known after this one; each cause keeps its newest, those too old to matter are dropped."""
    times = dict(before)
    for cause in _resolved_causes(recovery):
        times[cause] = max(recovery.occurred_at, times.get(cause, recovery.occurred_at))
    newest_first = sorted(times.items(), key=lambda item: item[1], reverse=True)[:RECOVERIES_MAX]
    return {cause: time for cause, time in newest_first if time > now - RECOVERIES_KEPT}


def _resolved_causes(recovery: Notice) -> list[str]:
    if recovery.notice_type is NoticeType.RECONNECTED:
        return [EVERY_CAUSE]
    causes = [CONNECTION_CAUSE, *(cause_of(end.playlist_id) for end in recovery.ends)]
    return [cause for cause in causes if recovery.resolves(cause)]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
