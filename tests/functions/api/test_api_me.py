"""Who one is, and where mail goes (`S0-02`, `S0-18`, `S0x-01`…`03`, `S0x-28`, `S0x-29`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from api.parts import parts
from reprise.domain.jobs import Lane
from reprise.matching.policy import DEFAULT_THRESHOLD
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailMessage
from reprise_dev.doubles.cloud import REGION, Cloud

from .conftest import Client

EMAIL = "/api/v1/me/email"


@pytest.fixture
def mail(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same instance with SES set up."""
    boto3.client("sesv2").create_email_identity(EmailIdentity="reprise@example.org")
    monkeypatch.setenv("EMAIL_TRANSPORT", "ses")
    monkeypatch.setenv("EMAIL_FROM", "reprise@example.org")
    parts.cache_clear()
    now = parts().clock()
    monkeypatch.setattr(parts(), "clock", lambda: now)
    yield
    for name in ("EMAIL_TRANSPORT", "EMAIL_FROM"):
        del os.environ[name]
    parts.cache_clear()


class Relay:
    configured = True

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, message: EmailMessage) -> None:
        raise self.error


def test_it_shows_when_the_schedule_last_looked(alice: Client, bob: Client) -> None:
    at = datetime(2040, 3, 1, 10, tzinfo=UTC)
    parts().lanes.enter(alice.user_id, Lane.SCHEDULE, holder="a", now=at, until=at + timedelta(minutes=16))
    parts().lanes.leave(alice.user_id, Lane.SCHEDULE, holder="a", looked_at=at)
    assert datetime.fromisoformat(alice("GET", "/api/v1/me").json["looked_at"]) == at
    assert bob("GET", "/api/v1/me").json["looked_at"] is None


def test_an_address_is_normalised_stored_and_cleared(alice: Client) -> None:
    assert alice("GET", "/api/v1/me").json == {
        "user_id": alice.user_id,
        "username": alice.username,
        "admin": False,
        "email": None,
        "delivery": "unconfigured",
        "match_threshold": {"own": None, "in_force": DEFAULT_THRESHOLD, "set_by": "instance"},
        "looked_at": None,
    }
    answer = alice("PUT", EMAIL, json_body={"email": " Ann@EXAMPLE.org "})
    assert (answer.status, answer.json) == (200, {"email": "Ann@example.org", "delivery": "unconfigured"})
    assert alice("GET", "/api/v1/me").json["email"] == "Ann@example.org"
    assert alice("DELETE", EMAIL).status == 204
    assert alice("GET", "/api/v1/me").json["email"] is None
    assert alice("DELETE", EMAIL).status == 204


@pytest.mark.parametrize(
    ("entered", "stored"),
    [
        ("ann+music@example.co.uk", "ann+music@example.co.uk"),
        ("ann@home.lan", "ann@home.lan"),
        ("ann@reprise.test", "ann@reprise.test"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_addresses_that_mail_can_be_sent_to(alice: Client, entered: str, stored: str) -> None:
    assert alice("PUT", EMAIL, json_body={"email": entered}).json["email"] == stored


@pytest.mark.parametrize(
    "entered",
    [
        "ann", "ann@", "@example.org", "ann@example", "ann@@example.org", "ann @example.org", "ann@exam ple.org",
        "Ann <ann@example.org>", "ann@example.org, bob@example.org", "ann@example.org\nBcc: bob@example.org",
        "ann@[127.0.0.1]", "änn@example.org", "a" * 65 + "@example.org", "ann@" + "b" * 320, "", "   ",
        "ann@example..org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_400_and_the_old_one_stays(alice: Client, entered: str) -> None:
    alice("PUT", EMAIL, json_body={"email": "old@example.org"})
    refused = alice("PUT", EMAIL, json_body={"email": entered})
    assert (refused.status, refused.json["where"]) == (400, "email")
    assert alice("GET", "/api/v1/me").json["email"] == "old@example.org"


def test_with_mail_set_up_a_test_mail_goes_out(mail: None, alice: Client) -> None:
    assert alice("PUT", EMAIL, json_body={"email": "ann@example.org"}).json["delivery"] == "ready"
    before = len(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages)

    answer = alice("POST", f"{EMAIL}/test")

    assert (answer.status, answer.json) == (200, {"sent_to": "ann@example.org"})
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[before:]
    assert len(sent) == 1
    assert "ann@example.org" in repr(vars(sent[0]))


def test_without_an_address_there_is_nowhere_to_send_to(mail: None, alice: Client) -> None:
    answer = alice("POST", f"{EMAIL}/test")
    assert (answer.status, answer.json["type"]) == (409, "urn:reprise:problem:conflict")


def test_without_mail_set_up_it_says_so(alice: Client) -> None:
    alice("PUT", EMAIL, json_body={"email": "ann@example.org"})
    answer = alice("POST", f"{EMAIL}/test")
    assert answer.status == 409
    assert "no mail is configured" in answer.json["detail"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ChannelRejected("The relay refuses this address."), 502),
        (ChannelUnavailable("The relay does not answer."), 503),
    ],
)
def test_a_relay_that_fails_says_why(
    alice: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    alice("PUT", EMAIL, json_body={"email": "ann@example.org"})
    monkeypatch.setitem(vars(parts()), "email", Relay(error))
    answer = alice("POST", f"{EMAIL}/test")
    assert (answer.status, answer.json["detail"]) == (status, str(error))


def test_test_mails_are_rationed(mail: None, alice: Client) -> None:
    alice("PUT", EMAIL, json_body={"email": "ann@example.org"})
    assert [alice("POST", f"{EMAIL}/test").status for _ in range(6)] == [200] * 5 + [429]


def test_a_person_who_is_forgotten_is_signed_out(alice: Client, cloud: Cloud) -> None:
    cloud.dynamodb.delete_item(TableName=cloud.env["USERS_TABLE"], Key={"user_id": {"S": alice.user_id}})
    assert alice("GET", "/api/v1/me").status == 401
