"""Manual choices in DynamoDB, one item per source track."""

from __future__ import annotations

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from reprise.domain.matches import Override
from reprise.stores.dynamodb.database import bind, condition_held, could_be_key


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    track_key = UnicodeAttribute(range_key=True)
    chosen = UnicodeAttribute(null=True)
    never = UnicodeSetAttribute(null=True)


class DynamoOverrides:
    """`OverrideStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def of_user(self, user_id: str) -> tuple[Override, ...]:
        return tuple(self.after(user_id, None))

    def after(self, user_id: str, track_key: str | None) -> Iterator[Override]:
        begin = None if track_key is None else _Row.track_key > track_key
        for row in self._rows.query(user_id, begin, consistent_read=True):
            yield Override(track_key=row.track_key, chosen=row.chosen, never=frozenset(row.never or ()))

    def put(self, user_id: str, override: Override) -> None:
        never = set(override.never) or None  # DynamoDB knows no empty set
        self._rows(user_id, override.track_key, chosen=override.chosen, never=never).save()

    def remove(self, user_id: str, track_key: str) -> bool:
        if not could_be_key(track_key):
            return False
        row = self._rows(user_id, track_key)
        return condition_held(lambda: row.delete(condition=_Row.track_key.exists()))
