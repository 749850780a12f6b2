"""The tables as data, for tests that create them. The template has its own definitions; a test compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef, KeySchemaElementTypeDef


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key: names of the partition key and the sort key, None for a key without one."""

    partition: str
    sort: str | None = None

    @property
    def schema(self) -> list[KeySchemaElementTypeDef]:
        schema: list[KeySchemaElementTypeDef] = [{"AttributeName": self.partition, "KeyType": "HASH"}]
        if self.sort is not None:
            schema.append({"AttributeName": self.sort, "KeyType": "RANGE"})
        return schema

    @property
    def names(self) -> tuple[str, ...]:
        return (self.partition,) if self.sort is None else (self.partition, self.sort)


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index. `whole` copies every attribute; else it holds keys only."""

    key: Key
    whole: bool

    @property
    def projection(self) -> str:
        return "ALL" if self.whole else "KEYS_ONLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`ttl` names the attribute after which DynamoDB may delete, None where nothing expires."""

    key: Key
    indexes: Mapping[str, Index]
    ttl: str | None = None

    @property
    def attribute_types(self) -> dict[str, str]:
        """DynamoDB's type of every attribute that is part of a key."""
        names = self.key.names + tuple(name for index in self.indexes.values() for name in index.key.names)
        return {name: _NUMBERS.get(name, "S") for name in names}


_NUMBERS = {"due_at": "N"}

TABLES: dict[str, Table] = {
    "Users": Table(key=Key("user_id"), indexes={}),
    "Sessions": Table(key=Key("token_hash"), indexes={"by_user": Index(Key("user_id"), whole=True)}, ttl="expires_at"),
    "Attempts": Table(key=Key("attempt_key"), indexes={}, ttl="expires_at"),
    "Connections": Table(key=Key("user_id", "connection_id"), indexes={}),
    "Health": Table(key=Key("user_id", "connection_id"), indexes={}),
    "Playlists": Table(
        key=Key("user_id", "playlist_id"), indexes={"due": Index(Key("due_partition", "due_at"), whole=False)}
    ),
    "Overrides": Table(key=Key("user_id", "track_key"), indexes={}),
    "Events": Table(
        key=Key("user_id", "event_id"),
        indexes={"by_playlist": Index(Key("playlist_id", "event_id"), whole=True)},
        ttl="expires_at",
    ),
    "Cooldowns": Table(key=Key("user_id", "window_key"), indexes={}, ttl="expires_at"),
    "Deliveries": Table(key=Key("owner", "delivery_id"), indexes={}, ttl="expires_at"),
}


def create_table(client: DynamoDBClient, name: str, table_name: str) -> None:
    """Make the table `name` of `TABLES` under `table_name`, as the template does but for what costs or protects."""
    table = TABLES[name]
    definition: CreateTableInputTypeDef = {
        "TableName": table_name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": table.key.schema,
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "N" if kind == "N" else "S"}
            for attribute, kind in table.attribute_types.items()
        ],
    }
    if table.indexes:
        definition["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index_name,
                "KeySchema": index.key.schema,
                "Projection": {"ProjectionType": "ALL" if index.whole else "KEYS_ONLY"},
            }
            for index_name, index in table.indexes.items()
        ]
    client.create_table(**definition)
    if table.ttl is not None:
        client.update_time_to_live(
            TableName=table_name, TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl}
        )
