"""Before, at and after every outside call of every operation, everything that can go wrong does.

Whatever happens, the list on the server is the old one or the new one, once; and after one clean run everything is as
if nothing had happened.

Every call of every operation is disturbed over fakes of the ports. A sample of the same cases runs through the real
handler over moto. Which ones is decided by no chance: for each fault, each operation meets it at least once, and so
does each kind of call (an AWS operation on these tables or that sort of object, or a request to the music server).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.jobs import Reason
from reprise.domain.notices import NoticeType
from reprise.domain.playlists import SyncState
from reprise.usecases.sync.ports import SyncPorts
from tests.faults.aws_world import AwsWorld
from tests.faults.operations import SCENARIOS, Ending, Scenario, Watch, ending, failing, trail
from tests.faults.outside import Call, Fault, Plan
from tests.faults.port_world import PLACES, PortWorld
from tests.faults.world import LEASE, Mark, World

# For a call that changes nothing it makes no difference whether it took effect.
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
    # methods of ports
    | {"add", "begin", "claim_probe", "enter", "finish", "leave", "put", "record_failure", "remove"}
    | {"report_progress", "reset", "save", "save_remote_id"}
)
ONLY_FOR_CHANGING = frozenset({Fault.REPLIES_LOST, Fault.SERVER_ERROR_AFTER})
AWS = frozenset({"dynamodb", "s3", "sqs", "kms"})
# All that the sync function asks of AWS in these operations.
AWS_OPERATIONS = frozenset(
    {
        *("GetItem", "BatchGetItem", "Query", "UpdateItem", "DeleteItem", "TransactWriteItems"),
        *("GetObject", "PutObject", "ListObjectsV2", "DeleteObject", "DeleteObjects"),
        *("SendMessageBatch", "Decrypt"),
    }
)
SUM_AT_LEAST = 3000
SAMPLE_AT_LEAST = 300


@dataclass(frozen=True)
class Known:
    """A scenario's world before it, its calls, and its end when nothing disturbs it."""

    mark: Mark
    begun: int
    calls: tuple[Call, ...]
    end: Ending


_known: dict[tuple[type[World], str], Known] = {}


def known(world: World, scenario: Scenario) -> Known:
    """Worked out once a process. `world` has to be fresh, and is anything afterwards."""
    key = type(world), scenario.name
    if key not in _known:
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
        _known[key] = Known(mark, begun, calls, end)
    return _known[key]


def calls_for(fault: Fault, calls: tuple[Call, ...]) -> list[Call]:
    """Those that `fault` happens to. AWS has no proxy in front of it that would answer for it."""
    return [
        call
        for call in calls
        if (call.name in CHANGING or fault not in ONLY_FOR_CHANGING)
        and (call.place not in AWS or fault is not Fault.SERVER_ERROR_AFTER)
    ]


Case = tuple[str, Call]


def sample(calls: Mapping[str, tuple[Call, ...]], fault: Fault) -> list[Case]:
    """Cases of `fault`, by the name of their scenario: one or more of each scenario, and of each kind of call.

    A scenario first takes a call of a kind that no scenario before it took; what is left then goes to the first that
    has it.
    """
    possible = [(name, calls_for(fault, calls[name])) for name in SCENARIOS]
    kinds = {name: kinds_of(calls[name]) for name in SCENARIOS}
    seen: set[str] = set()
    chosen: list[Case] = []

    def choose(name: str, candidates: list[Call]) -> None:
        for call in candidates:
            seen.add(kinds[name][call])
            chosen.append((name, call))

    def unseen(name: str, call: Call) -> bool:
        return kinds[name][call] not in seen

    for name, candidates in possible:
        new = [call for call in candidates if unseen(name, call)]
        choose(name, (new or candidates)[:1])
    for name, candidates in possible:
        for call in candidates:
            choose(name, [call] if unseen(name, call) else [])
    return chosen


def kinds_of(calls: tuple[Call, ...]) -> dict[Call, str]:
    """What sort of step each call is. The first write of a table is another step than those after it."""
    kinds: dict[Call, str] = {}
    for call in calls:
        kind = f"{call.place} {call.name}" + (f" {call.detail}" if call.place in AWS else "")
        again = call.place in AWS and call.name in CHANGING and kind in kinds.values()
        kinds[call] = f"{kind}, again" if again else kind
    return kinds


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What thousands of runs log is nobody's to read, and writing it takes longer than the runs."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("name", SCENARIOS)
def test_one_clean_run_after_anything_puts_all_right(world: PortWorld, name: str, fault: Fault) -> None:
    scenario = SCENARIOS[name]
    undisturbed = known(world, scenario)
    all_of_them(world, [(scenario, call) for call in calls_for(fault, undisturbed.calls)], fault)


@pytest.mark.parametrize("fault", list(Fault))
def test_a_sample_of_it_ends_the_same_over_aws(aws_world: AwsWorld, fault: Fault) -> None:
    cases = [(SCENARIOS[name], call) for name, call in sample(calls_over(aws_world), fault)]
    all_of_them(aws_world, cases, fault)


def calls_over(world: World) -> dict[str, tuple[Call, ...]]:
    """The calls of each scenario. `world` has to be fresh."""
    start = world.mark()
    calls = {}
    for name, scenario in SCENARIOS.items():
        world.back_to(start)
        calls[name] = known(world, scenario).calls
    return calls


def all_of_them(world: World, cases: list[tuple[Scenario, Call]], fault: Fault) -> None:
    failures = []
    for scenario, call in cases:
        try:
            one_case(world, scenario, known(world, scenario), call, fault)
        except AssertionError as error:
            failures.append(f"{scenario.name}, {call}: {error}")
    print(f"{fault}: {len(cases)} cases")  # `pytest -rP` shows it
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
        for put_off in world.take_jobs():
            assert not world.deliver(put_off).comes_again
        assert trail(world).begun == undisturbed.begun + scenario.runs, "the same job was done twice"
    assert first.killed == fault.kills
    watch.check()
    assert trail(world).open <= first.comes_again
    if not first.comes_again:
        assert world.playlist().state is not SyncState.SYNCING

    world.notices()
    failed = failing(world)
    clean = scenario.clean_run(world, body, first)
    assert not clean.comes_again, "the clean run failed"
    if scenario.reason is Reason.SCHEDULE:
        told_of = [(notice.party.connection_id, notice.notice_type) for notice in world.notices()]
        assert sorted(told_of) == [(each, NoticeType.SUCCEEDED) for each in sorted({MUSIC_SERVER} | failed)]
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
    began = next((one.number for one in calls if one.name == world.begins), None)
    if began is None or began < call.number:
        late = [one for one in calls if one.place == "subsonic" and one.number > call.number]
        if began is None:  # It may still look whether something changed, before it finds the lease taken.
            late = [one for one in late if one.name != "getScanStatus"]
        assert not [str(one) for one in late], "the late one goes on asking the server"


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


def test_the_cases_are_as_many_as_said(world: PortWorld) -> None:
    total = 0
    for name, calls in calls_over(world).items():
        scenario = SCENARIOS[name]
        assert len(calls) >= scenario.fewest, f"{name}: {len(calls)} calls"
        cases = sum(len(calls_for(fault, calls)) for fault in Fault)
        print(f"{name}: {len(calls)} calls, {cases} cases")
        total += cases
    print(f"{total} cases in all")
    assert total >= SUM_AT_LEAST


def test_the_sample_meets_each_operation_and_each_kind_of_call_with_each_fault(aws_world: AwsWorld) -> None:
    calls = calls_over(aws_world)
    operations = {call.name for each in calls.values() for call in each if call.place in AWS}
    assert operations == AWS_OPERATIONS
    kinds = {name: kinds_of(calls[name]) for name in SCENARIOS}
    total = 0
    for fault in Fault:
        possible = [(name, call) for name in SCENARIOS for call in calls_for(fault, calls[name])]
        chosen = sample(calls, fault)
        assert len(chosen) == len(set(chosen))
        assert {name for name, _ in chosen} == {name for name, _ in possible}
        assert {kinds[name][call] for name, call in chosen} == {kinds[name][call] for name, call in possible}
        print(f"{fault}: {len(chosen)} cases of {len(possible)}")
        total += len(chosen)
    print(f"{total} cases in all")
    assert total >= SAMPLE_AT_LEAST


def test_every_port_that_a_run_has_can_go_wrong() -> None:
    """A port that came to be since has a place here, or the every-call cases leave it out."""
    ports = {each.name for each in fields(SyncPorts)}
    not_outside = {
        "open_server",
        "server_url",
        "server_met",
        "open_source",
        "clock",
        "new_id",
        "jitter",
        "interval",
        "lease",
        "policy",
        "valve",
    }
    of_sources = {"contents", "caches"}
    assert ports - not_outside - {"breaker"} == PLACES.keys() - of_sources
