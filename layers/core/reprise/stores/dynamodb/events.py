"""The audit trail in DynamoDB: 90 days of it."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from reprise.domain.events import AuditEvent, EventType
from reprise.ports.events import BadCursor, Page
from reprise.stores.dynamodb.database import bind, condition_held, could_be_key, without_conflict
from reprise.stores.dynamodb.times import from_ms, ms, seconds_up

KEPT = timedelta(days=90)

_EVENT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class _ByPlaylist(GlobalSecondaryIndex["_Row"]):  # type: ignore[no-untyped-call]  # pynamodb types its hook not
    class Meta:
        index_name = "by_playlist"
        projection = AllProjection()

    playlist_id = UnicodeAttribute(hash_key=True)
    event_id = UnicodeAttribute(range_key=True)


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    event_id = UnicodeAttribute(range_key=True)
    playlist_id = UnicodeAttribute(null=True)
    event_type = UnicodeAttribute()
    provider = UnicodeAttribute()
    message = UnicodeAttribute()
    occurred_at = NumberAttribute()
    metadata = JSONAttribute()
    expires_at = NumberAttribute()
    by_playlist = _ByPlaylist()


class DynamoEvents:
    """`EventStore`. What is listed may lag behind what was written by a moment: a global index is read."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def add(self, event: AuditEvent) -> None:
        row = self._row(event)
        without_conflict(lambda: condition_held(lambda: row.save(condition=_Row.event_id.does_not_exist())))

    def add_within(self, transaction: TransactWrite, event: AuditEvent) -> None:
        """Let `event` be written together with what it tells of, and only once: a second time fails the whole."""
        transaction.save(self._row(event), condition=_Row.event_id.does_not_exist())

    def has(self, event: AuditEvent) -> bool:
        """Whether that very event is there; never behind."""
        try:
            self._rows.get(event.user_id, event.event_id, consistent_read=True, attributes_to_get=["event_id"])
        except self._rows.DoesNotExist:
            return False
        return True

    def of_playlist(self, user_id: str, playlist_id: str, *, limit: int, cursor: str | None) -> Page:
        start = None if cursor is None else _start_key(user_id, playlist_id, cursor)
        if not could_be_key(playlist_id):
            return Page(items=(), cursor=None)
        query = self._rows.by_playlist.query(
            playlist_id, scan_index_forward=False, limit=limit + 1, last_evaluated_key=start
        )
        # A playlist is one person's: events of somebody else's are none at all, not even a cursor (invariant 9).
        return _page([_event(row) for row in query if row.user_id == user_id], limit)

    def of_user(self, user_id: str, *, limit: int, cursor: str | None) -> Page:
        start = None if cursor is None else _own_key(user_id, cursor)
        query = self._rows.query(user_id, scan_index_forward=False, limit=limit + 1, last_evaluated_key=start)
        return _page([_event(row) for row in query], limit)

    def _row(self, event: AuditEvent) -> _Row:
        return self._rows(
            event.user_id,
            event.event_id,
            playlist_id=event.playlist_id,
            event_type=event.event_type.value,
            provider=event.provider,
            message=event.message,
            occurred_at=ms(event.occurred_at),
            metadata=dict(event.metadata),
            expires_at=seconds_up(event.occurred_at + KEPT),
        )


def _event(row: _Row) -> AuditEvent:
    return AuditEvent(
        event_id=row.event_id,
        user_id=row.user_id,
        playlist_id=row.playlist_id,
        event_type=EventType(row.event_type),
        provider=row.provider,
        message=row.message,
        occurred_at=from_ms(row.occurred_at),
        metadata=row.metadata,
    )


def _page(found: list[AuditEvent], limit: int) -> Page:
    """`found` is one more than was asked for, where there is more."""
    items = tuple(found[:limit])
    return Page(items=items, cursor=_cursor(items[-1].event_id) if len(found) > limit else None)


def _cursor(event_id: str) -> str:
    return base64.urlsafe_b64encode(event_id.encode()).decode().rstrip("=")


def _start_key(user_id: str, playlist_id: str, cursor: str) -> dict[str, dict[str, str]]:
    return {**_own_key(user_id, cursor), "playlist_id": {"S": playlist_id}}


def _own_key(user_id: str, cursor: str) -> dict[str, dict[str, str]]:
    """Where to go on. Everything but the event's id comes from the question, so a forged cursor reaches nothing new."""
    try:
        event_id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        event_id = ""
    if not _EVENT_ID.fullmatch(event_id):
        raise BadCursor("the cursor is not one of ours")
    return {"user_id": {"S": user_id}, "event_id": {"S": event_id}}
