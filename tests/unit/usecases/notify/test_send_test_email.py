"""The test a person asks for takes the real channel, and says why it did not arrive (`S0x-28`, `S0x-29`)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.refusals import Conflict
from reprise.ports.channels import ChannelRejected, ChannelUnavailable
from reprise.rendering.emails import JinjaTrialEmails
from reprise.usecases.notify.send_test_email import send_test_email
from reprise_dev.doubles.fakes.notifications import RecordingEmail
from reprise_dev.samples.notices import ADDRESS, T0, ann

RENDER = JinjaTrialEmails(sender="reprise@example.org")


def test_it_is_sent_at_once_as_often_as_asked_and_each_is_a_message_of_its_own() -> None:
    channel = RecordingEmail()
    for minute in range(3):
        send_test_email(ann(), channel, RENDER, T0 + timedelta(minutes=minute))
    assert [mail.to for mail in channel.sent] == [ADDRESS] * 3
    assert len({mail.message_id for mail in channel.sent}) == 3


@pytest.mark.parametrize(
    ("email", "configured", "sentence"),
    [
        (None, True, "There is no email address to send to. Enter one first."),
        (ADDRESS, False, "Email notifications are disabled — no mail is configured on this instance."),
    ],
)
def test_what_is_missing_is_told(email: str | None, configured: bool, sentence: str) -> None:
    channel = RecordingEmail(configured=configured)
    with pytest.raises(Conflict) as refused:
        send_test_email(ann(email), channel, RENDER, T0)
    assert str(refused.value) == sentence
    assert channel.sent == []


@pytest.mark.parametrize("error", [ChannelRejected("The address was refused."), ChannelUnavailable("Try later.")])
def test_what_the_channel_says_is_passed_on_and_logged(
    error: ChannelRejected | ChannelUnavailable, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(type(error)) as told:
        send_test_email(ann(), RecordingEmail(error), RENDER, T0)
    assert told.value is error
    (record,) = caplog.records
    assert (record.levelname, record.reason) == ("ERROR", str(error))  # type: ignore[attr-defined]  # an extra
    assert ADDRESS not in caplog.text
