"""outcomes queue → notifier. A message that raises goes back to the queue, alone; the others of its batch are done."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from reprise.bootstrap.notifier import build_notifier
from reprise.observability import join_rooms, logger, metrics, traced
from reprise.serialization.outcomes import decode_outcome

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from reprise.domain.deliveries import DeliveryResult
    from reprise.domain.outcomes import Outcome

join_rooms()
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@cache
def notify() -> Callable[[Outcome], tuple[DeliveryResult, ...]]:
    """Put together at the first event; kept for as long as the process lives."""
    return build_notifier(os.environ)


@logger.inject_lambda_context
@traced
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle every outcome of the batch; answers with the messages that have to come again."""
    return process_partial_response(event=event, record_handler=_handle, processor=_processor, context=context)


def _handle(record: SQSRecord) -> None:
    try:
        outcome = decode_outcome(record.body)
        results = notify()(outcome)
    except Exception as error:
        # Only its type: what a library puts into its text may quote the message.
        logger.warning(
            "outcome not handled: it comes again, and at last goes to the dead-letter queue",
            extra={"message_id": record.message_id, "error": type(error).__name__},
        )
        metrics.add_metric(name="OutcomesNotHandled", unit="Count", value=1)
        raise
    for result in results:
        metrics.add_metric(name=_metric_of(result), unit="Count", value=1)
    logger.info(
        "outcome handled",
        extra={
            "outcome_id": outcome.outcome_id,
            "connection": outcome.party.connection_id,
            "results": [result.value for result in results],
        },
    )


def _metric_of(result: DeliveryResult) -> str:
    """`sent_unconfirmed` → `NotificationSentUnconfirmed`: one metric for each of the closed set of results."""
    return "Notification" + "".join(word.capitalize() for word in result.value.split("_"))
