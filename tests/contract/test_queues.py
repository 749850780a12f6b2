"""What every queue does with what is put into it, in memory and at SQS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from moto import mock_aws

from reprise.domain.connections import MUSIC_SERVER, Party, Side
from reprise.domain.failures import FailureKind
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd
from reprise.domain.playlists import SyncState
from reprise.ports.queues import JobQueue, OutcomeQueue, QueueRefused
from reprise.queues.sqs import SqsJobQueue, SqsOutcomeQueue, SqsRedelivery
from reprise.serialization.jobs import decode_job
from reprise.serialization.outcomes import decode_outcome
from reprise_dev.doubles.fakes import MemoryJobQueue, MemoryOutcomeQueue
from reprise_dev.samples.specimens import T0

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

JOB = SyncJob(job_id="j", user_id="u-1", playlist_ids=("p-1",), reason=Reason.SCHEDULE, asked_at=T0)
OUTCOME = Outcome(
    outcome_id="o",
    user_id="u-1",
    party=Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER),
    occurred_at=T0,
    fault=Fault(kind=FailureKind.AUTH_INVALID),
    ends=(PlaylistEnd(playlist_id="p-1", name="Łódź \x07 🎵", state=SyncState.ERROR),),
)


def jobs(number: int) -> list[SyncJob]:
    return [replace(JOB, job_id=f"j-{position}") for position in range(number)]


def outcomes(number: int) -> list[Outcome]:
    return [replace(OUTCOME, outcome_id=f"o-{position}") for position in range(number)]


@dataclass
class Queues:
    jobs: JobQueue
    outcomes: OutcomeQueue
    arrived: Callable[[], list[SyncJob | Outcome]]


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[SQSClient]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-west-1")


@pytest.fixture(params=["memory", "sqs"])
def queues(request: pytest.FixtureRequest) -> Queues:
    if request.param == "sqs":
        return at_sqs(request.getfixturevalue("sqs"))
    job_queue, outcome_queue = MemoryJobQueue(), MemoryOutcomeQueue()
    return Queues(job_queue, outcome_queue, lambda: [*job_queue.jobs, *outcome_queue.outcomes])


def at_sqs(client: SQSClient) -> Queues:
    jobs_url = client.create_queue(QueueName="jobs")["QueueUrl"]
    outcomes_url = client.create_queue(QueueName="outcomes")["QueueUrl"]

    def bodies(url: str) -> Iterator[str]:
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            yield from (message["Body"] for message in messages)

    return Queues(
        SqsJobQueue(client=client, queue_url=jobs_url),
        SqsOutcomeQueue(client=client, queue_url=outcomes_url),
        lambda: [*map(decode_job, bodies(jobs_url)), *map(decode_outcome, bodies(outcomes_url))],
    )


@pytest.mark.parametrize("number", [0, 1, 10, 11, 25])
def test_every_job_arrives_and_is_counted(queues: Queues, number: int) -> None:
    assert queues.jobs.put(iter(jobs(number))) == number
    assert queues.arrived() == jobs(number)


@pytest.mark.parametrize("number", [0, 1, 11])
def test_every_outcome_arrives(queues: Queues, number: int) -> None:
    queues.outcomes.put(iter(outcomes(number)))
    assert queues.arrived() == outcomes(number)


def test_a_queue_that_refuses_says_so() -> None:
    job_queue, outcome_queue = MemoryJobQueue(), MemoryOutcomeQueue()
    job_queue.refusing = outcome_queue.refusing = True
    with pytest.raises(QueueRefused):
        job_queue.put([JOB])
    with pytest.raises(QueueRefused):
        outcome_queue.put([OUTCOME])
    assert (job_queue.jobs, outcome_queue.outcomes) == ([], [])


# --- only SQS ----------------------------------------------------------------------------------------------------


def entries(*names: str) -> dict[str, object]:
    ids = [str(position) for position in range(len(names))]
    return {"QueueUrl": "q", "Entries": [{"Id": each, "MessageBody": ANY, "DelaySeconds": 0} for each in ids]}


def answer(*, taken: list[str], refused: list[str]) -> dict[str, object]:
    return {
        "Successful": [{"Id": each, "MessageId": "m", "MD5OfMessageBody": "d"} for each in taken],
        "Failed": [{"Id": each, "Code": "InternalError", "SenderFault": False} for each in refused],
    }


def test_messages_that_were_not_taken_are_sent_once_more(sqs: SQSClient) -> None:
    queue = SqsJobQueue(client=sqs, queue_url="q")
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message_batch", answer(taken=["0"], refused=["1", "2"]), entries("a", "b", "c"))
        stubber.add_response("send_message_batch", answer(taken=["0", "1"], refused=[]), entries("b", "c"))
        assert queue.put(jobs(3)) == 3
        stubber.assert_no_pending_responses()


def test_the_ones_sent_again_are_the_refused_ones(sqs: SQSClient) -> None:
    sent: list[list[str]] = []

    def note(params: dict[str, list[dict[str, str]]], **_: object) -> None:
        sent.append([decode_job(entry["MessageBody"]).job_id for entry in params["Entries"]])

    sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", note)
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message_batch", answer(taken=["0", "2"], refused=["1"]))
        stubber.add_response("send_message_batch", answer(taken=["0"], refused=[]))
        SqsJobQueue(client=sqs, queue_url="q").put(jobs(3))
    assert sent == [["j-0", "j-1", "j-2"], ["j-1"]]


def test_a_message_refused_twice_is_told(sqs: SQSClient) -> None:
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message_batch", answer(taken=[str(n) for n in range(10)], refused=[]))
        stubber.add_response("send_message_batch", answer(taken=["0"], refused=["1"]))
        stubber.add_response("send_message_batch", answer(taken=[], refused=["0"]))
        with pytest.raises(QueueRefused, match="1 of 2 messages were not accepted, after 10 that were"):
            SqsJobQueue(client=sqs, queue_url="q").put(jobs(12))


def test_a_queue_that_is_not_there_is_raised_as_it_is(sqs: SQSClient) -> None:
    missing = sqs.create_queue(QueueName="gone")["QueueUrl"]
    sqs.delete_queue(QueueUrl=missing)
    with pytest.raises(ClientError):
        SqsOutcomeQueue(client=sqs, queue_url=missing).put([OUTCOME])


def test_a_message_comes_again_when_it_is_told_to(sqs: SQSClient) -> None:
    url = sqs.create_queue(QueueName="slow", Attributes={"VisibilityTimeout": "5400"})["QueueUrl"]
    SqsJobQueue(client=sqs, queue_url=url).put([JOB])
    redelivery = SqsRedelivery(client=sqs, queue_url=url)

    def received() -> list[str]:
        return [message["ReceiptHandle"] for message in sqs.receive_message(QueueUrl=url).get("Messages", [])]

    (receipt,) = received()
    redelivery.come_again(receipt, after=timedelta(hours=1))
    assert received() == []
    redelivery.come_again(receipt, after=timedelta())
    assert len(received()) == 1


def of_size(kilobytes: int, job_id: str = "j") -> SyncJob:
    return replace(JOB, job_id=job_id, playlist_ids=("x" * kilobytes * 1024,))


def test_a_message_no_queue_takes_is_refused_unsent(sqs: SQSClient) -> None:
    with Stubber(sqs) as stubber, pytest.raises(QueueRefused, match="larger than the queue takes"):
        SqsJobQueue(client=sqs, queue_url="q").put([of_size(256)])
    stubber.assert_no_pending_responses()


def test_large_messages_are_sent_in_smaller_batches(sqs: SQSClient) -> None:
    queues = at_sqs(sqs)
    large = [of_size(100, f"j-{position}") for position in range(5)]
    batches: list[int] = []

    def note(params: dict[str, list[object]], **_: object) -> None:
        batches.append(len(params["Entries"]))

    sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", note)
    assert queues.jobs.put(large) == 5
    assert queues.arrived() == large
    assert batches == [2, 2, 1], "two of 100 KB are all that a batch of 256 KB holds"
