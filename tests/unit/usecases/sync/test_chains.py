"""A job that is put off or handed on is a new message of the function to itself. Lambda ends a chain of such messages
after about sixteen: ours are shorter, whatever is in a job's way, and say so where they end.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.events import EventType
from reprise.domain.jobs import Lane, Operation, Reason, SyncJob
from reprise.domain.playlists import SyncState
from reprise.usecases.sync.sync_job import sync_job
from tests.unit.usecases.sync.world import HOUR, T0, USER, World

# Lambda's recursive loop detection ends a chain at about so many invocations.
LAMBDA_ENDS_AT = 16
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=16)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.add("mix", "s1", "s2")
    world.tick("mix")
    return world


def deletion(world: World) -> SyncJob:
    return SyncJob(
        job_id="manual-delete",
        user_id=USER,
        playlist_ids=("mix",),
        reason=Reason.MANUAL,
        asked_at=world.now,
        operation=Operation.DELETE_REMOTE,
    )


def tick(world: World, *playlist_ids: str) -> SyncJob:
    return SyncJob(job_id="tick-1", user_id=USER, playlist_ids=playlist_ids, reason=Reason.SCHEDULE, asked_at=world.now)


def taken(world: World, lane: Lane, *, until: timedelta, holder: str = "other") -> None:
    assert world.lanes.enter(USER, lane, holder=holder, now=world.now, until=world.now + until)


def leased(world: World, *, until: timedelta) -> None:
    """A run of the schedule works on the playlist, or died while it did."""
    playlist, event = world.playlist("mix"), world.event("mix")
    assert world.playlists.begin(playlist, run_id="other", lease_until=world.now + until, now=world.now, event=event)


def invocations(world: World, job: SyncJob, *, remaining_s: float = 900.0, working: timedelta = timedelta()) -> int:
    """How often the function is called until nothing of `job` is left in the queue. A run takes `working`."""
    world.jobs.put([job])
    called = 0
    while world.jobs.jobs:
        (job,), (delay,) = world.jobs.jobs, world.jobs.delays
        world.jobs.jobs.clear()
        world.jobs.delays.clear()
        world.now += delay
        sync_job(job, world.ports, lambda: remaining_s)
        world.now += working
        called += 1
        assert called < 200, "this never ends"
    return called


@pytest.mark.parametrize("minutes", [1, 13, 16])
def test_a_deletion_asked_for_behind_other_work_of_theirs_is_done(world: World, minutes: int) -> None:
    """Thirteen minutes: a rebuild of a large library. Sixteen: the lane of a worker that died."""
    taken(world, Lane.MANUAL, until=minutes * MINUTE)
    assert invocations(world, deletion(world)) < LAMBDA_ENDS_AT
    assert world.server.lists == {}


def test_a_deletion_behind_a_dead_worker_and_then_behind_another_one_is_done(world: World) -> None:
    """The lane for as long as a lease can last, and the playlist for another."""
    taken(world, Lane.MANUAL, until=LEASE)
    leased(world, until=2 * LEASE)
    assert invocations(world, deletion(world)) < LAMBDA_ENDS_AT
    assert world.server.lists == {}


@pytest.mark.parametrize("interval", [MINUTE, HOUR, DAY], ids=["a minute", "an hour", "a day"])
@pytest.mark.parametrize("minutes", [16, 32, 24 * 60])
def test_a_tick_behind_an_earlier_one_is_done_or_left_to_the_next(
    world: World, interval: timedelta, minutes: int
) -> None:
    object.__setattr__(world.ports, "interval", interval)
    world.now += HOUR
    taken(world, Lane.SCHEDULE, until=minutes * MINUTE)
    assert invocations(world, tick(world, "mix")) < LAMBDA_ENDS_AT
    world.now += 2 * DAY
    assert ("u-alice", "mix") in set(world.playlists.due(world.now)), "the next tick takes it up"


def test_what_can_never_be_done_ends_with_a_reason(world: World) -> None:
    taken(world, Lane.MANUAL, until=2 * DAY)
    assert invocations(world, deletion(world)) < LAMBDA_ENDS_AT
    assert world.now - T0 > HOUR, "it has been tried for a good while"
    last = world.history("mix")[0]
    assert last.event_type is EventType.SYNC_SKIPPED
    assert last.message == "Given up: other work of yours was in its way for too long. Ask for it again."
    assert last.metadata["job_id"] == "manual-delete"
    assert world.server.lists != {}


@pytest.mark.parametrize("reason", Reason)
def test_a_job_that_is_handed_on_again_and_again_ends_too(world: World, reason: Reason) -> None:
    """Each of forty playlists takes as long as a whole run of the function."""
    names = [f"p{number:02}" for number in range(40)]
    for name in names:
        world.add(name, "s1")
    job = SyncJob(job_id="j", user_id=USER, playlist_ids=tuple(names), reason=reason, asked_at=world.now)
    assert invocations(world, job, remaining_s=30.0, working=15 * MINUTE) < LAMBDA_ENDS_AT
    left = [name for name in names if world.playlist(name).state is SyncState.PENDING]
    assert len(names) - len(left) >= 10
    assert {name for _, name in world.playlists.due(world.now)} >= set(left), "the next tick takes them up"
    told = ["It took too long: the schedule takes it up."] if reason is Reason.MANUAL else []
    assert all([event.message for event in world.history(name)] == told for name in left)


def test_waiting_and_handing_on_make_one_chain(world: World) -> None:
    for name in ("a", "b", "c", "d", "e", "f"):
        world.add(name, "s1")
    taken(world, Lane.MANUAL, until=2 * LEASE)
    job = SyncJob(job_id="j", user_id=USER, playlist_ids=tuple("abcdef"), reason=Reason.MANUAL, asked_at=world.now)
    assert invocations(world, job, remaining_s=30.0, working=15 * MINUTE) < LAMBDA_ENDS_AT
