"""The sync function, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import boto3

from reprise.bootstrap.policy import match_policy
from reprise.bootstrap.runtime import dynamodb_endpoint, jitter, new_id, region, utc_now
from reprise.config import Env, SyncSettings
from reprise.credentials.kms import KmsCipher
from reprise.domain.connections import Connection
from reprise.domain.health import BreakerPolicy
from reprise.domain.jobs import SyncJob
from reprise.domain.outcomes import PlaylistEnd
from reprise.domain.valve import ValvePolicy
from reprise.ports.sources import PlaylistFileReader
from reprise.ports.targets import MusicServer
from reprise.queues.sqs import SqsJobQueue, SqsOutcomeQueue
from reprise.sources.registry import SourceDependencies, open_source
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.health import DynamoHealth
from reprise.stores.dynamodb.lanes import DynamoLanes
from reprise.stores.dynamodb.overrides import DynamoOverrides
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.s3.library_indexes import S3LibraryIndexes
from reprise.stores.s3.previews import S3Previews
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_caches import S3SourceCaches
from reprise.stores.s3.source_contents import S3SourceContents
from reprise.targets.registry import open_server
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.sync_job import sync_job

TARGET_KIND = "subsonic"


def build_sync(env: Env) -> Callable[[SyncJob, Callable[[], float]], tuple[PlaylistEnd, ...]]:
    """A function that does one job, told how many seconds remain."""
    settings = SyncSettings.read(env)
    where = {"region": region(env), "endpoint": dynamodb_endpoint(env)}
    sqs = boto3.client("sqs", region_name=region(env))
    s3 = boto3.client("s3", region_name=region(env))
    kms = boto3.client("kms", region_name=region(env))
    sources = SourceDependencies(
        contents=S3SourceContents(client=s3, bucket=settings.data_bucket),
        caches=S3SourceCaches(client=s3, bucket=settings.data_bucket),
        open_reader=_open_reader,
        clock=utc_now,
        reach=settings.reach,
    )
    ports = SyncPorts(
        playlists=DynamoPlaylists(table_name=settings.playlists_table, events_table=settings.events_table, **where),
        events=DynamoEvents(table_name=settings.events_table, **where),
        health=DynamoHealth(table_name=settings.health_table, **where),
        lanes=DynamoLanes(table_name=settings.health_table, **where),
        connections=DynamoConnections(table_name=settings.connections_table, **where),
        overrides=DynamoOverrides(table_name=settings.overrides_table, **where),
        reports=S3Reports(client=s3, bucket=settings.data_bucket),
        indexes=S3LibraryIndexes(client=s3, bucket=settings.data_bucket),
        cipher=KmsCipher(client=kms, key_id=settings.credentials_key),
        jobs=SqsJobQueue(client=sqs, queue_url=settings.jobs_queue_url),
        outcomes=SqsOutcomeQueue(client=sqs, queue_url=settings.outcomes_queue_url),
        open_server=lambda connection, password: _open_server(connection, password, settings.lease),
        open_source=lambda kind: open_source(kind, sources),
        clock=utc_now,
        new_id=new_id,
        jitter=jitter,
        interval=settings.interval,
        lease=settings.lease,
        previews=S3Previews(client=s3, bucket=settings.data_bucket),
        valve=ValvePolicy(max_shrink=settings.max_shrink, min_match_rate=settings.min_match_rate),
        breaker=BreakerPolicy(threshold=settings.circuit_threshold, cooldown=settings.circuit_cooldown),
        policy=match_policy(settings.threshold),
    )
    return lambda job, remaining_s: sync_job(job, ports, remaining_s)


def _open_server(connection: Connection, password: str, lease: timedelta) -> MusicServer:
    """Opened before the first lease of a job is taken, it asks nothing more when that one runs out: a worker that was
    held up cannot write over what the next one wrote.
    """
    return open_server(
        TARGET_KIND,
        base_url=connection.server_url,
        username=connection.account_name,
        password=password,
        time_budget_s=lease.total_seconds(),
    )


def _open_reader() -> PlaylistFileReader:
    """Imported here: only a playlist that is fetched as a file needs the formats."""
    from reprise.sources.files.reader import FileReader

    return FileReader()
