"""What is noted to wait is waited for until its job begins, and not after: what changes then needs another job."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.health import Health
from reprise.domain.jobs import Lane, Operation, Reason, SyncJob
from reprise.domain.waiting import WaitingJob, Wish
from reprise.usecases.sync.sync_job import sync_job
from tests.unit.usecases.sync.world import HOUR, USER, World

LEASE = timedelta(minutes=16)
NAMES = ("a", "b", "c")


@pytest.fixture
def world() -> World:
    world = World()
    for name in NAMES:
        world.add(name, "s1")
    return world


def asked(world: World, *names: str, wish: Wish = Wish.SYNC) -> SyncJob:
    """A job that the API queued, noted with its first playlist."""
    operation = Operation.SYNC if wish is Wish.SYNC_ALL else Operation(wish)
    job = SyncJob(
        job_id="manual-1",
        user_id=USER,
        playlist_ids=names,
        reason=Reason.MANUAL,
        asked_at=world.now,
        operation=operation,
    )
    noted = WaitingJob(job_id=job.job_id, until=world.now + HOUR)
    assert world.playlists.note_waiting(USER, names[0], wish, noted, now=world.now)
    return job


def do(world: World, job: SyncJob, *, remaining_s: float = 900.0) -> None:
    sync_job(job, world.ports, lambda: remaining_s)


def waiting(world: World, name: str = "a") -> set[Wish]:
    return set(world.playlist(name).waiting)


def lease(world: World, name: str) -> None:
    event = world.event(name)
    assert world.playlists.begin(
        world.playlist(name), run_id="other", lease_until=world.now + LEASE, now=world.now, event=event
    )


@pytest.mark.parametrize("wish", [Wish.SYNC, Wish.REBUILD, Wish.RECREATE, Wish.DELETE_REMOTE, Wish.PREVIEW])
def test_when_its_job_begins(world: World, wish: Wish) -> None:
    job = asked(world, "a", wish=wish)
    seen: list[set[Wish]] = []
    calls = world.server.calls

    class Watched(list[str]):
        def append(self, call: str) -> None:
            seen.append(waiting(world))
            super().append(call)

    world.server.calls = Watched(calls)
    do(world, job)
    assert seen, "the music server was asked"
    assert all(each == set() for each in seen), "nobody was sent to a job that had begun"


def test_another_job_takes_nothing_away(world: World) -> None:
    asked(world, "a")
    world.tick("a")
    world.press("a")
    assert waiting(world) == {Wish.SYNC}


def test_a_job_that_is_put_off_waits_on(world: World) -> None:
    job = asked(world, "a")
    assert world.lanes.enter(USER, Lane.MANUAL, holder="other", now=world.now, until=world.now + LEASE)
    do(world, job)
    assert waiting(world) == {Wish.SYNC}
    world.lanes.leave(USER, Lane.MANUAL, holder="other")
    lease(world, "a")
    (job,) = world.jobs.jobs
    do(world, job)
    assert waiting(world) == {Wish.SYNC}
    world.now += LEASE
    do(world, world.jobs.jobs[-1])
    assert waiting(world) == set()


def test_a_job_that_is_given_up_waits_no_more(world: World) -> None:
    job = asked(world, "a")
    assert world.lanes.enter(USER, Lane.MANUAL, holder="other", now=world.now, until=world.now + 24 * HOUR)
    do(world, job)
    while world.jobs.jobs:
        do(world, world.jobs.jobs.pop())
    assert world.history("a")[0].event_type is EventType.SYNC_SKIPPED
    assert waiting(world) == set()


def test_a_job_that_finds_the_server_failing_waits_no_more(world: World) -> None:
    job = asked(world, "a")
    healthy = Health(user_id=USER, connection_id=MUSIC_SERVER)
    failure = SyncFailure(FailureKind.UNREACHABLE, scope=Scope.CONNECTION)
    failing = world.health.record_failure(healthy, healthy.failed(failure, world.now, 1.0, world.ports.breaker))
    assert world.health.claim_probe(failing, now=world.now, until=world.now + HOUR)
    do(world, job)
    assert world.trail("a") == ["sync_skipped"]
    assert waiting(world) == set()


def test_a_message_that_comes_twice_waits_no_more_the_second_time(world: World) -> None:
    """The person sent the same request again, with its key, when the job was done."""
    job = asked(world, "a")
    do(world, job)
    asked(world, "a")
    do(world, job)
    assert world.trail("a") == ["sync_started", "sync_completed"]
    assert waiting(world) == set()


def test_all_of_them_are_waited_for_until_the_first_begins(world: World) -> None:
    job = asked(world, *NAMES, wish=Wish.SYNC_ALL)
    do(world, job, remaining_s=30.0)
    assert waiting(world) == set()
    (rest,) = world.jobs.jobs
    assert rest.asked_id == job.job_id
    assert rest.playlist_ids == ("b", "c")


def test_all_of_them_are_waited_for_no_more_when_only_the_first_is_left(world: World) -> None:
    """What changed in the others, after they were done, needs another job."""
    job = asked(world, *NAMES, wish=Wish.SYNC_ALL)
    lease(world, "a")
    do(world, job)
    assert [each.playlist_ids for each in world.jobs.jobs] == [("a",)]
    assert waiting(world) == set()
