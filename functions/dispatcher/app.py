"""EventBridge Scheduler → due playlists → one job per user."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, TypedDict

from reprise.bootstrap.dispatcher import build_dispatcher
from reprise.observability import join_rooms, logger, metrics, traced

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

join_rooms()


@cache
def dispatch() -> Callable[[datetime], int]:
    """Put together at the first event; kept for as long as the process lives."""
    return build_dispatcher(os.environ)


class Tick(TypedDict, total=False):
    """What the schedule sends: `scheduled_time` as EventBridge Scheduler fills in `<aws.scheduler.scheduled-time>`."""

    scheduled_time: str


class Dispatched(TypedDict):
    tick: str
    jobs: int


@logger.inject_lambda_context
@traced
@metrics.log_metrics
def handler(event: Tick, context: LambdaContext) -> Dispatched:
    """Queue one tick's jobs; a repeated tick makes the same job ids."""
    tick = _scheduled_time(event)
    jobs = dispatch()(tick)
    metrics.add_metric(name="JobsQueued", unit="Count", value=jobs)
    logger.info("tick dispatched", extra={"tick": tick.isoformat(), "jobs": jobs})
    return {"tick": tick.isoformat(), "jobs": jobs}


def _scheduled_time(event: Tick) -> datetime:
    """The time the tick stands for. Without one that can be read (an invocation by hand), it is now."""
    text = event.get("scheduled_time", "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        logger.info("no scheduled time in the event: taking the present")
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
