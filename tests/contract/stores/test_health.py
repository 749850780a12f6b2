"""Health of connections: what every `HealthStore` does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from reprise.domain.connections import MUSIC_SERVER, of_host
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import BreakerPolicy, Health
from reprise_dev.doubles.backends import Stores
from reprise_dev.samples.specimens import T0

HEALTHY = Health(user_id="u-1", connection_id="navidrome")


def failed(before: Health, seconds: int, kind: FailureKind = FailureKind.UNREACHABLE) -> Health:
    return before.failed(SyncFailure(kind), T0 + timedelta(seconds=seconds), 1.0, BreakerPolicy())


def test_what_is_not_recorded_is_healthy(stores: Stores) -> None:
    assert stores.health.get("u-1", "navidrome") == HEALTHY


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_is_remembered(stores: Stores, kind: FailureKind) -> None:
    after = failed(HEALTHY, 0, kind)
    assert stores.health.record_failure(HEALTHY, after) == after
    assert stores.health.get("u-1", "navidrome") == after
    assert stores.health.get("u-2", "navidrome").healthy
    assert stores.health.get("u-1", "spotify").healthy


def test_a_streak_grows(stores: Stores) -> None:
    health = HEALTHY
    for second in range(4):
        health = stores.health.record_failure(health, failed(health, second))
    assert health.consecutive_failures == 4
    assert health.first_failure_at == T0
    assert stores.health.get("u-1", "navidrome") == health


@pytest.mark.parametrize("already_failing", [False, True])
def test_of_two_workers_the_faster_ones_word_stands(stores: Stores, already_failing: bool) -> None:
    before = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0)) if already_failing else HEALTHY
    faster = failed(before, 1, FailureKind.AUTH_INVALID)
    slower = failed(before, 2)
    assert stores.health.record_failure(before, faster) == faster
    assert stores.health.record_failure(before, slower) == faster
    assert stores.health.get("u-1", "navidrome") == faster


def test_another_streak_of_the_same_length_is_another(stores: Stores) -> None:
    before = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    stores.health.reset("u-1", "navidrome")
    theirs = stores.health.record_failure(HEALTHY, failed(HEALTHY, 5))
    assert stores.health.record_failure(before, failed(before, 6)) == theirs


def test_a_longer_streak_of_the_same_moment_is_another(stores: Stores) -> None:
    before = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    theirs = stores.health.record_failure(before, failed(before, 0))
    assert stores.health.record_failure(before, failed(before, 1)) == theirs


def test_many_workers_failing_at_once_count_once(stores: Stores) -> None:
    start = Barrier(10)

    def fail(number: int) -> Health:
        start.wait()
        return stores.health.record_failure(HEALTHY, failed(HEALTHY, number))

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(fail, range(10)))
    assert answers == {stores.health.get("u-1", "navidrome")}
    assert answers.pop().consecutive_failures == 1


def test_a_reset_is_not_undone_by_a_worker_that_read_before(stores: Stores) -> None:
    before = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    stores.health.reset("u-1", "navidrome")
    assert stores.health.record_failure(before, failed(before, 1)) == HEALTHY
    assert stores.health.get("u-1", "navidrome") == HEALTHY


def test_resetting_what_is_healthy_is_fine(stores: Stores) -> None:
    stores.health.reset("u-1", "navidrome")
    assert stores.health.get("u-1", "navidrome") == HEALTHY


def test_one_worker_of_many_tries_a_failing_connection_again(stores: Stores) -> None:
    seen = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    start = Barrier(10)

    def claim(_: int) -> bool:
        start.wait()
        return stores.health.claim_probe(seen, now=T0, until=T0 + timedelta(minutes=20))

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(claim, range(10))) == 1
    assert stores.health.get("u-1", "navidrome").probing_until == T0 + timedelta(minutes=20)


def test_a_claim_runs_out(stores: Stores) -> None:
    seen = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    until = T0 + timedelta(minutes=20)
    assert stores.health.claim_probe(seen, now=T0, until=until)
    assert not stores.health.claim_probe(seen, now=until - timedelta(seconds=1), until=until)
    assert stores.health.claim_probe(seen, now=until, until=until + timedelta(minutes=20))


def test_a_claim_on_what_is_past_is_refused(stores: Stores) -> None:
    seen = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    stores.health.record_failure(seen, failed(seen, 1))
    assert not stores.health.claim_probe(seen, now=T0, until=T0 + timedelta(minutes=20))
    stores.health.reset("u-1", "navidrome")
    assert not stores.health.claim_probe(seen, now=T0, until=T0 + timedelta(minutes=20))
    assert stores.health.get("u-1", "navidrome").healthy


def test_the_next_failure_ends_a_claim(stores: Stores) -> None:
    seen = stores.health.record_failure(HEALTHY, failed(HEALTHY, 0))
    stores.health.claim_probe(seen, now=T0, until=T0 + timedelta(minutes=20))
    assert stores.health.record_failure(seen, failed(seen, 1)).probing_until is None


def test_a_person_who_leaves_takes_the_health_of_every_connection_along(stores: Stores) -> None:
    host = Health(user_id="u-1", connection_id=of_host("example.org"))
    other = Health(user_id="u-2", connection_id=MUSIC_SERVER)
    for health in (HEALTHY, host, other):
        stores.health.record_failure(health, failed(health, 0))
    stores.health.forget("u-1")
    assert stores.health.get("u-1", MUSIC_SERVER).healthy
    assert stores.health.get("u-1", of_host("example.org")).healthy
    assert not stores.health.get("u-2", MUSIC_SERVER).healthy
