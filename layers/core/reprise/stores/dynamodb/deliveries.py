"""The delivery history in DynamoDB: one item per notice and channel, kept for 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from reprise.domain.connections import ConnectionId
from reprise.domain.deliveries import Attempt, Delivery, DeliveryResult
from reprise.domain.failures import FailureKind
from reprise.domain.notices import NoticeType
from reprise.ports.notifications import Contended
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import seconds_up

KEPT_FOR = timedelta(days=90)
# Each lost try means that another worker got something done; so many in a row mean a crowd.
TRIES = 12


class _Row(Model):
    """`outcome_id` and `outcome_type` hold a notice's, `provider` a connection's id: names of attributes outlive those
    of the code.
    """

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
    attempts = JSONAttribute(null=True)
    expires_at = NumberAttribute()


class DynamoDeliveries:
    """`DeliveryStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def record(self, delivery: Delivery, *, known: Delivery | None = None) -> Delivery:
        """Most rows are new, and cost one write. Whoever comes second reads, and adds to what is there."""
        before = known
        for _ in range(TRIES):
            after = delivery.with_attempts_of(before)
            if self._replace(before, after):
                return after
            before = self._get(delivery)
            if before is not None and before.result.final:
                return before
        raise Contended

    def _get(self, delivery: Delivery) -> Delivery | None:
        try:
            return _delivery(self._rows.get(delivery.owner, delivery.delivery_id, consistent_read=True))
        except self._rows.DoesNotExist:
            return None

    def _replace(self, before: Delivery | None, after: Delivery) -> bool:
        row = _row(self._rows, after)
        untouched: Condition = _Row.delivery_id.does_not_exist()
        if before is not None:
            untouched = (_Row.result == before.result.value) & (_Row.recorded_at == before.recorded_at)
            untouched &= _Row.attempts == [_document(attempt) for attempt in before.attempts]
        return condition_held(lambda: row.save(condition=untouched))

    def of_owner(self, owner: str, *, limit: int) -> tuple[Delivery, ...]:
        rows = self._rows.query(owner, scan_index_forward=False, limit=limit)
        return tuple(_delivery(row) for row in rows)


def _row(rows: type[_Row], delivery: Delivery) -> _Row:
    return rows(
        delivery.owner,
        delivery.delivery_id,
        outcome_id=delivery.notice_id,
        outcome_type=delivery.notice_type.value,
        channel=delivery.channel,
        provider=delivery.connection_id,
        cause=delivery.cause,
        result=delivery.result.value,
        occurred_at=delivery.occurred_at,
        recorded_at=delivery.recorded_at,
        failure_kind=delivery.failure_kind.value if delivery.failure_kind else None,
        detail=delivery.detail,
        attempts=[_document(attempt) for attempt in delivery.attempts],
        expires_at=seconds_up(delivery.recorded_at + KEPT_FOR),
    )


def _delivery(row: _Row) -> Delivery:
    return Delivery(
        owner=row.owner,
        delivery_id=row.delivery_id,
        notice_id=row.outcome_id,
        notice_type=NoticeType(row.outcome_type),
        channel=row.channel,
        connection_id=ConnectionId(row.provider),
        cause=row.cause,
        result=DeliveryResult(row.result),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        failure_kind=FailureKind(row.failure_kind) if row.failure_kind else None,
        detail=row.detail,
        attempts=tuple(_attempt(document) for document in row.attempts or []),
    )


def _document(attempt: Attempt) -> dict[str, str]:
    return {
        "began_at": attempt.began_at.isoformat(),
        "ended_at": attempt.ended_at.isoformat() if attempt.ended_at else "",
        "result": attempt.result.value,
        "detail": attempt.detail,
    }


def _attempt(document: dict[str, str]) -> Attempt:
    ended_at = document["ended_at"]
    return Attempt(
        began_at=datetime.fromisoformat(document["began_at"]),
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        result=DeliveryResult(document["result"]),
        detail=document["detail"],
    )
