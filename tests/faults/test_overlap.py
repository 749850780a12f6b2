"""The schedule, the button and the queue's own repetitions all at once: one writes, the others yield and say so.

Twenty workers take turns, one outside call at a time, in an order drawn by chance and the same at each run: in twelve
such orders over fakes of the ports, and in one over AWS as moto plays it.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from reprise.domain.events import EventType
from reprise.domain.jobs import WAIT_MAX, Operation, Reason
from reprise.domain.playlists import SyncState
from reprise.serialization.jobs import decode_job
from reprise_dev.doubles.interleaving import Worker
from tests.faults.aws_world import AwsWorld
from tests.faults.operations import AFTER, SCENARIOS, Watch, trail
from tests.faults.world import LEASE, World

WORKERS = 20
STEPS_MAX = 2_000
SEEDS = 12


@dataclass
class Crowd:
    """Workers on one playlist. After every step it is looked at who holds the lease, and whether only they wrote."""

    world: World
    watch: Watch
    bodies: list[str]
    # The worker behind each run that held the lease.
    holders: dict[str, int] = field(default_factory=dict)
    writes: Counter[int] = field(default_factory=Counter)
    _workers: list[Worker[object]] = field(default_factory=list)
    _threads: list[int] = field(default_factory=list)
    _holding: str | None = None
    _until: datetime | None = None
    _seen_writes: int = 0

    def start(self) -> None:
        self._workers = [Worker(self._work(body)) for body in self.bodies]

    def _work(self, body: str) -> Callable[[Callable[[], None]], object]:
        number = len(self._threads)
        self._threads.append(0)

        def work(gate: Callable[[], None]) -> object:
            self._threads[number] = threading.get_ident()
            self.world.outside.gate.pass_ = gate
            return self.world.do(body)

        return work

    @property
    def busy(self) -> list[int]:
        return [number for number, worker in enumerate(self._workers) if not worker.done]

    def step(self, number: int) -> None:
        worker = self._workers[number]
        worker.step()
        assert worker.error is None, worker.error
        with self.world.outside.unheard():
            self._look(number)
        self.watch.check()

    def _look(self, number: int) -> None:
        item = self.world.playlist()
        if item.run_id != self._holding:
            now = self.world.clock.now
            taken = self._holding is not None and item.run_id is not None
            assert not taken or (self._until is not None and self._until <= now), "two unexpired leases"
            self._holding, self._until = item.run_id, item.lease_until
            if item.run_id is not None:
                self.holders[item.run_id] = number
        made = len(self.world.outside.writes) - self._seen_writes
        self._seen_writes += made
        if made:
            self.writes[number] += made
            assert self._holding is not None, "a write without a lease"
            assert self.holders[self._holding] == number, "a write by another than the holder"

    def run(self, number: int) -> None:
        """To its end."""
        while not self._workers[number].done:
            self.step(number)

    def run_until(self, number: int, name: str) -> None:
        """Until just before the worker's next call of that name."""
        while self._next_call(number) != name:
            assert not self._workers[number].done, f"it never came to {name}"
            self.step(number)

    def _next_call(self, number: int) -> str:
        call = self.world.outside.standing.get(self._threads[number])
        return call.name if call else ""

    def anyone_before(self, name: str) -> bool:
        return any(self._next_call(number) == name for number in self.busy)


@contextmanager
def crowd(world: World, scenario: str, bodies: list[str]) -> Iterator[Crowd]:
    watch = Watch(world, SCENARIOS[scenario])
    world.outside.after_request = watch
    with world.outside.run():
        all_of_them = Crowd(world, watch, bodies)
        all_of_them.start()
        yield all_of_them
        assert not all_of_them.busy


def everybody(world: World) -> list[str]:
    """The same tick five times, as a doubled schedule and the queue deliver it, ten presses, and one of them again."""
    tick = world.job(reason=Reason.SCHEDULE)
    presses = [world.job() for _ in range(9)]
    rebuild = world.job(operation=Operation.REBUILD)
    return [tick] * 5 + presses + [rebuild] + [presses[0]] * 5


def afterwards(world: World) -> None:
    """Everything that was put off meanwhile, until nothing is left in the queue."""
    for _ in range(STEPS_MAX):
        bodies = world.take_jobs()
        if not bodies:
            return
        world.clock.now += WAIT_MAX
        for body in bodies:
            assert not world.deliver(body).comes_again
    raise AssertionError("jobs are put off without end")


def prepared(world: World, scenario: str) -> World:
    SCENARIOS[scenario].prepare(world)
    return world


@pytest.mark.parametrize("scenario", ["create", "update", "link"])
def test_while_one_works_nineteen_yield_and_say_so(world: World, scenario: str) -> None:
    while_one_works(world, scenario)


def test_while_one_works_nineteen_yield_and_say_so_over_aws(aws_world: AwsWorld) -> None:
    while_one_works(aws_world, "link")


def while_one_works(world: World, scenario: str) -> None:
    bodies = everybody(prepared(world, scenario))
    with crowd(world, scenario, bodies) as workers:
        workers.run_until(0, "createPlaylist")
        for number in range(1, WORKERS):
            workers.run(number)
        assert workers.writes == {}
        workers.run(0)
        assert set(workers.writes) == {0}
    skipped = [event for event in world.trail() if event.event_type is EventType.SYNC_SKIPPED]
    assert len(skipped) == len([body for body in bodies if decode_job(body).reason is Reason.MANUAL])
    assert {event.message for event in skipped} == {"Another run is working on this playlist. This one follows."}
    assert trail(world).begun - begun_before(scenario) == 1
    as_it_should_be(world)
    afterwards(world)
    begun = {event.metadata["job_id"] for event in world.trail() if event.event_type is EventType.SYNC_STARTED}
    assert {decode_job(body).job_id for body in bodies} <= begun, "each job is done in the end"
    as_it_should_be(world)


def begun_before(scenario: str) -> int:
    return 1 if scenario == "update" else 0


def as_it_should_be(world: World) -> None:
    playlist = world.playlist()
    assert playlist.state is SyncState.SUCCESS
    assert playlist.lease_until is None
    assert playlist.progress is None
    (ours,) = [one for one in world.lists() if one.id == playlist.remote_id]
    assert world.titles(ours.song_ids) == AFTER
    assert trail(world).open == 0


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("scenario", ["create", "update"])
def test_in_any_order_one_writes_at_a_time(world: World, scenario: str, seed: int) -> None:
    in_any_order(world, scenario, seed)


@pytest.mark.parametrize("scenario", ["create", "update"])
def test_in_any_order_one_writes_at_a_time_over_aws(aws_world: AwsWorld, scenario: str) -> None:
    in_any_order(aws_world, scenario, seed=0)


def in_any_order(world: World, scenario: str, seed: int) -> None:
    bodies = everybody(prepared(world, scenario))
    chance = random.Random(seed)
    with crowd(world, scenario, bodies) as workers:
        for _ in range(STEPS_MAX):
            if not workers.busy:
                break
            workers.step(chance.choice(workers.busy))
    as_it_should_be(world)
    afterwards(world)
    as_it_should_be(world)
    everyone_told(world, bodies)
    assert len(workers.holders) >= 1


@pytest.mark.parametrize("seed", range(SEEDS))
def test_with_leases_that_run_out_on_the_way_there_is_still_one_writer(world: World, seed: int) -> None:
    with_leases_that_run_out(world, seed)


def test_with_leases_that_run_out_on_the_way_there_is_still_one_writer_over_aws(aws_world: AwsWorld) -> None:
    with_leases_that_run_out(aws_world, seed=0)


def with_leases_that_run_out(world: World, seed: int) -> None:
    """Time jumps over the end of the lease while the holder stands anywhere but in a write."""
    bodies = everybody(prepared(world, "update"))
    chance = random.Random(seed)
    jumps = sorted(chance.sample(range(10, 160), 3))
    with crowd(world, "update", bodies) as workers:
        for step in range(STEPS_MAX):
            if not workers.busy:
                break
            if step in jumps and not workers.anyone_before("createPlaylist"):
                world.clock.now += LEASE + timedelta(seconds=1)
            workers.step(chance.choice(workers.busy))
    world.clock.now += LEASE
    afterwards(world)
    assert not world.deliver(world.job()).comes_again
    as_it_should_be(world)
    # While the server counts as failing a tick's job waits for the next tick, silently.
    everyone_told(world, [body for body in bodies if decode_job(body).reason is Reason.MANUAL])


def everyone_told(world: World, bodies: list[str]) -> None:
    """Each job is in the trail: as a run with one start and one end, or as one that yielded."""
    told = {str(event.metadata.get("job_id")) for event in world.trail()}
    assert {decode_job(body).job_id for body in bodies} <= told
