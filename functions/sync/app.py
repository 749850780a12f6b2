"""sync-jobs queue → sync. A job that raises goes back to the queue, alone; the others of its batch are done."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from reprise.bootstrap.sync import build_redelivery, build_sync
from reprise.doors.records import MessageKind, handle_each
from reprise.observability import join_rooms, logger, metrics, traced
from reprise.serialization.jobs import decode_job

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from reprise.domain.failures import SyncFailure
    from reprise.domain.jobs import SyncJob
    from reprise.domain.outcomes import PlaylistEnd
    from reprise.domain.playlists import SyncState
    from reprise.ports.queues import Redelivery

join_rooms()

_JOBS = MessageKind(
    decode=decode_job,
    id_key="job_id",
    id_of=lambda job: job.job_id,
    failed="job not done: it comes again, and at last goes to the dead-letter queue",
    failed_metric="JobsNotDone",
)

_METRIC_OF_STATE: dict[str, str] = {
    "success": "PlaylistsInStep",
    "warning": "PlaylistsPartial",
    "error": "PlaylistsFailed",
}


@cache
def do_job() -> Callable[[SyncJob, Callable[[], float]], tuple[PlaylistEnd, ...]]:
    """Put together at the first event; kept for as long as the process lives."""
    return build_sync(os.environ, _count_server)


@cache
def redelivery() -> Redelivery:
    """Put together when a message first fails."""
    return build_redelivery(os.environ)


@logger.inject_lambda_context
@traced
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Do every job of the batch; answers with the messages that have to come again."""

    def do(job: SyncJob) -> None:
        _do(job, lambda: context.get_remaining_time_in_millis() / 1000)

    return handle_each(event, context, do, _JOBS, redelivery)


def _do(job: SyncJob, remaining_s: Callable[[], float]) -> None:
    ends = do_job()(job, remaining_s)
    for end in ends:
        _count(end.state)
    logger.info("job done", extra={"reason": job.reason.value, "playlists": len(ends)})


def _count_server(failure: SyncFailure | None) -> None:
    """The average is the share of jobs that the music server failed. A password it refuses is an answer of its own."""
    failed = failure is not None and not failure.fatal
    metrics.add_metric(name="MusicServerFailed", unit="Count", value=int(failed))
    if failure is not None and failed:
        logger.info(
            "the music server failed a job",
            extra={"kind": failure.kind.value, "status": failure.status, "detail": failure.detail},
        )


def _count(state: SyncState) -> None:
    """A playlist that let go of its list, or was only looked at, may end as `pending`: that is no sync to count."""
    name = _METRIC_OF_STATE.get(state.value)
    if name is not None:
        metrics.add_metric(name=name, unit="Count", value=1)
