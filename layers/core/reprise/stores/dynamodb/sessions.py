"""Sign-ins and API tokens in DynamoDB, by the hash of their token."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from reprise.domain.accounts import Session, SessionKind
from reprise.stores.dynamodb.database import bind
from reprise.stores.dynamodb.times import from_ms, from_ms_or_none, ms, ms_or_none, seconds_up


class _ByUser(GlobalSecondaryIndex["_Row"]):  # type: ignore[no-untyped-call]  # pynamodb types its hook not
    class Meta:
        index_name = "by_user"
        projection = AllProjection()

    user_id = UnicodeAttribute(hash_key=True)


class _Row(Model):
    token_hash = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    label = UnicodeAttribute()
    created_at = NumberAttribute()
    valid_until = NumberAttribute(null=True)
    password_number = NumberAttribute(null=True)
    # When DynamoDB may throw the item away, which can come days late: `valid_until` decides.
    expires_at = NumberAttribute(null=True)
    by_user = _ByUser()


class DynamoSessions:
    """`SessionStore`. `of_user` may lag behind what was written by a moment: a global index is read."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def add(self, session: Session) -> None:
        self._rows(
            session.token_hash,
            user_id=session.user_id,
            kind=session.kind.value,
            label=session.label,
            created_at=ms(session.created_at),
            valid_until=ms_or_none(session.expires_at),
            password_number=session.password_number,
            expires_at=None if session.expires_at is None else seconds_up(session.expires_at),
        ).save()

    def get(self, token_hash: str) -> Session | None:
        try:
            return _session(self._rows.get(token_hash, consistent_read=True))
        except self._rows.DoesNotExist:
            return None

    def of_user(self, user_id: str) -> tuple[Session, ...]:
        found = map(_session, self._rows.by_user.query(user_id))
        return tuple(sorted(found, key=lambda session: (session.created_at, session.token_hash)))

    def remove(self, token_hash: str) -> None:
        self._rows(token_hash).delete()


def _session(row: _Row) -> Session:
    return Session(
        token_hash=row.token_hash,
        user_id=row.user_id,
        kind=SessionKind(row.kind),
        label=row.label,
        created_at=from_ms(row.created_at),
        expires_at=from_ms_or_none(row.valid_until),
        password_number=int(row.password_number or 0),
    )
