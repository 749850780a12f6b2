"""Counted attempts in DynamoDB: one item per key and window, counted by the table itself; and what is remembered."""

from __future__ import annotations

import hashlib
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import seconds, seconds_up


class _Row(Model):
    attempt_key = UnicodeAttribute(hash_key=True)
    attempts = NumberAttribute(null=True)
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

    def take_back(self, key: str, *, window_s: int, now: datetime) -> None:
        row = self._rows(_digest(key, window_s, seconds(now) // window_s))
        condition_held(lambda: row.update([_Row.attempts.add(-1)], condition=_Row.attempts > 0))

    def remember(self, key: str, *, until: datetime) -> None:
        self._rows(_remembered(key)).update([_Row.expires_at.set(seconds_up(until))])

    def remembers(self, key: str, *, now: datetime) -> bool:
        try:
            row = self._rows.get(_remembered(key), consistent_read=True)
        except self._rows.DoesNotExist:
            return False
        return seconds(now) < int(row.expires_at)  # the table throws expired items away days late


def _remembered(key: str) -> str:
    return hashlib.sha256(f"remembered\n{key}".encode(errors="replace")).hexdigest()


def _digest(key: str, window_s: int, window: int) -> str:
    """A key of fixed length that says nothing of the address or name it counts."""
    return hashlib.sha256(f"{window_s}\n{window}\n{key}".encode(errors="replace")).hexdigest()
