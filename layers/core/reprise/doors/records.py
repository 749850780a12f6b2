"""A queue's messages, one by one: one that raises goes back to the queue, alone; the rest of its batch is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response

from reprise.domain.retries import retry_after
from reprise.observability import logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from reprise.ports.queues import Redelivery

_M = TypeVar("_M")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind(Generic[_M]):
    """What a queue holds: how a message is read, and what is said of one that fails.

    Every line logged while a message is handled bears its `id_key`, taken by `id_of`. For one that raises, `failed` is
    logged as a warning and `failed_metric` counted.
    """

    decode: Callable[[str], _M]
    id_key: str
    id_of: Callable[[_M], str]
    failed: str
    failed_metric: str


def handle_each(
    event: dict[str, object],
    context: LambdaContext,
    handle: Callable[[_M], None],
    kind: MessageKind[_M],
    redelivery: Callable[[], Redelivery],
) -> PartialItemFailureResponse:
    """Hand every message of the batch to `handle`; returns which of them have to come again.

    Those come again soon, and later each time, by what `redelivery` returns. By itself the queue would keep one back
    for six times as long as the function may take, whatever was amiss.
    """

    def guarded(record: SQSRecord) -> None:
        try:
            message = kind.decode(record.body)
            logger.append_keys(**{kind.id_key: kind.id_of(message)})
            handle(message)
        except Exception as error:
            # Only its type: what a library puts into its text may quote the message.
            logger.warning(kind.failed, extra={"message_id": record.message_id, "error": type(error).__name__})
            metrics.add_metric(name=kind.failed_metric, unit="Count", value=1)
            _come_again(record, redelivery)
            raise
        finally:
            logger.remove_keys([kind.id_key])

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=guarded, processor=processor, context=context)


def _come_again(record: SQSRecord, redelivery: Callable[[], Redelivery]) -> None:
    """Have a message come again after a wait of ours. Where that cannot be had, the queue's own stands."""
    count = record.attributes.approximate_receive_count
    received = int(count) if count and count.isdecimal() else 1
    try:
        redelivery().come_again(record.receipt_handle, after=retry_after(received))
    except Exception as error:
        logger.warning(
            "it comes again when the queue would have it by itself: no sooner time could be set",
            extra={"message_id": record.message_id, "error": type(error).__name__},
        )
