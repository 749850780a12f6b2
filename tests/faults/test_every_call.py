"""Before, at and after every outside call of every operation, everything that can go wrong does.

Whatever happens, the list on the server is the old one or the new one, once; and after one clean run everything is as
if nothing had happened.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from reprise.domain.jobs import Reason
from reprise.domain.playlists import SyncState
from tests.faults.operations import SCENARIOS, Ending, Scenario, Watch, ending, trail
from tests.faults.outside import Call, Fault, Plan
from tests.faults.world import LEASE, Mark, World

CHANGING = frozenset(
    {
        "TransactWriteItems",
        "UpdateItem",
        "PutItem",
        "DeleteItem",
        "PutObject",
        "DeleteObject",
        "SendMessageBatch",
        "createPlaylist",
        "updatePlaylist",
        "deletePlaylist",
    }
)
"""For a call that changes nothing it makes no difference whether it took effect."""
ONLY_FOR_CHANGING = frozenset({Fault.REPLIES_LOST, Fault.SERVER_ERROR_AFTER})
AWS = frozenset({"dynamodb", "s3", "sqs", "kms"})
SUM_AT_LEAST = 2000


@dataclass(frozen=True)
class Known:
    """A scenario's world before it, its calls, and its end when nothing disturbs it."""

    mark: Mark
    begun: int
    calls: tuple[Call, ...]
    end: Ending


_known: dict[str, Known] = {}


def known(world: World, scenario: Scenario) -> Known:
    """Worked out once a process. `world` has to be fresh, and is anything afterwards."""
    if scenario.name not in _known:
        world.outside.after_request = lambda: None
        scenario.prepare(world)
        mark, begun = world.mark(), trail(world).begun
        world.outside.after_request = watch = Watch(world, scenario)
        assert not world.deliver(scenario.message(world)).comes_again
        calls = tuple(world.outside.calls)
        watch.check()
        end = ending(world)
        assert end.saved_id_is_right
        assert end.state is scenario.ends[0]
        _known[scenario.name] = Known(mark, begun, calls, end)
    return _known[scenario.name]


def calls_for(fault: Fault, scenario: Scenario, calls: tuple[Call, ...]) -> list[Call]:
    """Those that `fault` happens to. AWS has no proxy in front of it that would answer for it."""
    return [
        call
        for call in calls
        if call.place in scenario.places
        and (call.name in CHANGING or fault not in ONLY_FOR_CHANGING)
        and (call.place not in AWS or fault is not Fault.SERVER_ERROR_AFTER)
    ]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What thousands of runs log is nobody's to read, and writing it takes longer than the runs."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("name", SCENARIOS)
def test_one_clean_run_after_anything_puts_all_right(world: World, name: str, fault: Fault) -> None:
    scenario = SCENARIOS[name]
    undisturbed = known(world, scenario)
    disturbed = calls_for(fault, scenario, undisturbed.calls)
    failures = []
    for call in disturbed:
        try:
            one_case(world, scenario, undisturbed, call, fault)
        except AssertionError as error:
            failures.append(f"{call}: {error}")
    print(f"{name}, {fault}: {len(disturbed)} cases")  # `pytest -rP` shows it
    assert not failures, "\n".join(failures)


def one_case(world: World, scenario: Scenario, undisturbed: Known, call: Call, fault: Fault) -> None:
    world.back_to(undisturbed.mark)
    world.outside.after_request = watch = Watch(world, scenario)
    body = scenario.message(world)
    plan = Plan(at=call.number, fault=fault, meanwhile=_company(world, scenario, body, fault))
    watch.stray = in_flight(call, fault)
    first = world.deliver(body, plan)
    assert plan.happened is not None, "the call was not made"
    if fault is Fault.TAKEN_OVER:
        _late_one_stopped(world, call)
    if fault is Fault.DOUBLED:
        for put_off in world.take("SYNC_JOBS_QUEUE_URL"):
            assert not world.deliver(put_off).comes_again
        assert trail(world).begun == undisturbed.begun + 1, "the same job was done twice"
    assert first.killed == fault.kills
    watch.check()
    assert trail(world).open <= first.comes_again
    if not first.comes_again:
        assert world.playlist().state is not SyncState.SYNCING

    world.notices()
    clean = scenario.clean_run(world, body, first)
    assert not clean.comes_again, "the clean run failed"
    if scenario.reason is Reason.SCHEDULE:
        assert [notice.notice_type.value for notice in world.notices()] == ["sync.succeeded"]
    watch.check()
    cut_off = first.comes_again or fault is Fault.TAKEN_OVER
    _as_undisturbed(world, scenario, undisturbed.end, cut_off=cut_off, stray=watch.stray)


def in_flight(call: Call, fault: Fault) -> bool:
    """What no lease can stop: a request that was on its way when the lease ran out.

    A replacement puts an older list, whole, in place of a newer one, until the next look at it. A creation makes a
    list more, with the marker in its name, which nothing points to. Both take a request that is under way for longer
    than the lease outlasts the function: a minute.
    """
    return fault is Fault.TAKEN_OVER and call.name == "createPlaylist" and "name" in call.detail


def _late_one_stopped(world: World, call: Call) -> None:
    calls = world.outside.calls
    began = next(one.number for one in calls if one.name == "TransactWriteItems")
    if began < call.number:
        late = [str(one) for one in calls if one.place == "subsonic" and one.number > call.number]
        assert not late, "the late one goes on asking the server"


def _company(world: World, scenario: Scenario, body: str, fault: Fault) -> Callable[[], None] | None:
    """What happens meanwhile, in another process of the function."""

    def doubled() -> None:
        assert not world.deliver(body).comes_again

    def taken_over() -> None:
        world.clock.now += LEASE + timedelta(seconds=1)
        assert not world.deliver(scenario.message(world)).comes_again

    return {Fault.DOUBLED: doubled, Fault.TAKEN_OVER: taken_over}.get(fault)


def _as_undisturbed(world: World, scenario: Scenario, expected: Ending, *, cut_off: bool, stray: bool) -> None:
    now = ending(world, stray=stray)
    assert now.state in (scenario.ends if cut_off else scenario.ends[:1])
    if now.state is not expected.state:  # a look after a run that was cut off: what that one left is for a sync to see
        assert now.written is None
        now = replace(now, state=expected.state, written=expected.written)
    assert now == expected
    told = trail(world)
    assert told.last is not None
    assert told.open <= cut_off


def test_the_cases_are_as_many_as_said(world: World) -> None:
    total = 0
    start = world.mark()
    for name, scenario in SCENARIOS.items():
        world.back_to(start)
        calls = known(world, scenario).calls
        assert len(calls) >= scenario.fewest, f"{name}: {len(calls)} calls"
        cases = sum(len(calls_for(fault, scenario, calls)) for fault in Fault)
        print(f"{name}: {len(calls)} calls, {cases} cases")
        total += cases
    print(f"{total} cases in all")
    assert total >= SUM_AT_LEAST
