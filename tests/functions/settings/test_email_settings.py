"""Each setting of email, for both functions that send it, and of the quiet after a failure, to what it changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import Message
from itertools import count
from pathlib import Path
from unittest import mock

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

import api.parts
import notifier.app
from reprise.domain.accounts import User
from reprise.domain.deliveries import DeliveryResult
from reprise.stores.dynamodb.deliveries import DynamoDeliveries
from reprise.stores.dynamodb.users import DynamoUsers
from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.interleaving import Killed
from reprise_dev.doubles.smtp_sink import SmtpSink
from reprise_dev.doubles.tables import create_table
from tests.functions.settings.deployed import Stack, shows
from tests.functions.test_notifier import failed

REGION = "eu-central-1"
TABLES = ("Users", "Cooldowns", "Deliveries", "Attempts")
# What the api function wants to know, and sending an email does not use.
UNUSED = ("Playlists", "Events", "Health", "Connections", "Sessions", "Overrides")
CANARY = "canary-relay-Pa55word-7c1e"
SENDER = "from.the.template@mail.example.net"
SMTP_NAMES = ("EmailTransport", "EmailFrom", "SmtpHost", "SmtpPort", "SmtpTls")
ALL_NAMES = (*SMTP_NAMES, "SmtpUser", "SmtpPasswordSecretArn", "SmtpPasswordParameter")
_numbers = count(1)


@dataclass
class Desk:
    """A person with an address, and both functions that may write to them."""

    stack: Stack
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        number = next(_numbers)
        user = User(
            user_id=f"u-{number}",
            username=f"ann{number}",
            server_url="https://music.example.org",
            created_at=self.now,
            email=f"ann{number}@example.org",
        )
        self.users = DynamoUsers(table_name="settings-users", region=REGION, endpoint=None)
        self.deliveries = DynamoDeliveries(table_name="settings-deliveries", region=REGION, endpoint=None)
        self.users.upsert(user)
        self.user = user

    def clock(self) -> datetime:
        return self.now

    def deployed(self, function: str, **chosen: str) -> AbstractContextManager[None]:
        built: dict[str, Callable[[], object]] = {"notifier": notifier.app.notify, "api": api.parts.parts}
        return self.stack.deployed(function, built[function], {"MusicServerUrl": "https://music.example.org"} | chosen)

    def send_by(self, function: str) -> None:
        """Let the function write to the person; whether it goes out is another matter."""
        if function == "notifier":
            self.hear("f1")
            return
        parts = api.parts.parts()
        parts.email.send(parts.trial_emails.trial_email(to=str(self.user.email), message_key="test-1"))

    def hear(self, name: str) -> DeliveryResult:
        """A failure that the notifier hears of now, and what became of it."""
        with mock.patch("reprise.bootstrap.notifier.utc_now", self.clock):
            told = failed(f"{name}-{self.user.user_id}", at=self.now)
            notifier.app.notify()(replace(told, user_id=self.user.user_id))
        return self.results()[-1]

    def results(self) -> list[DeliveryResult]:
        return [row.result for row in reversed(self.deliveries.of_owner(self.user.user_id, limit=100))]


@pytest.fixture(scope="module")
def _aws() -> Iterator[None]:
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
    places = {f"{name.upper()}_TABLE": f"settings-{name.lower()}" for name in (*TABLES, *UNUSED)} | {
        "AWS_REGION": REGION,
        **dict.fromkeys(("DATA_BUCKET", "CREDENTIALS_KEY_ID", "SYNC_JOBS_QUEUE_URL"), "unused"),
        "OUTCOMES_QUEUE_URL": "unused",
    }
    with mock.patch.dict(os.environ, credentials | places), mock_aws():
        for name in TABLES:
            create_table(boto3.client("dynamodb"), name, f"settings-{name.lower()}")
        boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        boto3.client("ssm").put_parameter(Name="/reprise/relay", Value=CANARY, Type="SecureString")
        yield


@pytest.fixture
def desk(_aws: None, stack: Stack) -> Desk:
    return Desk(stack)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate_file))
    return made


both = pytest.mark.parametrize("function", ["notifier", "api"])


@shows("notifier", *SMTP_NAMES)
@shows("api", *SMTP_NAMES)
@both
def test_through_a_relay_in_the_clear(desk: Desk, function: str) -> None:
    relay = {"EmailTransport": "smtp", "SmtpHost": "127.0.0.1", "SmtpTls": "none"}
    with (
        SmtpSink() as sink,
        desk.deployed(function, **relay, EmailFrom=SENDER, SmtpPort=str(sink.port)),
    ):
        desk.send_by(function)
    (mail,) = sink.mails
    assert SENDER in str(mail.message["From"])
    assert str(mail.message["Message-ID"]).endswith("@mail.example.net>")
    assert not mail.encrypted
    assert mail.recipients == (desk.user.email,)


@shows("notifier", *ALL_NAMES)
@shows("api", *ALL_NAMES)
@both
@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("kept", ["SmtpPasswordSecretArn", "SmtpPasswordParameter"])
def test_through_a_relay_that_wants_a_login(
    desk: Desk, authority: Authority, function: str, tls: str, kept: str
) -> None:
    secrets = boto3.client("secretsmanager")
    name = f"relay-{next(_numbers)}"
    where = {
        "SmtpPasswordSecretArn": secrets.create_secret(Name=name, SecretString=CANARY)["ARN"],
        "SmtpPasswordParameter": "/reprise/relay",
    }
    relay = {"EmailTransport": "smtp", "EmailFrom": SENDER, "SmtpHost": "localhost", "SmtpTls": tls, "SmtpUser": "ann"}
    sink = SmtpSink(tls=authority.server_context("localhost"), implicit=tls == "tls", login=("ann", CANARY))
    with sink, desk.deployed(function, **relay, SmtpPort=str(sink.port), **{kept: where[kept]}):
        desk.send_by(function)
    assert sink.logins == [True]
    assert [mail.encrypted for mail in sink.mails] == [True]


@shows("notifier", "EmailTransport", "EmailFrom")
@shows("api", "EmailTransport", "EmailFrom")
@both
def test_through_ses(desk: Desk, function: str) -> None:
    with desk.deployed(function, EmailTransport="ses", EmailFrom=SENDER):
        desk.send_by(function)
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[-1]
    message: Message = message_from_string(sent.raw_data)
    assert str(desk.user.email) in sent.destinations
    assert SENDER in message["From"]


@shows("notifier", "EmailTransport")
def test_without_a_transport_nothing_is_sent_and_that_is_said(desk: Desk) -> None:
    with desk.deployed("notifier"):
        assert desk.hear("f1") is DeliveryResult.CHANNEL_UNCONFIGURED


@pytest.fixture
def relayed() -> Iterator[tuple[SmtpSink, dict[str, str]]]:
    with SmtpSink() as sink:
        to_it = {"SmtpHost": "127.0.0.1", "SmtpTls": "none", "SmtpPort": str(sink.port)}
        yield sink, {"EmailTransport": "smtp", "EmailFrom": SENDER} | to_it


@shows("notifier", "CooldownDays")
@pytest.mark.parametrize(("chosen", "days"), [({}, 7), ({"CooldownDays": "2"}, 2)])
def test_after_an_email_it_is_quiet_for_as_long_as_was_chosen(
    desk: Desk, relayed: tuple[SmtpSink, dict[str, str]], chosen: dict[str, str], days: int
) -> None:
    sink, to_it = relayed
    with desk.deployed("notifier", **to_it, **chosen):
        assert desk.hear("f1") is DeliveryResult.SENT
        desk.now += timedelta(days=days) - timedelta(minutes=1)
        assert desk.hear("f2") is DeliveryResult.COOLING
        desk.now += timedelta(minutes=2)
        assert desk.hear("f3") is DeliveryResult.SENT
    assert all(f"for {days} days" in mail.text for mail in sink.mails)


@shows("notifier", "CLAIM_LEASE_SECONDS")
@pytest.mark.parametrize(("overlaid", "seconds"), [({}, 300), ({"CLAIM_LEASE_SECONDS": "60"}, 60)])
def test_a_window_taken_by_a_worker_that_died_is_free_after_the_lease(
    desk: Desk, relayed: tuple[SmtpSink, dict[str, str]], overlaid: dict[str, str], seconds: int
) -> None:
    with desk.deployed("notifier", **relayed[1]), mock.patch.dict(os.environ, overlaid):
        with mock.patch("smtplib.SMTP.send_message", side_effect=Killed), pytest.raises(Killed):
            desk.hear("f1")
        desk.now += timedelta(seconds=seconds - 5)
        assert desk.hear("f2") is not DeliveryResult.SENT
        desk.now += timedelta(seconds=10)
        assert desk.hear("f3") is DeliveryResult.SENT


@shows("notifier", "PublicUrl")
@pytest.mark.parametrize("url", ["https://reprise.example.org", "https://somewhere.example.net/else"])
def test_links_in_emails_begin_with_the_public_address(
    desk: Desk, relayed: tuple[SmtpSink, dict[str, str]], url: str
) -> None:
    sink, to_it = relayed
    with desk.deployed("notifier", **to_it, PublicUrl=url):
        assert desk.hear("f1") is DeliveryResult.SENT
    (mail,) = sink.mails
    assert f"{url}/reconnect/navidrome" in mail.text
    assert f'href="{url}/reconnect/navidrome"' in mail.html
