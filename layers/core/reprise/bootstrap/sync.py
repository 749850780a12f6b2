"""The sync function, put together."""

from __future__ import annotations

from collections.abc import Callable

from reprise.bootstrap.aws import Aws
from reprise.bootstrap.policy import match_policy
from reprise.bootstrap.runtime import jitter, load, new_id, utc_now
from reprise.bootstrap.sources import source_dependencies
from reprise.config import Place, SyncSettings
from reprise.domain.connections import Connection
from reprise.domain.failures import SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise.domain.jobs import SyncJob
from reprise.domain.outcomes import PlaylistEnd
from reprise.domain.valve import ValvePolicy
from reprise.environment import Env
from reprise.ports.queues import Redelivery
from reprise.ports.targets import MusicServer
from reprise.sources.registry import open_source
from reprise.targets.registry import open_server
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.sync_job import sync_job

TARGET_KIND = "subsonic"

load(
    "boto3",
    "reprise.credentials.kms",
    "reprise.queues.sqs",
    "reprise.stores.dynamodb.connections",
    "reprise.stores.dynamodb.events",
    "reprise.stores.dynamodb.health",
    "reprise.stores.dynamodb.lanes",
    "reprise.stores.dynamodb.overrides",
    "reprise.stores.dynamodb.playlists",
    "reprise.stores.s3.library_indexes",
    "reprise.stores.s3.previews",
    "reprise.stores.s3.reports",
    "reprise.stores.s3.source_caches",
    "reprise.stores.s3.source_contents",
)


def build_sync(
    env: Env, server_met: Callable[[SyncFailure | None], None]
) -> Callable[[SyncJob, Callable[[], float]], tuple[PlaylistEnd, ...]]:
    """A function that does one job, told how many seconds remain. `server_met` is that of `SyncPorts`."""
    settings = SyncSettings.read(env)
    aws = Aws(env, settings.places)
    sources = source_dependencies(aws, clock=utc_now, reach=settings.reach)
    ports = SyncPorts(
        playlists=aws.playlists,
        events=aws.events,
        health=aws.health,
        lanes=aws.lanes,
        connections=aws.connections,
        overrides=aws.overrides,
        reports=aws.reports,
        indexes=aws.indexes,
        cipher=aws.cipher,
        jobs=aws.jobs,
        outcomes=aws.outcomes,
        previews=aws.previews,
        open_server=lambda connection, password: _open_server(connection, password, settings),
        server_met=server_met,
        server_url=settings.music_server_url,
        open_source=lambda kind: open_source(kind, sources),
        clock=utc_now,
        new_id=new_id,
        jitter=jitter,
        interval=settings.interval,
        lease=settings.lease,
        valve=ValvePolicy(max_shrink=settings.max_shrink, min_match_rate=settings.min_match_rate),
        breaker=BreakerPolicy(threshold=settings.circuit_threshold, cooldown=settings.circuit_cooldown),
        policy=match_policy(settings.threshold),
    )
    return lambda job, remaining_s: sync_job(job, ports, remaining_s)


def build_redelivery(env: Env) -> Redelivery:
    """When a job that failed comes again. Asks for no other setting, for one of them may be why it failed."""
    return Aws(env, {Place.JOBS: env[Place.JOBS]}).redelivery(Place.JOBS)


def _open_server(connection: Connection, password: str, settings: SyncSettings) -> MusicServer:
    """The configured server, wherever it was when the person signed in: who has an old address now, gets nothing.

    Opened before the first lease of a job is taken, it asks nothing more when that one runs out: a worker that was
    held up cannot write over what the next one wrote.
    """
    return open_server(
        TARGET_KIND,
        base_url=settings.music_server_url,
        username=connection.account_name,
        password=password,
        sign_in_way=connection.sign_in_way,
        time_budget_s=settings.lease.total_seconds(),
    )
