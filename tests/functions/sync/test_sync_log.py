"""What an operator can read of a job: every line bears its id, and one that was not done says so."""

from __future__ import annotations

import pytest

from reprise.queues.sqs import SqsRedelivery
from reprise.serialization.jobs import decode_job
from reprise_dev.doubles.fake_navidrome import Fault
from sync.app import handler
from tests.functions.conftest import Output
from tests.functions.sync.conftest import CONTEXT, PASSWORD, SyncStage, job_body, jobs_event


@pytest.fixture(autouse=True)
def _redelivered(monkeypatch: pytest.MonkeyPatch) -> None:
    """These messages were never in a queue, so SQS could not have them come again."""
    monkeypatch.setattr(SqsRedelivery, "come_again", lambda *_, **__: None)


def test_every_line_of_a_job_names_it_and_no_later_line_does(cloud: SyncStage, output: Output) -> None:
    ann, bob = cloud.user(), cloud.user()
    first = job_body(ann, cloud.playlist(ann, "Roads"))
    second = job_body(bob, cloud.playlist(bob, "Roads"))
    handler(jobs_event(first, second), CONTEXT)
    lines = [line for line in output.lines() if "message" in line]
    ids = [decode_job(body).job_id for body in (first, second)]
    assert [line["message"] for line in lines].count("job done") == 2
    assert {line["job_id"] for line in lines} == set(ids)
    handler(jobs_event("no job at all"), CONTEXT)
    (later,) = [line for line in output.lines() if "message" in line]
    assert "job_id" not in later


def test_a_job_that_breaks_is_told_and_counted_without_what_broke_it(
    cloud: SyncStage, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise PermissionError(f"no right to decrypt {PASSWORD}")

    monkeypatch.setattr("sync.app.do_job", lambda: broken)
    body = job_body("u-1", "p-1")
    assert handler(jobs_event(body), CONTEXT) == {"batchItemFailures": [{"itemIdentifier": "message-1"}]}
    lines = output.lines()
    (warning,) = [line for line in lines if line.get("level") == "WARNING"]
    assert warning["job_id"] == decode_job(body).job_id
    assert warning["message_id"] == "message-1"
    assert warning["error"] == "PermissionError"
    (counted,) = [line for line in lines if "_aws" in line]
    assert counted["JobsNotDone"] == [1.0]
    assert PASSWORD not in str(lines)


def test_a_message_that_is_no_job_is_counted_too(cloud: SyncStage, output: Output) -> None:
    handler(jobs_event("canary, not json"), CONTEXT)
    lines = output.lines()
    (warning,) = [line for line in lines if line.get("level") == "WARNING"]
    assert warning["error"] == "WireError"
    assert "canary" not in str(lines)
    (counted,) = [line for line in lines if "_aws" in line]
    assert counted["JobsNotDone"] == [1.0]


def served(output: Output) -> list[float]:
    """Of the jobs since the last look that called the music server: 1 for one that it failed, 0 for one it did not."""
    counts: list[float] = []
    for line in output.lines():
        counts += line.get("MusicServerFailed", [])
    return counts


def test_jobs_that_the_music_server_failed_are_counted_among_all_that_called_it(
    cloud: SyncStage, output: Output
) -> None:
    ann, bob = cloud.user(), cloud.user()
    lists = {each: cloud.playlist(each, "Roads") for each in (ann, bob)}

    def tick() -> None:
        handler(jobs_event(*(job_body(each, mix, reason="schedule") for each, mix in lists.items())), CONTEXT)

    cloud.server.fail_next(Fault.login_page())
    tick()
    assert served(output) == [1.0, 0.0]
    tick()
    assert served(output) == [0.0], "who is backing off called nobody"


def test_what_the_server_failed_with_can_be_read(cloud: SyncStage, output: Output) -> None:
    ann = cloud.user()
    cloud.server.fail_next(Fault.http(403))
    handler(jobs_event(job_body(ann, cloud.playlist(ann, "Roads"))), CONTEXT)
    (line,) = [line for line in output.lines() if line.get("message") == "the music server failed a job"]
    assert (line["level"], line["kind"], line["status"]) == ("INFO", "misconfigured", 403)


def test_a_password_that_the_server_refuses_is_no_failure_of_the_server(cloud: SyncStage, output: Output) -> None:
    ann = cloud.user(password="not-her-password-any-more")
    mix = cloud.playlist(ann, "Roads")
    for expected in ([0.0], []):
        handler(jobs_event(job_body(ann, mix, reason="schedule")), CONTEXT)
        assert served(output) == expected
