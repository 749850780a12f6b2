"""One tick makes the same jobs however often and in whatever order it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.ids import slot_start, ulid
from reprise.domain.jobs import PLAYLISTS_PER_JOB, Reason, jobs_for_tick, manual_jobs

HOUR = timedelta(hours=1)
TICK = datetime(2026, 3, 1, 10, 37, tzinfo=UTC)
pairs = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 80).map(lambda n: f"p-{n}")), max_size=120)


@given(pairs, st.randoms())
def test_order_and_repetition_of_a_tick_change_nothing(due: list[tuple[str, str]], random: object) -> None:
    once = list(jobs_for_tick(due, tick=TICK, interval=HOUR))
    shuffled = due + due
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(jobs_for_tick(shuffled, tick=TICK + timedelta(minutes=5), interval=HOUR)) == once


@given(pairs)
def test_every_due_playlist_is_in_exactly_one_job_of_its_user(due: list[tuple[str, str]]) -> None:
    jobs = list(jobs_for_tick(due, tick=TICK, interval=HOUR))
    assert sorted((j.user_id, p) for j in jobs for p in j.playlist_ids) == sorted(set(due))
    assert all(0 < len(j.playlist_ids) <= PLAYLISTS_PER_JOB for j in jobs)
    assert len({j.job_id for j in jobs}) == len(jobs)


def test_the_next_tick_makes_other_jobs() -> None:
    (one,) = jobs_for_tick([("u", "p")], tick=TICK, interval=HOUR)
    (two,) = jobs_for_tick([("u", "p")], tick=TICK + HOUR, interval=HOUR)
    assert one.job_id != two.job_id
    assert one.slot == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_manual_jobs_keep_the_order_asked_for_and_drop_repetitions() -> None:
    asked = [f"p-{n}" for n in range(PLAYLISTS_PER_JOB + 5)] + ["p-3"]
    jobs = list(manual_jobs("u", asked, job_ids=iter(["j1", "j2"]), now=TICK, interval=HOUR))
    assert [p for j in jobs for p in j.playlist_ids] == asked[:-1]
    assert [j.job_id for j in jobs] == ["j1", "j2"]
    assert {j.reason for j in jobs} == {Reason.MANUAL}


@given(st.integers(10**9, 4 * 10**9), st.integers(1, 1440))
def test_a_moment_lies_in_its_slot(seconds: int, minutes: int) -> None:
    at, interval = datetime.fromtimestamp(seconds, UTC), timedelta(minutes=minutes)
    start = slot_start(at, interval)
    assert start <= at < start + interval
    assert slot_start(start, interval) == start


def test_ulids_sort_by_time_and_have_the_standard_form() -> None:
    early, late = ulid(TICK, b"\xff" * 10), ulid(TICK + timedelta(milliseconds=1), b"\0" * 10)
    assert early < late
    assert len(early) == 26
