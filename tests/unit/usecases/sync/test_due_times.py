"""At every tick of the schedule a playlist is looked at, whatever minute the schedule counts from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from .world import HOUR, T0, World


@pytest.fixture
def world() -> World:
    return World()


def ticks_with_a_run(world: World, *, phase: timedelta, queued: timedelta) -> int:
    """How many of 24 hourly ticks lead to a run that begins `queued` later."""
    runs = 0
    for hour in range(24):
        world.now = T0 + phase + hour * HOUR
        ids = tuple(playlist_id for _, playlist_id in world.playlists.due(world.now))
        if ids:
            runs += len(world.tick(*ids, queued=queued))
    return runs


@pytest.mark.parametrize(
    ("phase", "queued"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=59, seconds=30), timedelta(seconds=45)),
        (timedelta(minutes=50), timedelta(minutes=12)),
        (timedelta(minutes=1), timedelta(minutes=58)),
    ],
)
def test_every_tick_leads_to_a_run(world: World, phase: timedelta, queued: timedelta) -> None:
    world.add("mix", "s1")
    assert ticks_with_a_run(world, phase=phase, queued=queued) == 24


def test_what_a_person_asks_for_in_between_takes_no_tick_away_and_adds_none(world: World) -> None:
    world.add("mix", "s1")
    world.tick("mix")
    due = world.playlist("mix").due_at
    world.now += HOUR / 2
    world.press("mix")
    assert world.playlist("mix").due_at == due
