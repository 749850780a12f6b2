"""Who is at work for a person, one item a lane, beside the health of the connection that the work goes to."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.jobs import Lane
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import from_ms_or_none, ms, ms_up


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    holder = UnicodeAttribute(null=True)
    held_until = NumberAttribute(null=True)
    looked_at = NumberAttribute(null=True)


class DynamoLanes:
    """`LaneStore`, in the table of `DynamoHealth`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def enter(self, user_id: str, lane: Lane, *, holder: str, now: datetime, until: datetime) -> bool:
        free: Condition = _Row.holder.does_not_exist() | (_Row.held_until <= ms(now)) | (_Row.holder == holder)
        actions: list[Action] = [_Row.holder.set(holder), _Row.held_until.set(ms_up(until))]
        row = self._rows(user_id, _key(lane))
        return condition_held(lambda: row.update(actions, condition=free))

    def leave(self, user_id: str, lane: Lane, *, holder: str, looked_at: datetime | None = None) -> None:
        actions: list[Action] = [_Row.holder.remove(), _Row.held_until.remove()]
        if looked_at is not None:
            actions.append(_Row.looked_at.set(ms(looked_at)))
        row = self._rows(user_id, _key(lane))
        condition_held(lambda: row.update(actions, condition=_Row.holder == holder))  # else somebody else has it by now

    def looked_at(self, user_id: str, lane: Lane) -> datetime | None:
        try:
            return from_ms_or_none(self._rows.get(user_id, _key(lane)).looked_at)
        except self._rows.DoesNotExist:
            return None

    def clear(self, user_id: str) -> None:
        for lane in Lane:
            self._rows(user_id, _key(lane)).delete()


def _key(lane: Lane) -> str:
    return f"{MUSIC_SERVER}#{lane.value}"
