"""Who is at work for a person: what every `LaneStore` does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.jobs import Lane
from reprise_dev.doubles.backends import Stores
from reprise_dev.samples.specimens import T0

UNTIL = T0 + timedelta(minutes=16)


def enter(stores: Stores, holder: str, *, seconds: float = 0, lane: Lane = Lane.SCHEDULE, user_id: str = "u-1") -> bool:
    now = T0 + timedelta(seconds=seconds)
    return stores.lanes.enter(user_id, lane, holder=holder, now=now, until=now + (UNTIL - T0))


def test_one_is_in_and_the_others_are_not(stores: Stores) -> None:
    assert enter(stores, "a")
    assert not enter(stores, "b", seconds=1)
    assert enter(stores, "b", lane=Lane.MANUAL)
    assert enter(stores, "b", user_id="u-2")


def test_whoever_leaves_makes_room(stores: Stores) -> None:
    assert enter(stores, "a")
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a")
    assert enter(stores, "b", seconds=1)


def test_one_that_died_is_in_until_its_time_is_over(stores: Stores) -> None:
    assert enter(stores, "a")
    assert not enter(stores, "b", seconds=(UNTIL - T0).total_seconds() - 0.001)
    assert enter(stores, "b", seconds=(UNTIL - T0).total_seconds())


def test_one_that_comes_late_puts_nobody_out(stores: Stores) -> None:
    assert enter(stores, "a")
    assert enter(stores, "b", seconds=3600)
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a")
    assert not enter(stores, "c", seconds=3601)


def test_asking_again_after_a_lost_reply_changes_nothing(stores: Stores) -> None:
    assert enter(stores, "a")
    assert enter(stores, "a")
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a")
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a")
    assert enter(stores, "b")


def test_who_leaves_for_good_leaves_nothing(stores: Stores) -> None:
    for lane in Lane:
        assert enter(stores, "a", lane=lane)
    stores.lanes.clear("u-1")
    for lane in Lane:
        assert enter(stores, "b", lane=lane)


def test_it_is_noted_when_everything_had_been_looked_at(stores: Stores) -> None:
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) is None
    assert enter(stores, "a")
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) is None
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a", looked_at=T0)
    assert enter(stores, "b", seconds=1)
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="b")
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) == T0, "the second one saw not all"
    assert stores.lanes.looked_at("u-1", Lane.MANUAL) is None
    assert stores.lanes.looked_at("u-2", Lane.SCHEDULE) is None
    assert enter(stores, "c", seconds=2)
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="a", looked_at=T0 + timedelta(hours=1))
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) == T0, "that one is not in the lane"
    stores.lanes.clear("u-1")
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) is None
    stores.lanes.leave("u-1", Lane.SCHEDULE, holder="c", looked_at=T0)
    assert stores.lanes.looked_at("u-1", Lane.SCHEDULE) is None, "who left for good left nothing"


def test_being_at_work_says_nothing_of_health(stores: Stores) -> None:
    assert enter(stores, "a")
    assert stores.health.get("u-1", MUSIC_SERVER).healthy
    stores.health.reset("u-1", MUSIC_SERVER)
    assert not enter(stores, "b")


@pytest.mark.parametrize("crowd", [8])
def test_of_many_at_once_one_gets_in(stores: Stores, crowd: int) -> None:
    start = Barrier(crowd)

    def one(number: int) -> bool:
        start.wait()
        return enter(stores, f"holder-{number}")

    with ThreadPoolExecutor(crowd) as pool:
        assert sum(pool.map(one, range(crowd))) == 1
