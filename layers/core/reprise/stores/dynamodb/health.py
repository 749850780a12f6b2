"""Health of connections in DynamoDB. A healthy connection has no item."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from reprise.domain.connections import ConnectionId
from reprise.domain.failures import FailureKind
from reprise.domain.health import Health
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import from_ms_or_none, ms, ms_or_none


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    consecutive_failures = NumberAttribute()
    first_failure_at = NumberAttribute(null=True)
    last_failure_at = NumberAttribute(null=True)
    next_retry_at = NumberAttribute(null=True)
    last_kind = UnicodeAttribute(null=True)
    probing_until = NumberAttribute(null=True)


class DynamoHealth:
    """`HealthStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def get(self, user_id: str, connection_id: ConnectionId) -> Health:
        try:
            return _health(self._rows.get(user_id, connection_id, consistent_read=True))
        except self._rows.DoesNotExist:
            return Health(user_id=user_id, connection_id=connection_id)

    def record_failure(self, before: Health, after: Health) -> Health:
        row = self._rows(
            before.user_id,
            before.connection_id,
            consecutive_failures=after.consecutive_failures,
            first_failure_at=ms_or_none(after.first_failure_at),
            last_failure_at=ms_or_none(after.last_failure_at),
            next_retry_at=ms_or_none(after.next_retry_at),
            last_kind=after.last_kind.value if after.last_kind else None,
            probing_until=ms_or_none(after.probing_until),
        )
        if condition_held(lambda: row.save(condition=_as_read(before))):
            return _health(row)
        return self.get(before.user_id, before.connection_id)

    def claim_probe(self, seen: Health, *, now: datetime, until: datetime) -> bool:
        row = self._rows(seen.user_id, seen.connection_id)
        free: Condition = _Row.probing_until.does_not_exist() | (_Row.probing_until <= ms(now))
        failing: Condition = _Row.connection_id.exists() & _as_read(seen)
        return condition_held(lambda: row.update([_Row.probing_until.set(ms(until))], condition=failing & free))

    def reset(self, user_id: str, connection_id: ConnectionId) -> None:
        self._rows(user_id, connection_id).delete()

    def forget(self, user_id: str) -> None:
        for row in self._rows.query(user_id, attributes_to_get=["user_id", "connection_id"]):
            self._rows(user_id, row.connection_id).delete()


def _as_read(before: Health) -> Condition:
    """True while the item is still what `before` was read from: the streak's length and its last failure say so."""
    if before.healthy:
        return _Row.connection_id.does_not_exist()
    same_length: Condition = _Row.consecutive_failures == before.consecutive_failures
    same_last: Condition = _Row.last_failure_at == ms_or_none(before.last_failure_at)
    both: Condition = same_length & same_last
    return both


def _health(row: _Row) -> Health:
    return Health(
        user_id=row.user_id,
        connection_id=ConnectionId(row.connection_id),
        consecutive_failures=int(row.consecutive_failures),
        first_failure_at=from_ms_or_none(row.first_failure_at),
        last_failure_at=from_ms_or_none(row.last_failure_at),
        next_retry_at=from_ms_or_none(row.next_retry_at),
        last_kind=FailureKind(row.last_kind) if row.last_kind else None,
        probing_until=from_ms_or_none(row.probing_until),
    )
