"""`CooldownStore`: the same on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.domain.cooldowns import ClaimState, CooldownPolicy, Verdict, Window, incident_id
from reprise.domain.playlists import SyncState
from reprise.ports.notifications import Claimed, Contended, CooldownStore
from reprise.stores.dynamodb.cooldowns import TRIES, DynamoCooldowns
from reprise_dev.doubles.fakes.notifications import MemoryCooldowns
from reprise_dev.doubles.notifier_world import LEASE, POLICY, WINDOW
from reprise_dev.samples.notices import T0, USER_ID, ends, failed, recovered

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def claim(store: CooldownStore, name: str, *, now: datetime = T0, attempt: str | None = None) -> Claimed:
    return store.claim(failed(name, at=now), attempt=attempt or f"{name}-1", now=now, policy=POLICY)


def confirmed(store: CooldownStore, name: str = "f1", *, now: datetime = T0) -> Claimed:
    claimed = claim(store, name, now=now)
    assert store.confirm(claimed, now=now, policy=POLICY)
    return claimed


def test_of_two_claims_one_is_granted(cooldowns: CooldownStore) -> None:
    assert claim(cooldowns, "f1").verdict is Verdict.GRANTED
    assert claim(cooldowns, "f2").verdict is Verdict.COOLING


def test_a_claim_is_free_again_when_its_lease_ends_and_not_before(cooldowns: CooldownStore) -> None:
    claim(cooldowns, "f1")
    assert claim(cooldowns, "f2", now=T0 + LEASE - timedelta(microseconds=1)).verdict is Verdict.COOLING
    assert claim(cooldowns, "f3", now=T0 + LEASE).verdict is Verdict.GRANTED


def test_the_window_is_counted_from_the_confirmation(cooldowns: CooldownStore) -> None:
    claimed = claim(cooldowns, "f1")
    assert cooldowns.confirm(claimed, now=T0 + 60 * SECOND, policy=POLICY)
    end = T0 + 60 * SECOND + WINDOW
    assert claim(cooldowns, "f2", now=end - timedelta(microseconds=1)).verdict is Verdict.COOLING
    assert claim(cooldowns, "f3", now=end).verdict is Verdict.GRANTED


def test_a_confirmed_outcome_is_known_as_already_sent(cooldowns: CooldownStore) -> None:
    confirmed(cooldowns)
    assert claim(cooldowns, "f1", attempt="f1-2").verdict is Verdict.ALREADY_SENT


def test_a_second_delivery_of_the_same_message_waits_for_the_first(cooldowns: CooldownStore) -> None:
    claim(cooldowns, "f1")
    assert claim(cooldowns, "f1", attempt="f1-2").verdict is Verdict.IN_FLIGHT
    assert claim(cooldowns, "f1", attempt="f1-2", now=T0 + LEASE).verdict is Verdict.GRANTED


def test_a_parked_claim_is_open_to_its_own_outcome_only(cooldowns: CooldownStore) -> None:
    claimed = claim(cooldowns, "f1")
    cooldowns.park(claimed, now=T0)
    assert claim(cooldowns, "f2").verdict is Verdict.COOLING
    again = claim(cooldowns, "f1", attempt="f1-2", now=T0 + SECOND)
    assert again.verdict is Verdict.GRANTED
    assert again.window.claim is not None
    assert (again.window.claim.state, again.window.claim.quiet_until) == (ClaimState.SENDING, T0 + SECOND + LEASE)


def test_a_released_claim_is_free_and_its_incident_goes_on(cooldowns: CooldownStore) -> None:
    first = claim(cooldowns, "f1")
    cooldowns.release(first, now=T0)
    second = claim(cooldowns, "f2", now=T0 + HOUR)
    assert second.verdict is Verdict.GRANTED
    assert incident_id(second.window) == incident_id(first.window)
    assert second.window.incident is not None
    assert second.window.incident.first_failure_at == T0


def test_an_incident_nobody_was_told_of_is_not_gone_on_with_after_a_window(cooldowns: CooldownStore) -> None:
    """Its email may have arrived, and one with the same Message-ID would be taken for it."""
    first = claim(cooldowns, "f1")
    second = claim(cooldowns, "f2", now=T0 + WINDOW)
    assert incident_id(second.window) != incident_id(first.window)


def test_an_incident_that_was_told_is_over_even_if_windows_have_become_longer(cooldowns: CooldownStore) -> None:
    first = confirmed(cooldowns)
    longer = CooldownPolicy(length=2 * WINDOW, lease=LEASE)
    second = cooldowns.claim(failed("f2", at=T0 + WINDOW), attempt="a", now=T0 + WINDOW, policy=longer)
    assert second.verdict is Verdict.GRANTED
    assert incident_id(second.window) != incident_id(first.window)


def test_the_first_failure_is_that_of_the_same_cause(cooldowns: CooldownStore) -> None:
    of_playlist = failed("p1", cause="playlist:p-a", at=T0)
    cooldowns.release(cooldowns.claim(of_playlist, attempt="a", now=T0, policy=POLICY), now=T0)
    of_connection = claim(cooldowns, "f1", now=T0 + HOUR)
    assert of_connection.window.incident is not None
    assert of_connection.window.incident.first_failure_at == T0 + HOUR


@pytest.mark.parametrize("verb", ["confirm", "release", "park"])
def test_a_lost_claim_changes_nothing(cooldowns: CooldownStore, verb: str) -> None:
    slow = claim(cooldowns, "slow")
    later = T0 + LEASE
    assert claim(cooldowns, "next", now=later).verdict is Verdict.GRANTED
    if verb == "confirm":
        assert cooldowns.confirm(slow, now=later, policy=POLICY) is False
    else:
        getattr(cooldowns, verb)(slow, now=later)
    assert claim(cooldowns, "third", now=later).verdict is Verdict.COOLING
    assert claim(cooldowns, "slow", now=later, attempt="slow-2").verdict is Verdict.COOLING
    assert claim(cooldowns, "third", now=later + LEASE).verdict is Verdict.GRANTED


def test_an_attempt_is_not_taken_for_another_of_the_same_outcome(cooldowns: CooldownStore) -> None:
    slow = claim(cooldowns, "f1")
    again = claim(cooldowns, "f1", attempt="f1-2", now=T0 + LEASE)
    assert cooldowns.confirm(slow, now=T0 + LEASE, policy=POLICY) is False
    assert cooldowns.confirm(again, now=T0 + LEASE, policy=POLICY) is True


def test_confirming_twice_is_confirming_once(cooldowns: CooldownStore) -> None:
    claimed = confirmed(cooldowns)
    assert cooldowns.confirm(claimed, now=T0 + HOUR, policy=POLICY) is True
    assert claim(cooldowns, "f2", now=T0 + WINDOW).verdict is Verdict.GRANTED


def test_clearing_ends_the_window_and_is_remembered(cooldowns: CooldownStore) -> None:
    confirmed(cooldowns)
    assert cooldowns.clear(recovered(at=T0 + HOUR), now=T0 + HOUR) is True
    assert cooldowns.clear(recovered(at=T0 + HOUR), now=T0 + HOUR) is False
    late = cooldowns.claim(failed("late", at=T0 + HOUR - SECOND), attempt="a", now=T0 + HOUR, policy=POLICY)
    assert late.verdict is Verdict.STALE
    assert claim(cooldowns, "f2", now=T0 + HOUR).verdict is Verdict.GRANTED


def test_clearing_while_an_email_is_on_its_way(cooldowns: CooldownStore) -> None:
    claimed = claim(cooldowns, "f1")
    assert cooldowns.clear(recovered(at=T0 + SECOND), now=T0 + SECOND) is True
    assert cooldowns.confirm(claimed, now=T0 + SECOND, policy=POLICY) is False


def test_clearing_one_provider_leaves_the_other(cooldowns: CooldownStore) -> None:
    cooldowns.confirm(
        cooldowns.claim(failed("f1", provider="spotify"), attempt="a", now=T0, policy=POLICY), now=T0, policy=POLICY
    )
    assert cooldowns.clear(recovered(at=T0 + HOUR, provider="spotify:2"), now=T0 + HOUR) is False
    again = cooldowns.claim(failed("f2", provider="spotify", at=T0 + HOUR), attempt="b", now=T0 + HOUR, policy=POLICY)
    assert again.verdict is Verdict.COOLING


def test_recoveries_of_many_playlists_are_each_remembered(cooldowns: CooldownStore) -> None:
    names = [f"n{number}" for number in range(60)]
    for start in range(0, 60, 25):
        cooldowns.clear(
            recovered(at=T0 + HOUR, playlists=ends(*names[start : start + 25], state=SyncState.SUCCESS)), now=T0 + HOUR
        )
    for name in ("n0", "n30", "n59"):
        late = failed(name, cause=f"playlist:p-{name}", at=T0)
        assert cooldowns.claim(late, attempt="a", now=T0 + HOUR, policy=POLICY).verdict is Verdict.STALE
    other = failed("other", cause="playlist:p-other", at=T0)
    assert cooldowns.claim(other, attempt="a", now=T0 + HOUR, policy=POLICY).verdict is Verdict.GRANTED


def test_names_may_hold_anything(cooldowns: CooldownStore) -> None:
    strange = failed("Ω ' \" # {}", provider="a#b:2", cause="playlist:\u202e.\n")
    assert cooldowns.claim(strange, attempt="é", now=T0, policy=POLICY).verdict is Verdict.GRANTED
    assert cooldowns.claim(strange, attempt="x", now=T0, policy=POLICY).verdict is Verdict.IN_FLIGHT


def test_of_many_workers_at_once_one_gets_the_window(cooldowns: CooldownStore) -> None:
    """Real threads. Those whom the crowd keeps from being served come again, as messages do."""

    def attempt(number: int) -> Verdict:
        while True:
            try:
                return claim(cooldowns, f"f{number}").verdict
            except Contended:
                continue

    with ThreadPoolExecutor(16) as workers:
        verdicts = list(workers.map(attempt, range(16)))
    assert sorted(verdicts) == [Verdict.COOLING] * 15 + [Verdict.GRANTED]


class TestDynamoDbAlone:
    """What only a store that is read and then written can get wrong."""

    def test_a_claim_that_comes_between_reading_and_writing_wins(
        self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]
    ) -> None:
        store = new_dynamo_cooldowns()
        intruder = _Intruded(store, lambda: claim(store, "fast"))
        assert claim(intruder, "slow").verdict is Verdict.COOLING
        assert claim(store, "fast", attempt="fast-2").verdict is Verdict.IN_FLIGHT

    def test_a_recovery_remembered_in_between_is_not_lost(
        self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]
    ) -> None:
        """A success older than the failure ends nothing, and must not cost the claim its confirmation."""
        store = new_dynamo_cooldowns()
        claimed = claim(store, "f1")
        intruded = _Intruded(store, lambda: store.clear(recovered(at=T0 - SECOND), now=T0))
        assert intruded.confirm(claimed, now=T0, policy=POLICY) is True
        late = store.claim(failed("late", at=T0 - HOUR), attempt="a", now=T0 + WINDOW, policy=POLICY)
        assert late.verdict is Verdict.STALE

    def test_a_write_whose_answer_was_lost_is_recognised_as_one_s_own(
        self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]
    ) -> None:
        """The library repeats the request, and the condition now fails on what the first one wrote."""
        store = new_dynamo_cooldowns()
        claimed = claim(_AnswerLost(store), "f1")
        assert claimed.verdict is Verdict.GRANTED
        assert _AnswerLost(store).confirm(claimed, now=T0, policy=POLICY) is True
        assert claim(store, "f2").verdict is Verdict.COOLING

    def test_a_crowd_without_end_gives_up_aloud(self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]) -> None:
        store = new_dynamo_cooldowns()
        with pytest.raises(Contended):
            claim(_Intruded(store, lambda: _touch(store), times=TRIES), "f1")

    def test_an_expired_item_that_ttl_has_not_deleted_decides_nothing(
        self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]
    ) -> None:
        """moto and DynamoDB Local never delete here: 400 days later the item still stands."""
        store = new_dynamo_cooldowns()
        confirmed(store)
        assert claim(store, "f2", now=T0 + timedelta(days=400)).verdict is Verdict.GRANTED

    def test_the_item_outlives_its_window(self, new_dynamo_cooldowns: Callable[[], DynamoCooldowns]) -> None:
        store = new_dynamo_cooldowns()
        confirmed(store)
        row = store._rows.get(USER_ID, "navidrome#sync")
        assert row.expires_at > (T0 + WINDOW).timestamp()


class _Intruded(DynamoCooldowns):
    """`store`, where something happens between reading and the first `times` writes."""

    def __init__(self, store: DynamoCooldowns, happens: Callable[[], object], *, times: int = 1) -> None:
        self._rows = store._rows
        self._happens = [happens] * times

    def _save(self, window: Window, revision: int, now: datetime) -> bool:
        if self._happens:
            self._happens.pop()()
        return super()._save(window, revision, now)


class _AnswerLost(DynamoCooldowns):
    """`store`, where the first write takes effect and then looks as if another had been there first."""

    def __init__(self, store: DynamoCooldowns) -> None:
        self._rows = store._rows
        self._lost = False

    def _save(self, window: Window, revision: int, now: datetime) -> bool:
        saved = super()._save(window, revision, now)
        first, self._lost = not self._lost, True
        return saved and not first


def _touch(store: DynamoCooldowns) -> None:
    now = T0 - timedelta(days=1)
    row = store._load(USER_ID, "navidrome#sync")
    store.clear(recovered(at=now + row[1] * SECOND), now=now)


_NAMES = st.sampled_from(["f1", "f2", "f3"])
_CAUSES = st.sampled_from(["connection", "playlist:p-a"])
_STEP = st.one_of(
    st.tuples(st.just("claim"), _NAMES, _CAUSES, st.integers(0, 2)),
    st.tuples(st.sampled_from(["confirm", "release", "park"]), st.integers(0, 3)),
    st.tuples(st.just("clear"), st.sampled_from(["connection", "p-a", "every"]), st.integers(-2, 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 299, 300, 301, 3600, 604_799, 604_800, 15 * 86_400])),
)


@given(st.lists(_STEP, max_size=16))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fake_and_dynamodb_agree_step_for_step(
    new_dynamo_cooldowns: Callable[[], DynamoCooldowns], steps: list[tuple[object, ...]]
) -> None:
    assert _play(MemoryCooldowns(), steps) == _play(new_dynamo_cooldowns(), steps)


def _play(store: CooldownStore, steps: list[tuple[object, ...]]) -> list[object]:
    now, answers, log = T0, [], []
    for number, step in enumerate(steps):
        match step:
            case ("claim", str() as name, str() as cause, int() as ago):
                failure = failed(name, cause=cause, at=now - ago * HOUR)
                answer = store.claim(failure, attempt=f"a{number}", now=now, policy=POLICY)
                answers.append(answer)
                log.append((answer.verdict, answer.window))
            case ("confirm", int() as which) if answers:
                log.append(store.confirm(answers[which % len(answers)], now=now, policy=POLICY))
            case (("release" | "park") as verb, int() as which) if answers:
                getattr(store, verb)(answers[which % len(answers)], now=now)
            case ("clear", what, int() as hours):
                well = ends("a", state=SyncState.SUCCESS) if what == "p-a" else ()
                recovery = recovered(at=now + hours * HOUR, reconnected=what == "every", playlists=well)
                log.append(store.clear(recovery, now=now))
            case ("wait", int() as seconds):
                now += seconds * SECOND
    return log
