"""The delivery history in DynamoDB: one item per outcome and channel, kept for 90 days."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.models import Model

from reprise.domain.deliveries import Delivery, DeliveryResult
from reprise.domain.failures import FailureKind
from reprise.domain.outcomes import OutcomeType
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import seconds_up

KEPT_FOR = timedelta(days=90)
_OPEN = [result.value for result in DeliveryResult if not result.final]


class _Row(Model):
    owner = UnicodeAttribute(hash_key=True)
    delivery_id = UnicodeAttribute(range_key=True)
    outcome_id = UnicodeAttribute()
    outcome_type = UnicodeAttribute()
    channel = UnicodeAttribute()
    provider = UnicodeAttribute()
    cause = UnicodeAttribute()
    result = UnicodeAttribute()
    occurred_at = UTCDateTimeAttribute()
    recorded_at = UTCDateTimeAttribute()
    failure_kind = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(default="")
    expires_at = NumberAttribute()


class DynamoDeliveries:
    """`DeliveryStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def record(self, delivery: Delivery) -> Delivery:
        still_open = _Row.delivery_id.does_not_exist() | _Row.result.is_in(*_OPEN)
        row = _row(self._rows, delivery)
        if condition_held(lambda: row.save(condition=still_open)):
            return delivery
        return _delivery(self._rows.get(delivery.owner, delivery.delivery_id, consistent_read=True))

    def of_owner(self, owner: str, *, limit: int) -> tuple[Delivery, ...]:
        rows = self._rows.query(owner, scan_index_forward=False, limit=limit)
        return tuple(_delivery(row) for row in rows)


def _row(rows: type[_Row], delivery: Delivery) -> _Row:
    return rows(
        delivery.owner,
        delivery.delivery_id,
        outcome_id=delivery.outcome_id,
        outcome_type=delivery.outcome_type.value,
        channel=delivery.channel,
        provider=delivery.provider,
        cause=delivery.cause,
        result=delivery.result.value,
        occurred_at=delivery.occurred_at,
        recorded_at=delivery.recorded_at,
        failure_kind=delivery.failure_kind.value if delivery.failure_kind else None,
        detail=delivery.detail,
        expires_at=seconds_up(delivery.recorded_at + KEPT_FOR),
    )


def _delivery(row: _Row) -> Delivery:
    return Delivery(
        owner=row.owner,
        delivery_id=row.delivery_id,
        outcome_id=row.outcome_id,
        outcome_type=OutcomeType(row.outcome_type),
        channel=row.channel,
        provider=row.provider,
        cause=row.cause,
        result=DeliveryResult(row.result),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        failure_kind=FailureKind(row.failure_kind) if row.failure_kind else None,
        detail=row.detail,
    )
