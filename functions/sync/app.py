"""sync-jobs queue → sync. A job that raises goes back to the queue, alone; the others of its batch are done."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from reprise.bootstrap.sync import build_sync
from reprise.observability import join_rooms, logger, metrics, traced
from reprise.serialization.jobs import decode_job

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from reprise.domain.jobs import SyncJob
    from reprise.domain.outcomes import PlaylistEnd
    from reprise.domain.playlists import SyncState

join_rooms()
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)

_METRIC_OF_STATE: dict[str, str] = {
    "success": "PlaylistsInStep",
    "warning": "PlaylistsPartial",
    "error": "PlaylistsFailed",
}


@cache
def do_job() -> Callable[[SyncJob, Callable[[], float]], tuple[PlaylistEnd, ...]]:
    """Put together at the first event; kept for as long as the process lives."""
    return build_sync(os.environ)


@logger.inject_lambda_context
@traced
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Do every job of the batch; answers with the messages that have to come again."""

    def do(record: SQSRecord) -> None:
        _do(record, lambda: context.get_remaining_time_in_millis() / 1000)

    return process_partial_response(event=event, record_handler=do, processor=_processor, context=context)


def _do(record: SQSRecord, remaining_s: Callable[[], float]) -> None:
    try:
        job = decode_job(record.body)
        logger.append_keys(job_id=job.job_id)
        ends = do_job()(job, remaining_s)
    except Exception as error:
        # Only its type: what a library puts into its text may quote the message.
        logger.warning(
            "job not done: it comes again, and at last goes to the dead-letter queue",
            extra={"message_id": record.message_id, "error": type(error).__name__},
        )
        metrics.add_metric(name="JobsNotDone", unit="Count", value=1)
        raise
    finally:
        logger.remove_keys(["job_id"])
    for end in ends:
        _count(end.state)
    logger.info("job done", extra={"job_id": job.job_id, "reason": job.reason.value, "playlists": len(ends)})


def _count(state: SyncState) -> None:
    """A playlist that let go of its list, or was only looked at, may end as `pending`: that is no sync to count."""
    name = _METRIC_OF_STATE.get(state.value)
    if name is not None:
        metrics.add_metric(name=name, unit="Count", value=1)
