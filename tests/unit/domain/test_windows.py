"""The window of quiet, step by step. That a store does each step at once is the contract suites' to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain import cooldowns
from reprise.domain.cooldowns import Claim, ClaimState, CooldownPolicy, Incident, Verdict, Window, window_key
from reprise_dev.samples.notices import T0, USER_ID, failed, recovered

MINUTE = timedelta(minutes=1)
POLICY = CooldownPolicy(length=timedelta(days=7), lease=5 * MINUTE)
FREE = Window(user_id=USER_ID, window_key=window_key("navidrome"))
CLAIMED = replace(
    FREE,
    claim=Claim(notice_id="f1", attempt="a1", failed_at=T0, state=ClaimState.SENDING, quiet_until=T0 + POLICY.lease),
    incident=Incident(opened_at=T0, cause="connection", first_failure_at=T0),
)


def claimed(window: Window, *, name: str = "f1", attempt: str = "a2", after: timedelta) -> tuple[Verdict, Window]:
    return cooldowns.claim(window, failed(name), attempt=attempt, now=T0 + after, policy=POLICY)


def test_a_claim_takes_the_window_for_as_long_as_the_lease() -> None:
    assert claimed(FREE, attempt="a1", after=timedelta()) == (Verdict.GRANTED, CLAIMED)


@pytest.mark.parametrize(
    ("name", "attempt", "after", "verdict"),
    [
        ("f1", "a1", MINUTE, Verdict.GRANTED),
        ("f1", "a2", MINUTE, Verdict.IN_FLIGHT),
        ("f2", "a2", MINUTE, Verdict.COOLING),
        ("f1", "a2", POLICY.lease, Verdict.GRANTED),
        ("f2", "a2", POLICY.lease, Verdict.GRANTED),
    ],
)
def test_while_one_sends_others_wait_until_its_lease_is_over(
    name: str, attempt: str, after: timedelta, verdict: Verdict
) -> None:
    assert claimed(CLAIMED, name=name, attempt=attempt, after=after)[0] is verdict


def test_a_confirmed_email_starts_the_quiet_and_is_remembered() -> None:
    now = T0 + MINUTE
    kept, sent = cooldowns.confirm(CLAIMED, "a1", now=now, policy=POLICY)
    assert kept
    assert CLAIMED.claim is not None
    assert CLAIMED.incident is not None
    assert sent == replace(
        CLAIMED,
        claim=replace(CLAIMED.claim, state=ClaimState.SENT, quiet_until=now + POLICY.length),
        incident=replace(CLAIMED.incident, notified_at=now),
    )
    assert cooldowns.confirm(sent, "a1", now=now + MINUTE, policy=POLICY) == (True, sent)
    assert claimed(sent, after=MINUTE)[0] is Verdict.ALREADY_SENT
    assert claimed(sent, name="f2", after=MINUTE)[0] is Verdict.COOLING


@pytest.mark.parametrize(
    "window",
    [FREE, replace(CLAIMED, claim=None), replace(CLAIMED, incident=None)],
    ids=["free", "no claim", "no incident"],
)
def test_what_is_not_this_attempts_can_be_neither_confirmed_nor_given_back(window: Window) -> None:
    assert cooldowns.confirm(window, "a1", now=T0, policy=POLICY) == (False, window)
    assert cooldowns.confirm(CLAIMED, "another", now=T0, policy=POLICY) == (False, CLAIMED)
    for give_back in (cooldowns.release, cooldowns.park):
        assert give_back(CLAIMED, "another") == CLAIMED
        assert give_back(FREE, "a1") == FREE


def test_given_back_it_is_free_and_parked_it_waits_for_the_same_notice() -> None:
    assert cooldowns.release(CLAIMED, "a1") == replace(CLAIMED, claim=None)
    parked = cooldowns.park(CLAIMED, "a1")
    assert claimed(parked, attempt="a2", after=MINUTE)[0] is Verdict.GRANTED
    assert claimed(parked, name="f2", after=MINUTE)[0] is Verdict.COOLING


def test_a_recovery_ends_window_and_incident_and_is_remembered() -> None:
    at = T0 + MINUTE
    ended, window = cooldowns.clear(CLAIMED, recovered(at=at), now=at)
    assert ended
    assert (window.claim, window.incident, dict(window.recoveries)) == (None, None, {"connection": at})
    assert claimed(window, name="f2", after=2 * MINUTE)[0] is Verdict.STALE


class TestTheIncidentOfTheNextClaim:
    """`before` began at T0, and its email never got through unless it was notified."""

    def of(self, before: Incident, *, cause: str = "connection", after: timedelta = MINUTE) -> Incident | None:
        failure = replace(failed("f2", cause=cause, at=T0 + after), first_failure_at=T0 - MINUTE)
        window = replace(FREE, incident=before)
        return cooldowns.claim(window, failure, attempt="a2", now=T0 + after, policy=POLICY)[1].incident

    def test_goes_on_with_the_earliest_failure_of_the_same_cause(self) -> None:
        before = Incident(opened_at=T0, cause="connection", first_failure_at=T0 - 2 * MINUTE)
        assert self.of(before) == before

    def test_goes_on_under_another_cause_with_that_ones_first_failure(self) -> None:
        before = Incident(opened_at=T0, cause="connection", first_failure_at=T0 - 2 * MINUTE)
        expected = Incident(opened_at=T0, cause="playlist:p1", first_failure_at=T0 - MINUTE)
        assert self.of(before, cause="playlist:p1") == expected

    @pytest.mark.parametrize(
        ("notified", "after", "new"),
        [
            (False, POLICY.length - MINUTE, False),
            (False, POLICY.length, True),
            (True, MINUTE, True),
        ],
    )
    def test_is_a_new_one_after_an_email_and_after_a_whole_window(
        self, *, notified: bool, after: timedelta, new: bool
    ) -> None:
        before = Incident(opened_at=T0, cause="connection", first_failure_at=T0, notified_at=T0 if notified else None)
        found = self.of(before, after=after)
        assert found is not None
        assert found.opened_at == (T0 + after if new else T0)
        assert found.notified_at is None
