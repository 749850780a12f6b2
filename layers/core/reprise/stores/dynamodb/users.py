"""People in DynamoDB."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from reprise.domain.accounts import User
from reprise.stores.dynamodb.database import bind, condition_held
from reprise.stores.dynamodb.times import from_ms, ms


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    username = UnicodeAttribute()
    server_url = UnicodeAttribute()
    created_at = NumberAttribute()
    admin = BooleanAttribute()
    email = UnicodeAttribute(null=True)


class DynamoUsers:
    """`UserStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def get(self, user_id: str) -> User | None:
        try:
            return _user(self._rows.get(user_id, consistent_read=True))
        except self._rows.DoesNotExist:
            return None

    def upsert(self, user: User) -> User:
        row = self._rows(user.user_id)
        actions: list[Action] = [
            _Row.username.set(user.username),
            _Row.server_url.set(user.server_url),
            _Row.admin.set(user.admin),
            _Row.created_at.set(_Row.created_at | ms(user.created_at)),
        ]
        if user.email is not None:
            actions.append(_Row.email.set(_Row.email | user.email))
        row.update(actions)
        return _user(row)

    def set_email(self, user_id: str, email: str | None) -> None:
        """Raises `LookupError` when there is no such user: half a person is not stored."""
        action = _Row.email.remove() if email is None else _Row.email.set(email)
        row = self._rows(user_id)
        if not condition_held(lambda: row.update([action], condition=_Row.user_id.exists())):
            raise LookupError("no such user")

    def remove(self, user_id: str) -> None:
        self._rows(user_id).delete()


def _user(row: _Row) -> User:
    return User(
        user_id=row.user_id,
        username=row.username,
        server_url=row.server_url,
        created_at=from_ms(row.created_at),
        admin=row.admin,
        email=row.email,
    )
