"""Several jobs of one person: one at a time in each lane, and what a person asked for is done in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.jobs import WAIT_MAX, Lane, Operation, Reason, SyncJob
from reprise.domain.playlists import Playlist, SyncState
from reprise.ports.queues import QueueRefused
from reprise.usecases.sync.sync_job import sync_job
from tests.unit.usecases.sync.world import HOUR, T0, USER, World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return World()


def occupy(world: World, lane: Lane) -> None:
    assert world.lanes.enter(USER, lane, holder="other", now=world.now, until=world.now + 16 * MINUTE)


def free(world: World, lane: Lane) -> None:
    world.lanes.leave(USER, lane, holder="other")


def lease(world: World, playlist_id: str) -> None:
    """Another run works on it."""
    event = replace(world.event(playlist_id), event_type=EventType.SYNC_STARTED)
    assert world.playlists.begin(
        world.playlist(playlist_id), run_id="other", lease_until=world.now + 16 * MINUTE, now=world.now, event=event
    )


def queued(world: World) -> SyncJob:
    """The one job that was put off, taken from the queue when its time has come."""
    (job,), (delay,) = world.jobs.jobs, world.jobs.delays
    world.jobs.jobs.clear()
    world.jobs.delays.clear()
    world.now += delay
    return job


class TestTheScheduleWaits:
    def test_for_another_job_of_the_same_person_and_asks_nothing_meanwhile(self, world: World) -> None:
        world.add("mix", "s1")
        occupy(world, Lane.SCHEDULE)
        assert world.tick("mix") == ()
        assert world.server.calls == []
        assert world.trail("mix") == []
        free(world, Lane.SCHEDULE)
        assert [end.state for end in sync_job(queued(world), world.ports, lambda: 900.0)] == [SyncState.SUCCESS]

    def test_no_longer_than_until_the_next_tick_which_takes_up_what_is_left(self, world: World) -> None:
        world.add("mix", "s1")
        job = SyncJob(job_id="tick-1", user_id=USER, playlist_ids=("mix",), reason=Reason.SCHEDULE, asked_at=T0 - HOUR)
        occupy(world, Lane.SCHEDULE)
        assert sync_job(job, world.ports, lambda: 900.0) == ()
        assert world.jobs.jobs == []
        free(world, Lane.SCHEDULE)
        assert [end.state for end in world.tick()] == [SyncState.SUCCESS]

    def test_twice_as_long_each_time_and_never_longer_than_a_message_may(self, world: World) -> None:
        world.add("mix", "s1")
        assert world.lanes.enter(USER, Lane.SCHEDULE, holder="other", now=world.now, until=world.now + HOUR)
        world.tick("mix")
        waits = []
        for _ in range(9):
            waits.append(world.jobs.delays[0].total_seconds())
            sync_job(queued(world), world.ports, lambda: 900.0)
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900]
        assert timedelta(seconds=waits[-1]) == WAIT_MAX

    def test_a_person_does_not_wait_for_it(self, world: World) -> None:
        world.add("mix", "s1")
        occupy(world, Lane.SCHEDULE)
        assert [end.state for end in world.press("mix")] == [SyncState.SUCCESS]

    def test_another_person_does_not_wait_for_it(self, world: World) -> None:
        world.add("mix", "s1")
        assert world.lanes.enter("u-bob", Lane.SCHEDULE, holder="other", now=T0, until=T0 + HOUR)
        assert [end.state for end in world.tick()] == [SyncState.SUCCESS]


class TestWhatAPersonAskedFor:
    def test_waits_for_what_they_asked_before_and_says_so_once(self, world: World) -> None:
        world.add("mix", "s1")
        occupy(world, Lane.MANUAL)
        assert world.press("mix") == ()
        sync_job(queued(world), world.ports, lambda: 900.0)
        free(world, Lane.MANUAL)
        job = queued(world)
        sync_job(job, world.ports, lambda: 900.0)
        assert world.trail("mix") == ["sync_skipped", "sync_started", "sync_completed"]
        assert world.history("mix")[-1].message == "Something else that was asked for is being done. This one follows."
        assert world.playlist("mix").last_job_id == job.job_id

    def test_is_done_after_the_run_that_was_in_its_way(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.tick()
        world.add("other", "s3")
        lease(world, "mix")
        assert [end.playlist_id for end in world.press("mix", "other", operation=Operation.DELETE_REMOTE)] == ["other"]
        job = queued(world)
        assert job.playlist_ids == ("mix",)
        world.now += 16 * MINUTE
        sync_job(job, world.ports, lambda: 900.0)
        assert world.server.lists == {}
        assert world.playlist("mix").remote_id is None

    def test_tells_the_notifier_of_each_part_of_it(self, world: World) -> None:
        world.add("mix", "s1")
        world.add("other", "s3")
        lease(world, "mix")
        world.press("mix", "other")
        world.now += 16 * MINUTE
        sync_job(queued(world), world.ports, lambda: 900.0)
        first, second = world.facts()
        assert first.outcome_id != second.outcome_id

    def test_comes_back_by_the_queue_when_it_cannot_be_put_off(self, world: World) -> None:
        world.add("mix", "s1")
        occupy(world, Lane.MANUAL)
        world.jobs.refusing = True
        with pytest.raises(QueueRefused):
            world.press("mix")


def test_the_schedule_steps_aside_where_a_person_has_a_playlist_in_hand(world: World) -> None:
    world.add("mix", "s1")
    lease(world, "mix")
    assert world.tick("mix") == ()
    assert world.jobs.jobs == []
    assert world.trail("mix") == ["sync_started", "sync_skipped"]


def test_a_job_that_breaks_makes_room_for_the_next_one(world: World) -> None:
    world.add("mix", "s1")
    world.outcomes.refusing = True
    with pytest.raises(QueueRefused):
        world.tick()
    world.outcomes.refusing = False
    world.now += HOUR
    assert [end.state for end in world.tick()] == [SyncState.SUCCESS]


def test_what_is_handed_on_finds_the_lane_free(world: World) -> None:
    for name in ("a", "b"):
        world.add(name, "s1")
    put = world.jobs.put

    def at_once(jobs: list[SyncJob], *, delay: timedelta = timedelta()) -> int:
        """The queue delivers it before the first job's process is gone."""
        for job in jobs:
            sync_job(job, world.ports, lambda: 900.0)
        return len(jobs)

    world.jobs.put = at_once  # type: ignore[method-assign, assignment]
    world.tick("a", "b", remaining_s=30.0)
    world.jobs.put = put  # type: ignore[method-assign]
    assert {world.playlist(name).state for name in ("a", "b")} == {SyncState.SUCCESS}


def test_a_playlist_switched_off_since_the_job_read_it_is_left_alone(world: World) -> None:
    """The job has many playlists, and comes to this one late."""
    world.add("a", "s1")
    world.add("b", "s2")
    begin = world.playlists.begin

    def switched_off_meanwhile(playlist: Playlist, **more: object) -> bool:
        if playlist.playlist_id == "a":
            event: AuditEvent = world.event("b")
            world.playlists.change(USER, "b", {"enabled": False}, [event])
        return begin(playlist, **more)  # type: ignore[arg-type]

    world.playlists.begin = switched_off_meanwhile  # type: ignore[method-assign, assignment]
    assert [end.playlist_id for end in world.tick("a", "b")] == ["a"]
    assert world.playlist("b").remote_id is None
    assert "sync_started" not in world.trail("b")


def test_it_is_noted_when_the_schedule_looked_at_everything(world: World) -> None:
    world.add("a", "s1")
    world.add("b", "s2")
    assert world.lanes.looked_at(USER, Lane.SCHEDULE) is None
    for _ in range(2):
        world.tick("a", "b")
        assert world.lanes.looked_at(USER, Lane.SCHEDULE) == world.now
        world.now += HOUR
    world.press("a")
    assert world.lanes.looked_at(USER, Lane.SCHEDULE) == world.now - HOUR, "a person looked at one playlist"


def test_a_look_that_the_server_did_not_answer_is_none(world: World) -> None:
    world.add("a", "s1")
    world.tick()
    seen = world.now
    world.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
    for _ in range(2):
        world.now += HOUR
        world.tick("a")
        assert world.lanes.looked_at(USER, Lane.SCHEDULE) == seen


def test_a_look_that_ran_short_of_time_is_none_until_the_rest_is_done(world: World) -> None:
    world.add("a", "s1")
    world.add("b", "s2")
    world.tick("a", "b", remaining_s=30.0)
    assert world.lanes.looked_at(USER, Lane.SCHEDULE) is None
    (rest,) = world.jobs.jobs
    sync_job(rest, world.ports, lambda: 900.0)
    assert world.lanes.looked_at(USER, Lane.SCHEDULE) == world.now
