"""A message that holds several notices: one that cannot be dealt with now keeps none of the others waiting."""

from __future__ import annotations

import pytest

from reprise.domain.accounts import User
from reprise.domain.deliveries import DeliveryResult as R
from reprise.ports.channels import ChannelUnavailable
from reprise_dev.doubles.fakes.accounts import MemoryUsers
from reprise_dev.doubles.fakes.notifications import RecordingEmail
from reprise_dev.doubles.notifier_world import NotifierWorld
from reprise_dev.samples.notices import T0, ends, outcome

DOWN = ChannelUnavailable("The relay does not answer.")
TWO_AT_FAULT = outcome(playlists=ends("a", "b", fatal=True))


class BrokenUsers(MemoryUsers):
    """Breaks at each question, in these words."""

    def __init__(self, *breaks: str) -> None:
        super().__init__()
        self.breaks = list(breaks)

    def get(self, user_id: str) -> User | None:
        raise RuntimeError(self.breaks.pop(0))


def test_each_notice_has_its_result() -> None:
    world = NotifierWorld()
    assert world.takes(TWO_AT_FAULT, at=T0) == (R.NOTHING_TO_CLEAR, R.SENT, R.COOLING)


def test_one_that_has_to_wait_keeps_no_other_waiting() -> None:
    world = NotifierWorld(email=RecordingEmail(DOWN))
    with pytest.raises(ChannelUnavailable) as raised:
        world.takes(TWO_AT_FAULT)
    assert raised.value is DOWN
    assert sorted(world.results()) == [R.COOLING, R.NOTHING_TO_CLEAR, R.UNAVAILABLE]


def test_of_several_that_have_to_wait_the_first_is_told() -> None:
    world = NotifierWorld()
    world.users = BrokenUsers("first", "second")
    with pytest.raises(RuntimeError, match="first"):
        world.takes(TWO_AT_FAULT)
    assert world.users.breaks == []


def test_once_the_relay_is_back_the_message_is_dealt_with_whole() -> None:
    world = NotifierWorld(email=RecordingEmail(DOWN))
    with pytest.raises(ChannelUnavailable):
        world.takes(TWO_AT_FAULT)
    assert world.takes(TWO_AT_FAULT) == (R.NOTHING_TO_CLEAR, R.SENT, R.COOLING)
    assert len(world.email.sent) == 1
