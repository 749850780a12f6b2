"""outcomes queue → notifier. A message that raises goes back to the queue, alone; the others of its batch are done."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from reprise.bootstrap.notifier import build_notifier, build_redelivery
from reprise.domain.deliveries import DeliveryResult
from reprise.doors.records import MessageKind, handle_each
from reprise.observability import join_rooms, logger, metrics, traced
from reprise.serialization.outcomes import decode_outcome

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from reprise.domain.outcomes import Outcome
    from reprise.ports.queues import Redelivery

join_rooms()

# 1 for each email that was taken to be sent, 0 for each that was refused for good. An alarm asks for the greatest of a
# day: one address that does not exist is that person's matter, no email at all is the operator's.
TAKEN = "EmailsTaken"
_TAKEN = {DeliveryResult.SENT: 1, DeliveryResult.SENT_UNCONFIRMED: 1, DeliveryResult.REJECTED: 0}

_OUTCOMES = MessageKind(
    decode=decode_outcome,
    id_key="outcome_id",
    id_of=lambda outcome: outcome.outcome_id,
    failed="outcome not handled: it comes again, and at last goes to the dead-letter queue",
    failed_metric="OutcomesNotHandled",
)


@cache
def notify() -> Callable[[Outcome], tuple[DeliveryResult, ...]]:
    """Put together at the first event; kept for as long as the process lives."""
    return build_notifier(os.environ)


@cache
def redelivery() -> Redelivery:
    """Put together when a message first fails."""
    return build_redelivery(os.environ)


@logger.inject_lambda_context
@traced
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    """Handle every outcome of the batch; answers with the messages that have to come again."""
    return handle_each(event, context, _handle, _OUTCOMES, redelivery)


def _handle(outcome: Outcome) -> None:
    results = notify()(outcome)
    for result in results:
        metrics.add_metric(name=_metric_of(result), unit="Count", value=1)
        if result in _TAKEN:
            metrics.add_metric(name=TAKEN, unit="Count", value=_TAKEN[result])
    logger.info(
        "outcome handled",
        extra={
            "connection": outcome.party.connection_id,
            "results": [result.value for result in results],
        },
    )


def _metric_of(result: DeliveryResult) -> str:
    """`sent_unconfirmed` → `NotificationSentUnconfirmed`: one metric for each of the closed set of results."""
    return "Notification" + "".join(word.capitalize() for word in result.value.split("_"))
