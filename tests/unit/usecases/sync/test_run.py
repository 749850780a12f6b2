"""One run on one playlist: what it says when it begins and ends, how far it is, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER, Party, Side
from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, SyncFailure, told
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldReason,
    LastError,
    Playlist,
    Progress,
    SyncState,
)
from reprise.usecases.sync.run import PROGRESS_EVERY, Run, RunResult, failed
from tests.unit.usecases.sync.world import HOUR, T0, USER, World

SERVER = Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER)
WRITTEN = Fingerprint(source="s", library="l", policy="p", overrides="o", name="Mix")
HELD = HeldBack(reason=HoldReason.SOURCE_EMPTY, sentence="Held.", report_id="r-held", since=T0, fingerprint=WRITTEN)
FAILED_ONCE = LastError(kind=None, sentence="It was held back.")
LEASE = timedelta(minutes=16)


@pytest.fixture
def world() -> World:
    world = World()
    world.add("mix", "s1", name="Mix")
    return world


def job(operation: Operation = Operation.SYNC, *, reason: Reason = Reason.SCHEDULE, waited: int = 0) -> SyncJob:
    return SyncJob(
        job_id="j-1",
        user_id=USER,
        playlist_ids=("mix",),
        reason=reason,
        asked_at=T0,
        operation=operation,
        waited=waited,
    )


def begun(world: World, of: SyncJob) -> Run:
    run = Run(world.playlist("mix"), of, world.ports)
    assert run.begin()
    return run


def sentences(world: World) -> list[str]:
    return [event.message for event in reversed(world.history("mix"))]


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (Operation.SYNC, "Sync of “Mix” started."),
        (Operation.REBUILD, "Rebuild of “Mix” started."),
        (Operation.RECREATE, "Recreation of “Mix” started."),
        (Operation.DELETE_REMOTE, "Removal of the remote list of “Mix” started."),
        (Operation.UNDO, "Undo for “Mix” started."),
        (Operation.PREVIEW, "Preview of “Mix” started."),
    ],
)
def test_it_says_what_began(world: World, operation: Operation, sentence: str) -> None:
    begun(world, job(operation))
    assert sentences(world) == [sentence]


def test_it_holds_the_playlist_for_as_long_as_the_lease_and_no_longer(world: World) -> None:
    begun(world, job())
    world.now = T0 + LEASE - timedelta(seconds=1)
    assert not Run(world.playlist("mix"), job(), world.ports).begin()
    world.now = T0 + LEASE
    assert Run(world.playlist("mix"), job(), world.ports).begin()


@pytest.mark.parametrize(
    ("changed", "sentence"), [(True, "All 3 tracks are in place."), (False, "Nothing had changed.")]
)
def test_a_run_that_ended_well_says_whether_it_wrote(world: World, changed: bool, sentence: str) -> None:
    run = begun(world, job())
    run.finish(RunResult(state=SyncState.SUCCESS, counts=Counts(total=3, matched=3), changed=changed))
    assert sentences(world)[-1] == sentence


def test_a_run_that_failed_before_it_asked_the_server_says_why_and_that_it_asked_nothing(world: World) -> None:
    failure = SyncFailure(FailureKind.UNREACHABLE)
    run = begun(world, job())
    run.finish(failed(failure, SERVER))
    ended = world.history("mix")[0]
    assert ended.event_type is EventType.SYNC_FAILED
    assert ended.message == told(FailureKind.UNREACHABLE, "", SERVER)
    assert ended.metadata["server_calls"] == 0
    assert run.superseded == frozenset()


def test_before_it_ended_nothing_is_superseded(world: World) -> None:
    assert begun(world, job()).superseded == frozenset()


@pytest.mark.parametrize(
    ("reason", "waited", "said"),
    [
        (Reason.SCHEDULE, 0, ["Busy."]),
        (Reason.MANUAL, 0, ["Busy. This one follows."]),
        (Reason.SCHEDULE, 1, []),
        (Reason.MANUAL, 1, []),
    ],
)
def test_that_it_waits_is_said_once_and_that_it_follows_where_somebody_asked(
    world: World, reason: Reason, waited: int, said: list[str]
) -> None:
    Run(world.playlist("mix"), job(reason=reason, waited=waited), world.ports).wait("Busy.")
    assert sentences(world) == said


def test_a_run_that_was_overtaken_says_so_and_leaves_the_playlist_alone(world: World) -> None:
    run = begun(world, job())
    world.now += LEASE
    other = begun(world, job())
    assert not run.finish(RunResult(state=SyncState.SUCCESS))
    assert sentences(world)[-1] == "It took too long: another run took over."
    assert world.playlist("mix").run_id == other.run_id


class TestALook:
    """A preview writes nothing, and leaves the playlist as it found it."""

    def look(self, world: World, **before: object) -> Playlist:
        world.playlists.place(replace(world.playlist("mix"), written=WRITTEN, **before))  # type: ignore[arg-type]
        run = begun(world, job(Operation.PREVIEW, reason=Reason.MANUAL))
        world.now += timedelta(minutes=1)
        assert run.finish(failed(SyncFailure(FailureKind.UNREACHABLE), SERVER))
        return world.playlist("mix")

    def test_keeps_what_waits_and_what_went_wrong_before(self, world: World) -> None:
        due = T0 + timedelta(minutes=20)
        after = self.look(world, state=SyncState.WARNING, held=HELD, last_error=FAILED_ONCE, due_at=due)
        assert (after.state, after.held, after.last_error) == (SyncState.WARNING, HELD, FAILED_ONCE)
        assert (after.written, after.due_at, after.last_job_id) == (WRITTEN, due, "j-1")

    def test_after_a_run_that_was_cut_off_nothing_is_known_of_the_list(self, world: World) -> None:
        after = self.look(world, state=SyncState.SYNCING, lease_until=T0 - HOUR, run_id="dead")
        assert (after.state, after.written) == (SyncState.PENDING, None)

    def test_of_a_playlist_that_the_schedule_does_not_want_makes_it_due(self, world: World) -> None:
        assert self.look(world, due_at=None).due_at == world.now


class TestProgress:
    def test_is_told_at_most_every_two_seconds(self, world: World) -> None:
        run = begun(world, job())
        told: list[tuple[timedelta, Progress]] = []
        for half_seconds in range(13):
            world.now = T0 + timedelta(seconds=half_seconds / 2)
            run.progress("Matching", half_seconds, 12)
            progress = world.playlist("mix").progress
            if progress and (not told or told[-1][1] != progress):
                told.append((world.now - T0, progress))
        assert told == [
            (timedelta(seconds=done / 2), Progress(phase="Matching", done=done, total=12)) for done in (1, 5, 9)
        ]
        assert timedelta(seconds=2) == PROGRESS_EVERY

    def test_of_nothing_done_is_not_told_unless_it_is_to_be_told_now(self, world: World) -> None:
        run = begun(world, job())
        run.progress("Matching", 0, 12)
        assert world.playlist("mix").progress is None
        run.progress("Reading", 0, 0, now=True)
        assert world.playlist("mix").progress == Progress(phase="Reading")

    def test_a_new_phase_is_told_at_once(self, world: World) -> None:
        run = begun(world, job())
        run.progress("Matching", 5, 12)
        run.progress("Matching", 6, 12)
        assert world.playlist("mix").progress == Progress(phase="Matching", done=5, total=12)
        run.progress("Writing", 0, 1, now=True)
        assert world.playlist("mix").progress == Progress(phase="Writing", done=0, total=1)
        run.progress("Writing", 1, 1)
        assert world.playlist("mix").progress == Progress(phase="Writing", done=0, total=1)
