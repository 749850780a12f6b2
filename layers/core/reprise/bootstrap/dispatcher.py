"""The dispatcher, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reprise.bootstrap.aws import Aws
from reprise.bootstrap.runtime import load
from reprise.config import DispatcherSettings
from reprise.environment import Env
from reprise.usecases.sync.dispatch_due import dispatch_due

load("boto3", "reprise.queues.sqs", "reprise.stores.dynamodb.playlists")


def build_dispatcher(env: Env) -> Callable[[datetime], int]:
    """A function from a tick to the number of jobs it queued."""
    settings = DispatcherSettings.read(env)
    aws = Aws(env, settings.places)
    playlists, queue = aws.playlists, aws.jobs

    def dispatch(tick: datetime) -> int:
        return dispatch_due(tick=tick, playlists=playlists, queue=queue)

    return dispatch
