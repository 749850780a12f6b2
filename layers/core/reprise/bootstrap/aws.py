"""Every store, queue and cipher on AWS, and every client they share: in one place, each made when first asked for.

A function declares the places it uses in its settings (`config.py`), which fail at once when one is not set. What it
never asks for is neither made nor imported.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from reprise.bootstrap.runtime import dynamodb_endpoint, region
from reprise.config import Place, Places
from reprise.environment import Env

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

    from reprise.ports.connections import ConnectionStore, HealthStore
    from reprise.ports.contents import (
        LibraryIndexStore,
        PersonalFiles,
        PreviewStore,
        ReportStore,
        SourceCacheStore,
        SourceContentStore,
    )
    from reprise.ports.credentials import Cipher
    from reprise.ports.events import EventStore
    from reprise.ports.notifications import CooldownStore, DeliveryStore
    from reprise.ports.people import AttemptStore, DepartureStore, LaneStore, SessionStore, UserStore
    from reprise.ports.playlists import OverrideStore, PlaylistStore
    from reprise.ports.queues import JobQueue, OutcomeQueue, Redelivery


# boto3 itself would wait for a minute, and then some: longer than the api function may take. With these and botocore's
# pauses a call that is never answered fails after 18 seconds.
CONNECT_TIMEOUT_S = 1
READ_TIMEOUT_S = 4
TRIES = 3


class _Where(TypedDict):
    region: str
    endpoint: str | None


class _Stored(TypedDict):
    client: S3Client
    bucket: str


class Aws:
    """`places` are those that the function declared; asking for what stands at another raises `KeyError`."""

    def __init__(self, env: Env, places: Places) -> None:
        self._places = places
        self._where = _Where(region=region(env), endpoint=dynamodb_endpoint(env))

    @property
    def region(self) -> str:
        return self._where["region"]

    @cached_property
    def users(self) -> UserStore:
        from reprise.stores.dynamodb.users import DynamoUsers

        return DynamoUsers(table_name=self._places[Place.USERS], **self._where)

    @cached_property
    def sessions(self) -> SessionStore:
        from reprise.stores.dynamodb.sessions import DynamoSessions

        return DynamoSessions(table_name=self._places[Place.SESSIONS], **self._where)

    @cached_property
    def attempts(self) -> AttemptStore:
        from reprise.stores.dynamodb.attempts import DynamoAttempts

        return DynamoAttempts(table_name=self._places[Place.ATTEMPTS], **self._where)

    @cached_property
    def connections(self) -> ConnectionStore:
        from reprise.stores.dynamodb.connections import DynamoConnections

        return DynamoConnections(table_name=self._places[Place.CONNECTIONS], **self._where)

    @cached_property
    def health(self) -> HealthStore:
        from reprise.stores.dynamodb.health import DynamoHealth

        return DynamoHealth(table_name=self._places[Place.HEALTH], **self._where)

    @cached_property
    def lanes(self) -> LaneStore:
        from reprise.stores.dynamodb.lanes import DynamoLanes

        return DynamoLanes(table_name=self._places[Place.HEALTH], **self._where)

    @cached_property
    def playlists(self) -> PlaylistStore:
        """Writes its changes together with their events, so it needs the second table, too, unless it only reads."""
        from reprise.stores.dynamodb.playlists import DynamoPlaylists

        return DynamoPlaylists(
            table_name=self._places[Place.PLAYLISTS], events_table=self._places.get(Place.EVENTS), **self._where
        )

    @cached_property
    def overrides(self) -> OverrideStore:
        from reprise.stores.dynamodb.overrides import DynamoOverrides

        return DynamoOverrides(table_name=self._places[Place.OVERRIDES], **self._where)

    @cached_property
    def events(self) -> EventStore:
        from reprise.stores.dynamodb.events import DynamoEvents

        return DynamoEvents(table_name=self._places[Place.EVENTS], **self._where)

    @cached_property
    def cooldowns(self) -> CooldownStore:
        from reprise.stores.dynamodb.cooldowns import DynamoCooldowns

        return DynamoCooldowns(table_name=self._places[Place.COOLDOWNS], **self._where)

    @cached_property
    def deliveries(self) -> DeliveryStore:
        from reprise.stores.dynamodb.deliveries import DynamoDeliveries

        return DynamoDeliveries(table_name=self._places[Place.DELIVERIES], **self._where)

    @cached_property
    def contents(self) -> SourceContentStore:
        from reprise.stores.s3.source_contents import S3SourceContents

        return S3SourceContents(**self._stored)

    @cached_property
    def caches(self) -> SourceCacheStore:
        from reprise.stores.s3.source_caches import S3SourceCaches

        return S3SourceCaches(**self._stored)

    @cached_property
    def reports(self) -> ReportStore:
        from reprise.stores.s3.reports import S3Reports

        return S3Reports(**self._stored)

    @cached_property
    def previews(self) -> PreviewStore:
        from reprise.stores.s3.previews import S3Previews

        return S3Previews(**self._stored)

    @cached_property
    def indexes(self) -> LibraryIndexStore:
        from reprise.stores.s3.library_indexes import S3LibraryIndexes

        return S3LibraryIndexes(**self._stored)

    @cached_property
    def files(self) -> PersonalFiles:
        from reprise.stores.s3.personal_files import S3PersonalFiles

        return S3PersonalFiles(**self._stored)

    @cached_property
    def departures(self) -> DepartureStore:
        from reprise.stores.s3.departures import S3Departures

        return S3Departures(**self._stored)

    @cached_property
    def jobs(self) -> JobQueue:
        from reprise.queues.sqs import SqsJobQueue

        return SqsJobQueue(client=self._sqs, queue_url=self._places[Place.JOBS])

    @cached_property
    def outcomes(self) -> OutcomeQueue:
        from reprise.queues.sqs import SqsOutcomeQueue

        return SqsOutcomeQueue(client=self._sqs, queue_url=self._places[Place.OUTCOMES])

    def redelivery(self, queue: Place) -> Redelivery:
        from reprise.queues.sqs import SqsRedelivery

        return SqsRedelivery(client=self._sqs, queue_url=self._places[queue])

    @cached_property
    def cipher(self) -> Cipher:
        from reprise.credentials.kms import KmsCipher

        return KmsCipher(client=self._kms, key_id=self._places[Place.CREDENTIALS])

    @property
    def _stored(self) -> _Stored:
        return _Stored(client=self._s3, bucket=self._places[Place.DATA])

    @cached_property
    def _s3(self) -> S3Client:
        import boto3

        return boto3.client("s3", region_name=self.region, config=self._patience)

    @cached_property
    def _sqs(self) -> SQSClient:
        import boto3

        return boto3.client("sqs", region_name=self.region, config=self._patience)

    @cached_property
    def _kms(self) -> KMSClient:
        import boto3

        return boto3.client("kms", region_name=self.region, config=self._patience)

    @cached_property
    def _patience(self) -> Config:
        from botocore.config import Config

        return Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
        )
