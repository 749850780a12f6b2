"""A message that fails comes again soon, and later each time, not when the queue would have it by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs import sqs_backends

import notifier.app
import sync.app
from reprise.domain.connections import MUSIC_SERVER, Party, Side
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.outcomes import Outcome
from reprise.serialization.jobs import encode_job
from reprise.serialization.outcomes import encode_outcome
from reprise_dev.doubles.cloud import REGION, Context, opened_cloud, sqs_event
from tests.functions.conftest import Output

QUEUES_OWN_S = 5400
NOW = datetime.now(UTC)
JOB = SyncJob(job_id="j", user_id="u", playlist_ids=("p",), reason=Reason.MANUAL, asked_at=NOW)
OUTCOME = Outcome(
    outcome_id="o",
    user_id="u",
    party=Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER),
    occurred_at=NOW,
)


@dataclass
class Consumer:
    """A function with a queue of its own at SQS. `broken` is whether it fails at whatever it is handed."""

    handler: Callable[..., Any]
    sqs: Any  # Any: boto3's clients are made at run time
    name: str
    url: str
    body: str
    broken: bool = True

    def work(self, *_: object) -> tuple[()]:
        if self.broken:
            raise ConnectionError("a table did not answer")
        return ()

    def send(self, *bodies: str) -> None:
        for body in bodies or [self.body]:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def receive(self) -> list[str]:
        """Hand the function what can be received, as Lambda does; returns what it says has to come again."""
        self.make_visible()
        got = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])[
            "Messages"
        ]
        answer = self.handler({"Records": [self._record(message) for message in got]}, Context(self.name))
        again = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        for message in got:
            if message["MessageId"] not in again:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return again

    def hidden_s(self) -> list[int]:
        """For how long each message that is left stays hidden."""
        now_ms = datetime.now(UTC).timestamp() * 1000
        return [round((message.visible_at - now_ms) / 1000) for message in self._messages]

    def make_visible(self) -> None:
        for message in self._messages:
            message.change_visibility(0)

    @property
    def _messages(self) -> list[Any]:
        return list(sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[self.name]._messages)

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        (record,) = sqs_event(message["Body"], queue=self.name)["Records"]
        return record | {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "attributes": message["Attributes"],
        }


@pytest.fixture(params=["sync", "notifier"])
def consumer(request: pytest.FixtureRequest) -> Iterator[Consumer]:
    name, app, body, variable, work = {
        "sync": ("sync-jobs", sync.app, encode_job(JOB), "SYNC_JOBS_QUEUE_URL", "do_job"),
        "notifier": ("outcomes", notifier.app, encode_outcome(OUTCOME), "OUTCOMES_QUEUE_URL", "notify"),
    }[request.param]
    with opened_cloud(app.redelivery) as cloud:
        url = cloud.env[variable]
        cloud.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(QUEUES_OWN_S)})
        made = Consumer(app.handler, cloud.sqs, name, url, body)
        with mock.patch.object(app, work, return_value=made.work):
            yield made


def test_a_message_that_fails_comes_again_soon_and_later_each_time(consumer: Consumer) -> None:
    consumer.send()
    waits = []
    for _ in range(10):
        assert len(consumer.receive()) == 1
        waits += consumer.hidden_s()
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_one_that_is_no_message_of_ours_comes_again_as_soon_and_alone(consumer: Consumer) -> None:
    consumer.broken = False
    consumer.send("{", consumer.body, "[]")
    assert len(consumer.receive()) == 2
    assert consumer.hidden_s() == [30, 30]


def test_where_that_cannot_be_had_the_queue_has_its_own_time_and_the_log_says_so(
    consumer: Consumer, output: Output
) -> None:
    consumer.send(consumer.body, consumer.body)
    refused = mock.Mock(side_effect=ConnectionError("SQS did not answer, canary-text"))
    with mock.patch("reprise.queues.sqs.SqsRedelivery.come_again", refused):
        assert len(consumer.receive()) == 2
    assert refused.call_count == 2
    assert consumer.hidden_s() == [QUEUES_OWN_S, QUEUES_OWN_S]
    said = [line for line in output.lines() if line.get("message", "").startswith("it comes again when the queue")]
    assert [(line["level"], line["error"]) for line in said] == [("WARNING", "ConnectionError")] * 2
    assert "canary" not in str(said)


@pytest.mark.parametrize("received", ["", "many", "0", "-3"])
def test_a_count_that_cannot_be_read_is_the_first(consumer: Consumer, received: str) -> None:
    consumer.send()
    really = consumer._record

    def odd(message: dict[str, Any]) -> dict[str, Any]:
        record = really(message)
        return record | {"attributes": record["attributes"] | {"ApproximateReceiveCount": received}}

    with mock.patch.object(consumer, "_record", odd):
        assert len(consumer.receive()) == 1
    assert consumer.hidden_s() == [30]
