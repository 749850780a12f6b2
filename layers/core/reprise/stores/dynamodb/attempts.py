"""Counted attempts in DynamoDB: one item per key and window, counted by the table itself."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from reprise.stores.dynamodb.database import bind
from reprise.stores.dynamodb.times import seconds


class _Row(Model):
    attempt_key = UnicodeAttribute(hash_key=True)
    attempts = NumberAttribute()
    expires_at = NumberAttribute()


class DynamoAttempts:
    """`AttemptStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def count(self, key: str, *, window_s: int, now: datetime) -> int:
        window = seconds(now) // window_s
        row = self._rows(_digest(key, window_s, window))
        row.update([_Row.attempts.add(1), _Row.expires_at.set((window + 1) * window_s)])
        return int(row.attempts)


def _digest(key: str, window_s: int, window: int) -> str:
    """A key of fixed length that says nothing of the address or name it counts."""
    return hashlib.sha256(f"{window_s}\n{window}\n{key}".encode(errors="replace")).hexdigest()
