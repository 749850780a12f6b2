"""The dispatcher, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import boto3

from reprise.bootstrap.runtime import dynamodb_endpoint, region
from reprise.config import DispatcherSettings, Env
from reprise.queues.sqs import SqsJobQueue
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.usecases.sync.dispatch_due import dispatch_due


def build_dispatcher(env: Env) -> Callable[[datetime], int]:
    """A function from a tick to the number of jobs it queued."""
    settings = DispatcherSettings.read(env)
    playlists = DynamoPlaylists(
        table_name=settings.playlists_table, events_table=None, region=region(env), endpoint=dynamodb_endpoint(env)
    )
    queue = SqsJobQueue(client=boto3.client("sqs", region_name=region(env)), queue_url=settings.jobs_queue_url)

    def dispatch(tick: datetime) -> int:
        return dispatch_due(tick=tick, interval=settings.interval, playlists=playlists, queue=queue)

    return dispatch
