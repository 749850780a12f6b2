"""The address that mail goes to (`S0-02`, `S0x-01`…`03`, `S0x-28`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from reprise.domain.accounts import User
from reprise.domain.refusals import Conflict, InvalidInput, TooManyAttempts
from reprise.ports.channels import ChannelUnavailable, EmailMessage
from reprise.usecases.account.ports import EmailPorts
from reprise.usecases.account.set_email import clear_email, set_email
from reprise.usecases.notify.ports import TrialPorts
from reprise.usecases.notify.request_test_email import PER_USER, request_test_email
from reprise_dev.samples.notices import ADDRESS, ann

from .conftest import NOON, Desk

NO_ADDRESS = "There is no email address to send to. Enter one first."


@dataclass
class Relay:
    configured: bool = True
    broken: bool = False
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.broken:
            raise ChannelUnavailable("The relay does not answer.")
        self.sent.append(message)


class Words:
    def trial_email(self, *, to: str, message_key: str) -> EmailMessage:
        return EmailMessage(to=to, subject="Test", text="Test", html="<p>Test", message_id=f"{message_key}@test")


def known(desk: Desk, email: str | None = None) -> None:
    desk.users.upsert(User(user_id="u-ann", username="ann", server_url="https://m.test", created_at=NOON))
    desk.users.set_email("u-ann", email)


def stored(desk: Desk) -> str | None:
    user = desk.users.get("u-ann")
    assert user is not None
    return user.email


def lowered(address: str) -> str:
    if "@" not in address:
        raise InvalidInput("email", "This is not an address.")
    return address.lower()


def test_an_address_is_stored_in_its_normal_form_and_can_be_cleared(desk: Desk) -> None:
    known(desk)
    assert set_email("u-ann", " Ann@Example.org ", EmailPorts(users=desk.users, normalise=lowered)) == "ann@example.org"
    assert stored(desk) == "ann@example.org"
    clear_email("u-ann", desk.users)
    assert stored(desk) is None


@pytest.mark.parametrize("email", ["", "   ", "not one", "a@" + "b" * 319, "ann@example.org\r\nBcc: all@example.org"])
def test_the_old_address_stays_when_the_new_one_is_none(desk: Desk, email: str) -> None:
    known(desk, "old@example.org")
    with pytest.raises(InvalidInput) as refused:
        set_email("u-ann", email, EmailPorts(users=desk.users, normalise=lowered))
    assert refused.value.field == "email"
    assert stored(desk) == "old@example.org"


def send_test(desk: Desk, relay: Relay, user_id: str = "u-ann") -> str:
    ports = TrialPorts(users=desk.users, attempts=desk.attempts, email=relay, emails=Words(), clock=desk.clock)
    return request_test_email(user_id, ports)


def test_a_test_mail_goes_to_the_address_entered(desk: Desk) -> None:
    known(desk, "ann@example.org")
    relay = Relay()
    assert send_test(desk, relay) == "ann@example.org"
    assert [message.to for message in relay.sent] == ["ann@example.org"]


def test_test_mails_are_rationed(desk: Desk) -> None:
    known(desk, "ann@example.org")
    relay = Relay()
    for _ in range(PER_USER.attempts):
        send_test(desk, relay)
    with pytest.raises(TooManyAttempts):
        send_test(desk, relay)
    assert len(relay.sent) == PER_USER.attempts
    desk.users.upsert(replace(ann(), user_id="u-bob"))
    assert send_test(desk, relay, "u-bob") == ADDRESS, "another person is not kept waiting"
    desk.later(timedelta(hours=1))
    send_test(desk, relay)


@pytest.mark.parametrize(
    ("email", "configured", "sentence"),
    [
        (None, True, NO_ADDRESS),
        ("ann@example.org", False, "Email notifications are disabled — no mail is configured on this instance."),
    ],
)
def test_without_an_address_or_without_mail_it_says_so(
    desk: Desk, email: str | None, configured: bool, sentence: str
) -> None:
    known(desk, email)
    relay = Relay(configured=configured)
    with pytest.raises(Conflict) as refused:
        send_test(desk, relay)
    assert str(refused.value) == sentence
    assert relay.sent == []


def test_asking_without_an_address_uses_up_no_try(desk: Desk) -> None:
    known(desk)
    for _ in range(PER_USER.attempts + 1):
        with pytest.raises(Conflict, match=f"^{NO_ADDRESS}$"):
            send_test(desk, Relay())


def test_a_person_who_is_gone_has_no_address(desk: Desk) -> None:
    with pytest.raises(Conflict, match=f"^{NO_ADDRESS}$"):
        send_test(desk, Relay())


def test_a_relay_that_fails_is_not_kept_quiet(desk: Desk) -> None:
    known(desk, "ann@example.org")
    with pytest.raises(ChannelUnavailable):
        send_test(desk, Relay(broken=True))
