"""One tick makes the same jobs however often and in whatever order it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.ids import ulid
from reprise.domain.jobs import PLAYLISTS_PER_JOB, Lane, Operation, Reason, jobs_for_tick, manual_jobs

HOUR = timedelta(hours=1)
TICK = datetime(2026, 3, 1, 10, 37, tzinfo=UTC)
pairs = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 80).map(lambda n: f"p-{n}")), max_size=120)


@given(pairs, st.randoms())
def test_order_and_repetition_of_a_tick_change_nothing(due: list[tuple[str, str]], random: object) -> None:
    once = list(jobs_for_tick(due, tick=TICK))
    shuffled = due + due
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(jobs_for_tick(shuffled, tick=TICK)) == once


@given(pairs)
def test_every_due_playlist_is_in_exactly_one_job_of_its_user(due: list[tuple[str, str]]) -> None:
    jobs = list(jobs_for_tick(due, tick=TICK))
    assert sorted((j.user_id, p) for j in jobs for p in j.playlist_ids) == sorted(set(due))
    assert all(0 < len(j.playlist_ids) <= PLAYLISTS_PER_JOB for j in jobs)
    assert len({j.job_id for j in jobs}) == len(jobs)


def test_a_job_has_at_most_two_hundred_playlists() -> None:
    """Two reads fetch so many, and their ends fit into one message."""
    due = [("u", f"p-{n:03}") for n in range(201)]
    assert [len(job.playlist_ids) for job in jobs_for_tick(due, tick=TICK)] == [200, 1]


def test_the_next_tick_makes_other_jobs() -> None:
    (one,) = jobs_for_tick([("u", "p")], tick=TICK)
    (two,) = jobs_for_tick([("u", "p")], tick=TICK + HOUR)
    assert one.job_id != two.job_id
    assert (one.asked_at, one.reason, one.lane) == (TICK, Reason.SCHEDULE, Lane.SCHEDULE)
    assert (one.operation, one.argument, one.waited) == (Operation.SYNC, "", 0)


def test_manual_jobs_keep_the_order_asked_for_and_drop_repetitions() -> None:
    asked = [f"p-{n}" for n in range(PLAYLISTS_PER_JOB + 5)] + ["p-3"]
    jobs = list(manual_jobs("u", asked, job_ids=iter(["j1", "j2"]), now=TICK))
    assert [p for j in jobs for p in j.playlist_ids] == asked[:-1]
    assert [j.job_id for j in jobs] == ["j1", "j2"]
    assert {(j.reason, j.lane, j.asked_at) for j in jobs} == {(Reason.MANUAL, Lane.MANUAL, TICK)}
    assert {(j.operation, j.argument, j.waited) for j in jobs} == {(Operation.SYNC, "", 0)}


def test_a_manual_job_says_what_is_to_be_done_and_with_what() -> None:
    (job,) = manual_jobs("u", ["p"], job_ids=iter(["j"]), now=TICK, operation=Operation.UNDO, argument="r-1")
    assert (job.operation, job.argument) == (Operation.UNDO, "r-1")


@given(
    phase=st.integers(0, 86_399),
    minutes=st.integers(1, 1440),
    queued=st.lists(st.integers(0, 20 * 60), min_size=30, max_size=30),
    took=st.lists(st.integers(0, 2 * 60 * 60), min_size=30, max_size=30),
    early=st.lists(st.integers(0, 15), min_size=30, max_size=30),
)
def test_every_tick_that_finds_no_run_under_way_begins_one(
    phase: int, minutes: int, queued: list[int], took: list[int], early: list[int]
) -> None:
    """Whatever minute the schedule counts from, and however long a job waits and takes. No tick is planned later."""
    interval = timedelta(minutes=minutes)
    first = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=phase)
    due, free_from = first, first
    for number in range(30):
        tick = first + number * interval - timedelta(seconds=early[number])
        if tick < free_from:
            continue
        assert due <= tick
        (job,) = jobs_for_tick([("u", "p")], tick=tick)
        free_from = tick + timedelta(seconds=queued[number] + took[number])
        due = job.next_due(was_due=due, ended=free_from, interval=interval)
        assert due > tick


def test_a_persons_own_job_leaves_the_schedule_as_it_was() -> None:
    (job,) = manual_jobs("u", ["p"], job_ids=iter(["j"]), now=TICK)
    ended = TICK + timedelta(minutes=3)
    for was_due in (TICK - HOUR, TICK + timedelta(minutes=23)):
        assert job.next_due(was_due=was_due, ended=ended, interval=HOUR) == was_due
    assert job.next_due(was_due=None, ended=ended, interval=HOUR) == ended


def test_ulids_sort_by_time_and_have_the_standard_form() -> None:
    early, late = ulid(TICK, b"\xff" * 10), ulid(TICK + timedelta(milliseconds=1), b"\0" * 10)
    assert early < late
    assert len(early) == 26
