"""Accounts at providers in DynamoDB. The credential is stored encrypted and leaves as it came (invariant 8)."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from reprise.domain.connections import Connection, ConnectionId, SignInWay
from reprise.stores.dynamodb.database import bind, condition_held, could_be_key
from reprise.stores.dynamodb.times import from_ms, ms


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    provider = UnicodeAttribute()
    account_name = UnicodeAttribute()
    display_name = UnicodeAttribute()
    server_url = UnicodeAttribute()
    ciphertext = BinaryAttribute(legacy_encoding=False)
    authorised_at = NumberAttribute()
    password_number = NumberAttribute(null=True)
    sign_in_way = UnicodeAttribute(null=True)
    match_threshold = NumberAttribute(null=True)


class DynamoConnections:
    """`ConnectionStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def get(self, user_id: str, connection_id: ConnectionId) -> Connection | None:
        if not could_be_key(connection_id):
            return None
        try:
            return _connection(self._rows.get(user_id, connection_id, consistent_read=True))
        except self._rows.DoesNotExist:
            return None

    def put(self, connection: Connection) -> None:
        actions: list[Action] = [
            _Row.provider.set(connection.provider),
            _Row.account_name.set(connection.account_name),
            _Row.display_name.set(connection.display_name),
            _Row.server_url.set(connection.server_url),
            _Row.ciphertext.set(connection.ciphertext),
            _Row.authorised_at.set(ms(connection.authorised_at)),
            _Row.password_number.set(connection.password_number),
            _Row.sign_in_way.set(connection.sign_in_way.value),
        ]
        if connection.match_threshold is not None:
            actions.append(_Row.match_threshold.set(_Row.match_threshold | connection.match_threshold))
        self._rows(connection.user_id, connection.connection_id).update(actions)

    def set_match_threshold(self, user_id: str, connection_id: ConnectionId, threshold: float | None) -> bool:
        action = _Row.match_threshold.remove() if threshold is None else _Row.match_threshold.set(threshold)
        row = self._rows(user_id, connection_id)
        return condition_held(lambda: row.update([action], condition=_Row.connection_id.exists()))

    def remove(self, user_id: str, connection_id: ConnectionId) -> None:
        self._rows(user_id, connection_id).delete()


def _connection(row: _Row) -> Connection:
    return Connection(
        user_id=row.user_id,
        connection_id=ConnectionId(row.connection_id),
        provider=row.provider,
        account_name=row.account_name,
        display_name=row.display_name,
        server_url=row.server_url,
        ciphertext=row.ciphertext,
        authorised_at=from_ms(row.authorised_at),
        password_number=int(row.password_number or 0),
        sign_in_way=SignInWay(row.sign_in_way or SignInWay.TOKEN),
        match_threshold=None if row.match_threshold is None else float(row.match_threshold),
    )
