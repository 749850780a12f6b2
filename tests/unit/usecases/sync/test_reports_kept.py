"""Which match reports are kept: those that a playlist leads to, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.jobs import Operation
from reprise.domain.playlists import HISTORY_MAX, SyncState
from tests.unit.usecases.sync.world import HOUR, USER, World


@pytest.fixture
def world() -> World:
    return World()


def kept(world: World, playlist_id: str) -> set[str]:
    return {
        report_id for user_id, kept_for, report_id in world.reports.kept() if (user_id, kept_for) == (USER, playlist_id)
    }


def led_to(world: World, playlist_id: str) -> set[str]:
    playlist = world.playlist(playlist_id)
    held = {playlist.held.report_id} if playlist.held else set()
    return {playlist.report_id or "", *held, *(snapshot.report_id for snapshot in playlist.history)} - {""}


def test_of_many_changes_the_last_lists_can_be_gone_back_to_and_nothing_else_is_kept(world: World) -> None:
    world.add("mix", "s1", "s2")
    for number in range(HISTORY_MAX + 4):
        world.change_source("mix", *(("s1", "s2"), ("s2", "s1"))[number % 2])
        world.tick()
        world.now += HOUR
    assert len(kept(world, "mix")) == HISTORY_MAX
    assert kept(world, "mix") == led_to(world, "mix")


def test_looking_again_and_again_keeps_the_last_look(world: World) -> None:
    world.add("mix", "s1", "s2")
    world.add("other", "s3")
    world.tick()
    for _ in range(4):
        world.now += timedelta(minutes=1)
        world.press("mix")
    assert kept(world, "mix") == led_to(world, "mix")
    assert len(kept(world, "mix")) == 2, "the list that was written, and the last look"
    assert kept(world, "other") == led_to(world, "other") != set()


def test_a_write_that_is_held_back_keeps_what_it_would_write_until_it_is_decided(world: World) -> None:
    world.add("mix", *["s1", "s2", "s3", "s4"] * 3)
    world.tick()
    world.now += HOUR
    world.change_source("mix", "s1")
    world.tick()
    assert world.playlist("mix").held is not None
    assert kept(world, "mix") == led_to(world, "mix")
    world.now += HOUR
    world.change_source("mix", *["s4", "s3", "s2", "s1"] * 3)
    world.tick()
    assert world.playlist("mix").held is None
    assert kept(world, "mix") == led_to(world, "mix")


def test_a_run_that_fails_after_matching_leaves_no_report_that_nobody_finds(world: World) -> None:
    world.add("mix", "s1", "s2")
    world.tick()
    world.now += HOUR
    world.change_source("mix", "s2", "s1")
    world.server.refuse_once["write_playlist"] = SyncFailure(FailureKind.UNREACHABLE)
    world.tick()
    assert world.playlist("mix").state is SyncState.ERROR
    assert kept(world, "mix") == led_to(world, "mix")


def test_what_an_undo_wants_is_there(world: World) -> None:
    world.add("mix", "s1", "s2")
    world.tick()
    first = world.playlist("mix").history[0].report_id
    world.now += HOUR
    world.change_source("mix", "s2", "s1")
    world.tick()
    world.press("mix", operation=Operation.PREVIEW)
    world.press("mix", operation=Operation.UNDO, argument=first)
    assert world.remote("mix") == ("s1", "s2")
    assert kept(world, "mix") == led_to(world, "mix")
