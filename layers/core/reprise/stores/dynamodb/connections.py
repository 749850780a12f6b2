"""Accounts at providers in DynamoDB. The credential is stored encrypted and leaves as it came (invariant 8)."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from reprise.domain.accounts import Connection
from reprise.stores.dynamodb.database import bind, could_be_key
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


class DynamoConnections:
    """`ConnectionStore`."""

    def __init__(self, *, table_name: str, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)

    def get(self, user_id: str, connection_id: str) -> Connection | None:
        if not could_be_key(connection_id):
            return None
        try:
            return _connection(self._rows.get(user_id, connection_id, consistent_read=True))
        except self._rows.DoesNotExist:
            return None

    def put(self, connection: Connection) -> None:
        self._rows(
            connection.user_id,
            connection.connection_id,
            provider=connection.provider,
            account_name=connection.account_name,
            display_name=connection.display_name,
            server_url=connection.server_url,
            ciphertext=connection.ciphertext,
            authorised_at=ms(connection.authorised_at),
        ).save()

    def remove(self, user_id: str, connection_id: str) -> None:
        self._rows(user_id, connection_id).delete()


def _connection(row: _Row) -> Connection:
    return Connection(
        user_id=row.user_id,
        connection_id=row.connection_id,
        provider=row.provider,
        account_name=row.account_name,
        display_name=row.display_name,
        server_url=row.server_url,
        ciphertext=row.ciphertext,
        authorised_at=from_ms(row.authorised_at),
    )
