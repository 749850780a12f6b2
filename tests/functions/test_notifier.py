"""The notifier as AWS calls it: real SQS events, real adapters, a real SMTP session; AWS played by moto."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from unittest import mock

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from notifier.app import TAKEN, handler, notify
from reprise.domain.accounts import User
from reprise.domain.deliveries import DeliveryResult as R
from reprise.domain.failures import FailureKind
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd
from reprise.serialization.outcomes import encode_outcome
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.deliveries import DynamoDeliveries
from reprise.stores.dynamodb.users import DynamoUsers
from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.cloud import REGION, Context, opened_cloud, sqs_event
from reprise_dev.doubles.smtp_sink import DROP, SmtpSink
from reprise_dev.samples.notices import T0, ends, outcome
from tests.functions.conftest import Output

CONTEXT: Any = Context("notifier")  # Any: as much of Lambda's as is asked for
CANARY = "canary-relay-Pa55word-7c1e"
_numbers = count(1)


def failed(name: str, *, at: datetime = T0, playlists: tuple[PlaylistEnd, ...] = (), detail: str = "") -> Outcome:
    """The music server refused the password."""
    kind = FailureKind.AUTH_INVALID
    refused = outcome(name, at=at, kind=kind, failures=1, since=at, playlists=playlists)
    return replace(refused, fault=Fault(kind=kind, detail=detail))


def degraded(name: str) -> Outcome:
    return outcome(name, kind=FailureKind.UNREACHABLE, failures=1)


recovered = outcome


@dataclass
class Stage:
    """A deployed notifier, a relay, and one person who is told."""

    relay: SmtpSink
    users: DynamoUsers
    deliveries: DynamoDeliveries
    user: User

    def hears(self, *outcomes: Outcome) -> list[str]:
        """The ids of the messages that have to come again."""
        return self.gets(*(encode_outcome(replace(each, user_id=self.user.user_id)) for each in outcomes))

    def gets(self, *bodies: str) -> list[str]:
        answer = handler(sqs_event(*bodies, queue="outcomes"), CONTEXT)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def results(self) -> list[R]:
        return [row.result for row in reversed(self.deliveries.of_owner(self.user.user_id, limit=100))]


@pytest.fixture(scope="module")
def aws_env() -> Iterator[dict[str, str]]:
    settings = {
        "PUBLIC_URL": "https://reprise.example.org/",
        "EMAIL_FROM": "reprise@example.org",
        "POWERTOOLS_SERVICE_NAME": "notifier",
    }
    with opened_cloud(settings=settings) as cloud:
        yield cloud.env


@contextmanager
def staged(env: dict[str, str], relay: SmtpSink) -> Iterator[Stage]:
    """The function as deployed with `env`."""
    notify.cache_clear()
    with mock.patch.dict(os.environ, env), relay:
        os.environ["SMTP_PORT"] = str(relay.port)
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        number = next(_numbers)
        user = User(
            user_id=f"u-{number}",
            username=f"ann{number}",
            server_url="https://music.example.org",
            created_at=datetime.now(UTC),
            email=f"ann{number}@example.org",
        )
        users = DynamoUsers(table_name=env["USERS_TABLE"], **where)
        users.upsert(user)
        yield Stage(relay, users, DynamoDeliveries(table_name=env["DELIVERIES_TABLE"], **where), user)
    notify.cache_clear()


@pytest.fixture
def stage(aws_env: dict[str, str]) -> Iterator[Stage]:
    smtp = {"EMAIL_TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_TLS": "none"}
    with staged(aws_env | smtp, SmtpSink()) as made:
        yield made


def test_two_failures_in_one_batch_are_one_email_and_one_suppression(stage: Stage) -> None:
    now = datetime.now(UTC)
    playlists = ends("Road trip", "Kitchen disco")
    assert stage.hears(failed("f1", at=now, playlists=playlists), failed("f2", at=now + timedelta(seconds=1))) == []
    (mail,) = stage.relay.mails
    assert mail.recipients == (stage.user.email,)
    assert mail.subject == "[Reprise] Navidrome sync error — action required"
    assert "- Kitchen disco" in mail.text
    assert "https://reprise.example.org/reconnect/navidrome" in mail.text
    assert 'href="https://reprise.example.org/reconnect/navidrome"' in mail.html
    assert stage.results() == [R.SENT, R.COOLING]


def test_the_whole_story(stage: Stage) -> None:
    """A failure, another, the same message twice, recovery, and a failure anew."""
    now = datetime.now(UTC)
    for step, each in enumerate(
        [failed("f1"), failed("f2"), failed("f1"), degraded("d1"), recovered("s1"), failed("f3"), failed("f4")]
    ):
        # A repeated message has the time it was published with.
        at = now if each.outcome_id == "f1" else now + timedelta(seconds=step)
        assert stage.hears(replace(each, occurred_at=at)) == []
    assert len(stage.relay.mails) == 2
    assert stage.results() == [R.SENT, R.COOLING, R.RETRIABLE, R.CLEARED, R.SENT, R.COOLING]


def test_a_message_that_is_none_fails_alone(stage: Stage) -> None:
    now = datetime.now(UTC)
    wrong = ["", "{", "[]", '{"kind": "job"}', json.dumps({"kind": "outcome", "version": 99}), "\u0000", "null"]
    good = encode_outcome(replace(failed("f1", at=now), user_id=stage.user.user_id))
    assert stage.gets(*wrong, good) == [f"message-{number}" for number in range(1, len(wrong) + 1)]
    assert len(stage.relay.mails) == 1


def test_a_whole_batch_of_nonsense_names_every_message(stage: Stage) -> None:
    """Not an exception: that would be an error of the function, and say less."""
    assert stage.gets("x", "y") == ["message-1", "message-2"]


@pytest.mark.parametrize("reply", ["451 try later", DROP])
def test_while_the_relay_is_down_the_message_comes_again(stage: Stage, reply: str) -> None:
    now = datetime.now(UTC)
    stage.relay.replies["RCPT"] = reply
    assert stage.hears(failed("f1", at=now)) == ["message-1"]
    assert stage.results() == [R.UNAVAILABLE]
    stage.relay.replies.clear()
    assert stage.hears(failed("f1", at=now)) == []
    assert (len(stage.relay.mails), stage.results()) == (1, [R.SENT])


def test_a_refused_address_is_recorded_and_does_not_start_the_window(stage: Stage) -> None:
    now = datetime.now(UTC)
    stage.relay.replies["RCPT"] = "550 no such user"
    assert stage.hears(failed("f1", at=now)) == []
    stage.relay.replies.clear()
    assert stage.hears(failed("f2", at=now + timedelta(seconds=1))) == []
    assert (len(stage.relay.mails), stage.results()) == (1, [R.REJECTED, R.SENT])


def test_it_counts_whether_the_relay_takes_anything_at_all(stage: Stage, output: Output) -> None:
    """The greatest of a day is 0 when all was refused: that is an alarm. What was not sent says nothing."""
    now = datetime.now(UTC)
    for reply in ("451 try later", "550 no such user"):
        stage.relay.replies["RCPT"] = reply
        stage.hears(failed("f1", at=now))
    stage.relay.replies.clear()
    stage.hears(failed("f2", at=now + timedelta(seconds=1)), failed("f3", at=now + timedelta(seconds=2)))
    counted = [line[TAKEN] for line in output.lines() if TAKEN in line]
    assert stage.results() == [R.REJECTED, R.SENT, R.COOLING]
    assert counted == [[0.0], [1.0]]


def test_a_person_without_an_address(stage: Stage, output: Output) -> None:
    stage.users.set_email(stage.user.user_id, None)
    assert stage.hears(failed("f1", at=datetime.now(UTC))) == []
    lines = output.lines()
    assert (stage.relay.mails, stage.results()) == ([], [R.NO_ADDRESS])
    (warning,) = [line for line in lines if line.get("level") == "WARNING"]
    assert warning["message"] == "sync failure: no email configured for user, skipping notification"


@pytest.mark.parametrize(
    "settings",
    [{}, {"EMAIL_TRANSPORT": "none"}, {"EMAIL_TRANSPORT": "smtp"}, {"EMAIL_TRANSPORT": "ses", "EMAIL_FROM": ""}],
    ids=["nothing", "none", "smtp without a host", "ses without a sender"],
)
def test_an_instance_without_mail(aws_env: dict[str, str], settings: dict[str, str]) -> None:
    with staged(aws_env | settings, SmtpSink()) as stage:
        assert stage.hears(failed("f1", at=datetime.now(UTC))) == []
        assert stage.results() == [R.CHANNEL_UNCONFIGURED]


def test_through_ses(aws_env: dict[str, str]) -> None:
    boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity="reprise@example.org")
    with staged(aws_env | {"EMAIL_TRANSPORT": "ses"}, SmtpSink()) as stage:
        assert stage.hears(failed("f1", at=datetime.now(UTC))) == []
        assert stage.results() == [R.SENT]
        sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[-1]
        assert stage.user.email in sent.destinations
        assert "Auto-Submitted: auto-generated" in sent.raw_data


def test_with_a_login_whose_password_is_in_secrets_manager(
    aws_env: dict[str, str],
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    output: Output,
) -> None:
    """The password is nowhere but on the encrypted connection, whether the relay likes it or not."""
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate_file))
    arn = boto3.client("secretsmanager", region_name=REGION).create_secret(Name="relay", SecretString=CANARY)["ARN"]
    env = aws_env | {
        "EMAIL_TRANSPORT": "smtp",
        "SMTP_HOST": "localhost",
        "SMTP_USER": "ann",
        "SMTP_PASSWORD_SOURCE": arn,
    }
    now = datetime.now(UTC)
    for accepted, expected in [(CANARY, R.SENT), ("another", R.REJECTED)]:
        relay = SmtpSink(tls=authority.server_context("localhost"), login=("ann", accepted))
        with staged(env, relay) as stage:
            assert stage.hears(failed("f1", at=now)) == []
            assert stage.results() == [expected]
            assert relay.logins[0] is (accepted == CANARY)
            assert CANARY not in str(stage.deliveries.of_owner(stage.user.user_id, limit=9))
            assert CANARY not in "".join(mail.raw.decode() for mail in relay.mails)
    said = output.text()
    assert "outcome handled" in said
    assert CANARY not in said


def test_a_secret_that_is_gone_brings_the_message_back(aws_env: dict[str, str], tmp_path: Any) -> None:
    source = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:gone-AbCdEf"
    env = aws_env | {
        "EMAIL_TRANSPORT": "smtp",
        "SMTP_HOST": "localhost",
        "SMTP_USER": "ann",
        "SMTP_PASSWORD_SOURCE": source,
    }
    authority = Authority(tmp_path)
    relay = SmtpSink(tls=authority.server_context("localhost"), login=("ann", CANARY))
    with mock.patch.dict(os.environ, {"SSL_CERT_FILE": str(authority.certificate_file)}), staged(env, relay) as stage:
        assert stage.hears(failed("f1", at=datetime.now(UTC))) == ["message-1"]
        assert stage.results() == [R.UNAVAILABLE]


def test_what_it_logs_and_counts(stage: Stage, output: Output) -> None:
    now = datetime.now(UTC)
    hostile = ends("</script>\r\nFAKE LOG LINE")
    stage.hears(failed("f1", at=now, playlists=hostile, detail="provider said CANARY"), failed("f2", at=now))
    lines = output.lines()
    handled = [line for line in lines if line.get("message") == "outcome handled"]
    assert [(line["outcome_id"], line["results"]) for line in handled] == [("f1", ["sent"]), ("f2", ["cooling"])]
    (counted,) = [line for line in lines if "_aws" in line]
    assert (counted["NotificationSent"], counted["NotificationCooling"]) == ([1.0], [1.0])
    everything = json.dumps(lines)
    assert "FAKE LOG" not in everything
    assert "CANARY" not in everything
    assert str(stage.user.email) not in everything


@pytest.mark.parametrize(
    ("name", "outcomes", "expected"),
    [
        ("sent", [failed("f1")], {"GetItem": 2, "PutItem": 4}),
        ("suppressed", [failed("f1"), failed("f2")], {"GetItem": 2, "PutItem": 1}),
        ("cleared", [failed("f1"), recovered("s1")], {"GetItem": 1, "PutItem": 2}),
        ("nothing to clear", [recovered("s1"), recovered("s2")], {"GetItem": 1, "PutItem": 2}),
        ("degraded", [degraded("d1")], {"PutItem": 1}),
    ],
)
def test_aws_calls_of_one_outcome(stage: Stage, name: str, outcomes: list[Outcome], expected: dict[str, int]) -> None:
    """Of the last one. The email itself comes on top."""
    now = datetime.now(UTC)
    timed = [replace(each, occurred_at=now + timedelta(seconds=step)) for step, each in enumerate(outcomes)]
    for each in timed[:-1]:
        stage.hears(each)
    with aws_calls() as calls:
        stage.hears(timed[-1])
    assert calls == Counter(expected)


@contextmanager
def aws_calls() -> Iterator[Counter[str]]:
    calls: Counter[str] = Counter()
    events = database.connection(REGION, None).client.meta.events

    def note(model: Any, **_: object) -> None:
        calls[model.name] += 1

    events.register("before-call.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", note)
