"""The history of a notice tells every attempt to send it: when it began and ended, how, and why it failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from reprise.domain.deliveries import Attempt, Delivery
from reprise.domain.deliveries import DeliveryResult as R
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailMessage
from reprise_dev.doubles.fakes.notifications import MemoryDeliveries, RecordingEmail
from reprise_dev.doubles.notifier_world import NotifierWorld
from reprise_dev.samples.notices import T0, failed, recovered

HOUR, TAKES = timedelta(hours=1), timedelta(seconds=3)
DOWN = ChannelUnavailable("The relay does not answer.")
REFUSED = ChannelRejected("The address was refused.")


class SlowEmail(RecordingEmail):
    """Each email takes three seconds; `meanwhile` happens while it is on its way."""

    def __init__(self, world: NotifierWorld, *errors: ChannelRejected | ChannelUnavailable) -> None:
        super().__init__(*errors)
        self.world = world
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, message: EmailMessage) -> None:
        self.world.now += TAKES
        self.meanwhile()
        super().send(message)


class RowsThatAreKnown(MemoryDeliveries):
    """Notes which rows the notifier said it knew."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[R | None] = []

    def record(self, delivery: Delivery, *, known: Delivery | None = None) -> Delivery:
        self.known.append(known.result if known else None)
        return super().record(delivery, known=known)


def slow(*errors: ChannelRejected | ChannelUnavailable) -> NotifierWorld:
    world = NotifierWorld()
    world.email = SlowEmail(world, *errors)
    return world


def attempts(world: NotifierWorld) -> tuple[Attempt, ...]:
    (row,) = (row for row in world.history() if row.notice_id == "f1")
    return row.attempts


def test_one_that_is_sent() -> None:
    world = slow()
    world.hears(failed())
    assert attempts(world) == (Attempt(began_at=T0, ended_at=T0 + TAKES, result=R.SENT),)


def test_one_that_is_refused() -> None:
    world = slow(REFUSED)
    world.hears(failed())
    assert attempts(world) == (
        Attempt(began_at=T0, ended_at=T0 + TAKES, result=R.REJECTED, detail="The address was refused."),
    )


def test_those_that_the_relay_could_not_take_stay_beside_the_one_that_got_through() -> None:
    world = slow(DOWN)
    with pytest.raises(ChannelUnavailable):
        world.hears(failed())
    assert world.history()[0].detail == "The relay does not answer."
    world.hears(failed(), at=T0 + HOUR)
    assert attempts(world) == (
        Attempt(began_at=T0, ended_at=T0 + TAKES, result=R.UNAVAILABLE, detail="The relay does not answer."),
        Attempt(began_at=T0 + HOUR, ended_at=T0 + HOUR + TAKES, result=R.SENT),
    )
    assert world.history()[0].detail == ""


def test_one_whose_claim_was_lost() -> None:
    world = NotifierWorld()
    world.email = email = SlowEmail(world)
    email.meanwhile = lambda: world.cooldowns.clear(recovered(at=world.now), now=world.now)
    world.hears(failed())
    assert attempts(world) == (Attempt(began_at=T0, ended_at=T0 + TAKES, result=R.SENT_UNCONFIRMED),)


def test_one_that_is_under_way_is_seen_before_it_ends() -> None:
    world = NotifierWorld()
    world.email = email = SlowEmail(world)
    seen: list[Delivery] = []
    email.meanwhile = lambda: seen.extend(world.history())
    world.hears(failed())
    assert [(row.result, row.recorded_at) for row in seen] == [(R.SENDING, T0)]
    assert [row.attempts for row in seen] == [(Attempt(began_at=T0),)]


def test_what_was_not_to_be_sent_was_not_attempted() -> None:
    world = slow()
    world.hears(recovered("f1"))
    assert attempts(world) == ()
    assert world.history()[0].detail == ""


@pytest.mark.parametrize(
    ("error", "raised"), [(None, False), (REFUSED, False), (DOWN, True)], ids=["sent", "refused", "unavailable"]
)
def test_the_row_of_an_attempt_is_not_read_again_when_it_ends(
    error: ChannelRejected | ChannelUnavailable | None, *, raised: bool
) -> None:
    rows = RowsThatAreKnown()
    world = NotifierWorld(deliveries=rows, email=RecordingEmail(error))
    if raised:
        with pytest.raises(ChannelUnavailable):
            world.hears(failed())
    else:
        world.hears(failed())
    assert rows.known == [None, R.SENDING]


def test_nor_when_its_claim_was_lost() -> None:
    rows = RowsThatAreKnown()
    world = NotifierWorld(deliveries=rows)
    world.email = email = SlowEmail(world)
    email.meanwhile = lambda: world.cooldowns.clear(recovered(at=world.now), now=world.now)
    world.hears(failed())
    assert rows.known == [None, R.SENDING]
