"""SQS: jobs for the sync function, outcomes for the notifier, and when either comes again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from reprise.domain.jobs import SyncJob
from reprise.domain.outcomes import Outcome
from reprise.ports.queues import QueueRefused
from reprise.serialization.jobs import encode_job
from reprise.serialization.outcomes import encode_outcome

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

log = logging.getLogger(__name__)

BATCH_MESSAGES = 10
# The most one message, and one batch, may weigh.
BYTES_MAX = 256 * 1024


class SqsJobQueue:
    """`JobQueue`. A tick delivered twice queues its jobs twice, under the same ids: the worker does them once."""

    def __init__(self, *, client: SQSClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, jobs: Iterable[SyncJob], *, delay: timedelta = timedelta()) -> int:
        delay_s = round(delay.total_seconds())
        return _send(self._client, self._queue_url, (encode_job(job) for job in jobs), delay_s)


class SqsOutcomeQueue:
    """`OutcomeQueue`."""

    def __init__(self, *, client: SQSClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def put(self, outcomes: Iterable[Outcome]) -> None:
        _send(self._client, self._queue_url, (encode_outcome(outcome) for outcome in outcomes))


class SqsRedelivery:
    """`Redelivery`."""

    def __init__(self, *, client: SQSClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def come_again(self, receipt: str, *, after: timedelta) -> None:
        self._client.change_message_visibility(
            QueueUrl=self._queue_url, ReceiptHandle=receipt, VisibilityTimeout=round(after.total_seconds())
        )


def _send(client: SQSClient, queue_url: str, bodies: Iterable[str], delay_s: int = 0) -> int:
    """Send every body, those that SQS did not take a second time; returns how many."""
    sent = 0
    for batch in _batches(bodies):
        refused = _send_batch(client, queue_url, batch, delay_s)
        if refused:
            log.warning("the queue refused messages, trying once more", extra={"refused": len(refused)})
            refused = _send_batch(client, queue_url, refused, delay_s)
        if refused:
            raise QueueRefused(f"{len(refused)} of {len(batch)} messages were not accepted, after {sent} that were")
        sent += len(batch)
    return sent


def _send_batch(client: SQSClient, queue_url: str, bodies: Sequence[str], delay_s: int) -> list[str]:
    """Send up to ten bodies; returns those that SQS did not take."""
    entries: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(position), "MessageBody": body, "DelaySeconds": delay_s} for position, body in enumerate(bodies)
    ]
    answer = client.send_message_batch(QueueUrl=queue_url, Entries=entries)
    return [bodies[int(failure["Id"])] for failure in answer.get("Failed", [])]


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    """Bodies in order, in batches that keep both limits. Raises `QueueRefused` for a body no message can hold."""
    batch: list[str] = []
    weight = 0
    for body in bodies:
        size = len(body.encode())
        if size > BYTES_MAX:
            raise QueueRefused(f"a message of {size} bytes is larger than the queue takes ({BYTES_MAX})")
        if len(batch) == BATCH_MESSAGES or weight + size > BYTES_MAX:
            yield batch
            batch, weight = [], 0
        batch.append(body)
        weight += size
    if batch:
        yield batch
