"""Cooldown windows in DynamoDB: one item per (user, connection, group).

Read, decide in `domain.cooldowns`, write on condition that the item is still the one that was read: exactly one of
many workers gets a window. Nothing here ever asks whether TTL deleted an item.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from reprise.domain import cooldowns
from reprise.domain.cooldowns import RECOVERIES_KEPT, Claim, ClaimState, CooldownPolicy, Incident, Window, window_key
from reprise.domain.notices import Notice
from reprise.ports.notifications import Claimed, Contended
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import seconds_up

_T = TypeVar("_T")

# Each lost try means that another worker got something done; so many in a row mean a crowd.
TRIES = 12
KEPT_AFTER = timedelta(days=1)


class _Row(Model):
    """Times are text with microseconds, in UTC and of one width: exact, since what came first decides.

    `outcome_id` holds a notice's id, and `settled` the recoveries: names of attributes outlive those of the code.
    """

    user_id = UnicodeAttribute(hash_key=True)
    window_key = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    outcome_id = UnicodeAttribute(null=True)
    attempt = UnicodeAttribute(null=True)
    failed_at = UTCDateTimeAttribute(null=True)
    claim_state = UnicodeAttribute(null=True)
    quiet_until = UTCDateTimeAttribute(null=True)
    opened_at = UTCDateTimeAttribute(null=True)
    cause = UnicodeAttribute(null=True)
    first_failure_at = UTCDateTimeAttribute(null=True)
    notified_at = UTCDateTimeAttribute(null=True)
    settled = JSONAttribute()
    expires_at = NumberAttribute()


class DynamoCooldowns:
    """`CooldownStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def claim(self, failure: Notice, *, attempt: str, now: datetime, policy: CooldownPolicy) -> Claimed:
        change = partial(cooldowns.claim, failure=failure, attempt=attempt, now=now, policy=policy)
        verdict, window, revision = self._change(
            *self._load(failure.user_id, window_key(failure.party.connection_id)), change, now
        )
        return Claimed(verdict=verdict, window=window, attempt=attempt, revision=revision)

    def confirm(self, claimed: Claimed, *, now: datetime, policy: CooldownPolicy) -> bool:
        change = partial(cooldowns.confirm, attempt=claimed.attempt, now=now, policy=policy)
        return self._change(claimed.window, claimed.revision, change, now)[0]

    def release(self, claimed: Claimed, *, now: datetime) -> None:
        def change(window: Window) -> tuple[None, Window]:
            return None, cooldowns.release(window, claimed.attempt)

        self._change(claimed.window, claimed.revision, change, now)

    def park(self, claimed: Claimed, *, now: datetime) -> None:
        def change(window: Window) -> tuple[None, Window]:
            return None, cooldowns.park(window, claimed.attempt)

        self._change(claimed.window, claimed.revision, change, now)

    def clear(self, recovery: Notice, *, now: datetime) -> bool:
        change = partial(cooldowns.clear, recovery=recovery, now=now)
        return self._change(*self._load(recovery.user_id, window_key(recovery.party.connection_id)), change, now)[0]

    def _change(
        self, window: Window, revision: int, change: Callable[[Window], tuple[_T, Window]], now: datetime
    ) -> tuple[_T, Window, int]:
        """Apply `change` to what is stored, beginning with what is known of it. Writes nothing if nothing changes."""
        for _ in range(TRIES):
            result, after = change(window)
            if after == window:
                return result, window, revision
            if self._save(after, revision, now):
                return result, after, revision + 1
            window, revision = self._load(window.user_id, window.window_key)
        raise Contended

    def _load(self, user_id: str, key: str) -> tuple[Window, int]:
        try:
            row = self._rows.get(user_id, key, consistent_read=True)
        except self._rows.DoesNotExist:
            return Window(user_id=user_id, window_key=key), 0
        return _window(row), int(row.revision)

    def _save(self, window: Window, revision: int, now: datetime) -> bool:
        """False when the item is no longer at `revision` (0: not there)."""
        row = _row(self._rows, window, revision + 1, now)
        return condition_held(lambda: row.save(condition=_still_at(revision)))


def _still_at(revision: int) -> Condition:
    untouched: Condition = _Row.window_key.does_not_exist() if revision == 0 else _Row.revision == revision
    return untouched


def _row(rows: type[_Row], window: Window, revision: int, now: datetime) -> _Row:
    claim, incident = window.claim, window.incident
    row = rows(window.user_id, window.window_key, revision=revision)
    row.settled = {cause: moment.isoformat() for cause, moment in window.recoveries.items()}
    row.expires_at = seconds_up(max(now + RECOVERIES_KEPT, claim.quiet_until if claim else now) + KEPT_AFTER)
    if claim is not None:
        row.outcome_id = claim.notice_id
        row.attempt = claim.attempt
        row.failed_at = claim.failed_at
        row.claim_state = claim.state.value
        row.quiet_until = claim.quiet_until
    if incident is not None:
        row.opened_at = incident.opened_at
        row.cause = incident.cause
        row.first_failure_at = incident.first_failure_at
        row.notified_at = incident.notified_at
    return row


def _window(row: _Row) -> Window:
    return Window(
        user_id=row.user_id,
        window_key=row.window_key,
        claim=_claim(row),
        incident=_incident(row),
        recoveries={cause: datetime.fromisoformat(moment) for cause, moment in row.settled.items()},
    )


def _claim(row: _Row) -> Claim | None:
    if not row.outcome_id:
        return None
    return Claim(
        notice_id=row.outcome_id,
        attempt=row.attempt,
        failed_at=row.failed_at,
        state=ClaimState(row.claim_state),
        quiet_until=row.quiet_until,
    )


def _incident(row: _Row) -> Incident | None:
    if not row.cause:
        return None
    return Incident(
        opened_at=row.opened_at,
        cause=row.cause,
        first_failure_at=row.first_failure_at,
        notified_at=row.notified_at,
    )
