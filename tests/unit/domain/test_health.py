"""Backoff, latch, recovery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.health import BACKOFF_MAX, BreakerPolicy, Circuit, Health

NOW = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = BreakerPolicy(threshold=100)
FRESH = Health(user_id="u", connection_id="navidrome")


def test_nothing_recorded_is_healthy_and_may_be_called() -> None:
    assert FRESH.healthy
    assert FRESH.may_call(NOW)


@pytest.mark.parametrize(("count", "seconds"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1800), (40, 1800)])
def test_the_wait_doubles_up_to_half_an_hour(count: int, seconds: int) -> None:
    health = FRESH
    for _ in range(count):
        health = health.failed(SyncFailure(FailureKind.UNREACHABLE), NOW, 1.0, POLICY)
    assert health.consecutive_failures == count
    assert health.next_retry_at == NOW + timedelta(seconds=seconds)
    assert not health.may_call(NOW + timedelta(seconds=seconds - 1))
    assert health.may_call(NOW + timedelta(seconds=seconds))


@given(st.floats(0.75, 1.25), st.integers(0, 30))
def test_jitter_never_exceeds_the_cap(jitter: float, before: int) -> None:
    health = Health(user_id="u", connection_id="c", consecutive_failures=before)
    after = health.failed(SyncFailure(FailureKind.SERVER_ERROR), NOW, jitter, POLICY)
    assert after.next_retry_at is not None
    assert timedelta(seconds=22) <= after.next_retry_at - NOW <= BACKOFF_MAX


def test_the_provider_may_ask_for_a_longer_wait() -> None:
    after = FRESH.failed(SyncFailure(FailureKind.RATE_LIMITED, retry_after_s=7200), NOW, 1.0, POLICY)
    assert after.next_retry_at == NOW + timedelta(hours=2)


def test_a_refused_password_latches_until_reset() -> None:
    after = FRESH.failed(SyncFailure(FailureKind.AUTH_INVALID), NOW, 1.0, POLICY)
    assert after.latched
    assert not after.may_call(NOW + timedelta(days=400))


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - {FailureKind.AUTH_INVALID}))
def test_nothing_else_does(kind: FailureKind) -> None:
    after = FRESH.failed(SyncFailure(kind, scope=Scope.CONNECTION), NOW, 1.0, POLICY)
    assert not after.latched
    assert after.next_retry_at == NOW + timedelta(seconds=30)


def test_what_latched_before_this_was_so_is_tried_again() -> None:
    stored = replace(FRESH, consecutive_failures=1, last_failure_at=NOW, last_kind=FailureKind.MISCONFIGURED)
    assert stored.may_call(NOW)


def test_the_first_failure_of_a_streak_is_remembered() -> None:
    once = FRESH.failed(SyncFailure(FailureKind.UNREACHABLE), NOW, 1.0, POLICY)
    twice = once.failed(SyncFailure(FailureKind.UNREACHABLE), NOW + timedelta(hours=1), 1.0, POLICY)
    assert (twice.first_failure_at, twice.last_failure_at) == (NOW, NOW + timedelta(hours=1))


def test_the_circuit_opens_at_the_threshold_and_half_opens_after_its_cooldown() -> None:
    policy = BreakerPolicy(threshold=3, cooldown=timedelta(minutes=45))
    health, states = FRESH, []
    for _ in range(3):
        health = health.failed(SyncFailure(FailureKind.SERVER_ERROR), NOW, 1.0, policy)
        states.append(health.circuit(NOW, policy))
    assert states == [Circuit.CLOSED, Circuit.CLOSED, Circuit.OPEN]
    assert health.circuit(NOW + timedelta(minutes=44), policy) is Circuit.OPEN
    assert health.circuit(NOW + timedelta(minutes=45), policy) is Circuit.HALF_OPEN


def test_a_latched_connection_stays_open() -> None:
    latched = FRESH.failed(SyncFailure(FailureKind.AUTH_INVALID), NOW, 1.0, BreakerPolicy())
    assert latched.circuit(NOW + timedelta(days=9), BreakerPolicy()) is Circuit.OPEN


@pytest.mark.parametrize(("jitter", "seconds"), [(0.75, 22.5), (1.0, 30), (1.25, 37.5)])
def test_the_first_wait_is_half_a_minute_more_or_less(jitter: float, seconds: float) -> None:
    after = FRESH.failed(SyncFailure(FailureKind.UNREACHABLE), NOW, jitter, POLICY)
    assert after.next_retry_at == NOW + timedelta(seconds=seconds)


def test_a_failure_of_the_one_that_tried_again_ends_its_probe() -> None:
    probing = FRESH.failed(SyncFailure(FailureKind.UNREACHABLE), NOW, 1.0, POLICY)
    probing = replace(probing, probing_until=NOW + timedelta(minutes=20))
    after = probing.failed(SyncFailure(FailureKind.UNREACHABLE), NOW + timedelta(minutes=1), 1.0, POLICY)
    assert after.probing_until is None
    assert (after.first_failure_at, after.last_failure_at) == (NOW, NOW + timedelta(minutes=1))


def test_a_failure_that_only_a_person_can_mend_has_no_next_try() -> None:
    after = FRESH.failed(SyncFailure(FailureKind.AUTH_INVALID), NOW, 1.0, POLICY)
    assert after.next_retry_at is None
    assert after.latched
