"""The stores over memory and over a DynamoDB, for suites that run on both.

Every backend offers the same names; each makes its tables when first asked for, and its own, so that tests on one
server do not meet.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import boto3

from reprise.domain.matches import Override
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.events import EventStore
from reprise.ports.people import AttemptStore, LaneStore, SessionStore, UserStore
from reprise.ports.playlists import OverrideStore, PlaylistStore
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.attempts import DynamoAttempts
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.health import DynamoHealth
from reprise.stores.dynamodb.lanes import DynamoLanes
from reprise.stores.dynamodb.overrides import DynamoOverrides
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.dynamodb.sessions import DynamoSessions
from reprise.stores.dynamodb.users import DynamoUsers
from reprise_dev.doubles.fakes import (
    MemoryAttempts,
    MemoryConnections,
    MemoryEvents,
    MemoryHealth,
    MemoryLanes,
    MemoryOverrides,
    MemoryPlaylists,
    MemorySessions,
    MemoryUsers,
)
from reprise_dev.doubles.tables import create_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REGION = "eu-west-1"


class Stores(Protocol):
    """Every store, over one backend."""

    @property
    def playlists(self) -> PlaylistStore: ...
    @property
    def events(self) -> EventStore: ...
    @property
    def health(self) -> HealthStore: ...
    @property
    def lanes(self) -> LaneStore: ...
    @property
    def users(self) -> UserStore: ...
    @property
    def sessions(self) -> SessionStore: ...
    @property
    def attempts(self) -> AttemptStore: ...
    @property
    def connections(self) -> ConnectionStore: ...
    @property
    def overrides(self) -> OverrideStore: ...

    def place_override(self, user_id: str, override: Override) -> None:
        """A person has made this choice."""
        ...


class MemoryStores:
    def __init__(self) -> None:
        self.events = MemoryEvents()
        self.playlists = MemoryPlaylists(self.events)
        self.health = MemoryHealth()
        self.lanes = MemoryLanes()
        self.users = MemoryUsers()
        self.sessions = MemorySessions()
        self.attempts = MemoryAttempts()
        self.connections = MemoryConnections()
        self.overrides = MemoryOverrides()

    def place_override(self, user_id: str, override: Override) -> None:
        self.overrides.place(user_id, override)


class DynamoStores:
    """Over the DynamoDB at `endpoint`; None is AWS's own, which moto stands in for."""

    def __init__(self, endpoint: str | None) -> None:
        self.endpoint = endpoint
        self.client = _client(endpoint)
        self._suffix = uuid.uuid4().hex[:12]
        self._made: set[str] = set()
        self._making = Lock()

    def table(self, name: str) -> str:
        """The name of this backend's own table `name`, made when first asked for."""
        table_name = f"{name}-{self._suffix}"
        with self._making:
            if name not in self._made:
                create_table(self.client, name, table_name)
                self._made.add(name)
        return table_name

    @cached_property
    def playlists(self) -> DynamoPlaylists:
        return DynamoPlaylists(
            table_name=self.table("Playlists"),
            events_table=self.table("Events"),
            region=REGION,
            endpoint=self.endpoint,
        )

    @cached_property
    def events(self) -> DynamoEvents:
        return DynamoEvents(table_name=self.table("Events"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def health(self) -> DynamoHealth:
        return DynamoHealth(table_name=self.table("Health"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def lanes(self) -> DynamoLanes:
        return DynamoLanes(table_name=self.table("Health"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def users(self) -> DynamoUsers:
        return DynamoUsers(table_name=self.table("Users"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def sessions(self) -> DynamoSessions:
        return DynamoSessions(table_name=self.table("Sessions"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def attempts(self) -> DynamoAttempts:
        return DynamoAttempts(table_name=self.table("Attempts"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def connections(self) -> DynamoConnections:
        return DynamoConnections(table_name=self.table("Connections"), region=REGION, endpoint=self.endpoint)

    @cached_property
    def overrides(self) -> DynamoOverrides:
        return DynamoOverrides(table_name=self.table("Overrides"), region=REGION, endpoint=self.endpoint)

    def place_override(self, user_id: str, override: Override) -> None:
        item: dict[str, dict[str, object]] = {"user_id": {"S": user_id}, "track_key": {"S": override.track_key}}
        if override.chosen is not None:
            item["chosen"] = {"S": override.chosen}
        if override.never:
            item["never"] = {"SS": sorted(override.never)}
        self.client.put_item(TableName=self.table("Overrides"), Item=item)

    @contextmanager
    def calls(self) -> Iterator[list[str]]:
        """The names of the AWS operations the stores ask for while this is open."""
        asked: list[str] = []

        def note(model: object, **_: object) -> None:
            asked.append(str(getattr(model, "name", "")))

        with self.hook("before-call.dynamodb", note):
            yield asked

    @contextmanager
    def hook(self, event: str, handler: Callable[..., None]) -> Iterator[None]:
        """Let botocore call `handler` at `event` of the stores' client, before anybody else."""
        events = database.connection(REGION, self.endpoint).client.meta.events
        events.register_first(event, handler)
        try:
            yield
        finally:
            events.unregister(event, handler)

    def drop(self) -> None:
        """Take this backend's tables away again."""
        for name in self._made:
            self.client.delete_table(TableName=f"{name}-{self._suffix}")
        self._made.clear()


@cache
def _client(endpoint: str | None) -> DynamoDBClient:
    """One for all tests: making a client costs more than most tests."""
    return boto3.client("dynamodb", region_name=REGION, endpoint_url=endpoint)
