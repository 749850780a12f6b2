"""Many workers, any order, crashes anywhere: the whole notifier over its stores.

A schedule is drawn by chance, from a seed: deliver a message (again), let a worker make its next outside call, kill
a worker, let time pass, have the relay refuse. A worker older than the function's timeout is killed, as Lambda does.
On DynamoDB a step is a single request, so that others come in between reading a window and writing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from random import Random

import pytest

from reprise.domain.cooldowns import CooldownPolicy, Verdict, Window
from reprise.domain.deliveries import DeliveryResult
from reprise.domain.notices import Notice
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailMessage
from reprise.ports.notifications import Claimed, CooldownStore, DeliveryStore
from reprise.stores.dynamodb.cooldowns import DynamoCooldowns
from reprise.stores.dynamodb.deliveries import DynamoDeliveries
from reprise.usecases.notify.notify_outcome import notify
from reprise.usecases.notify.send_in_window import StillInFlight
from reprise_dev.doubles.fakes.notifications import MemoryCooldowns, MemoryDeliveries
from reprise_dev.doubles.interleaving import Killed, Worker, gated
from reprise_dev.doubles.notifier_world import LEASE, WINDOW, NotifierWorld
from reprise_dev.samples.notices import T0, USER_ID, ends, failed, recovered

FUNCTION_TIMEOUT = LEASE - timedelta(seconds=1)
SECOND = timedelta(seconds=1)
CAME_AGAIN = (ChannelUnavailable, StillInFlight, Killed)

Gate = Callable[[], None]
Refusal = type[ChannelRejected] | type[ChannelUnavailable] | None


@dataclass
class Send:
    """One email taken by the relay. `claimed_in` is the era its claim was made in; see `Run.era`."""

    at: datetime
    message_id: str
    worker: int
    claimed_in: int
    confirmed: bool = False


@dataclass
class Run:
    """A world in which messages are handled step by step, and what was seen in it."""

    cooldowns: CooldownStore
    deliveries: DeliveryStore
    gate_cooldowns: Callable[[CooldownStore, Gate], CooldownStore] = gated
    world: NotifierWorld = field(init=False)
    workers: list[tuple[Worker[DeliveryResult], Notice, datetime]] = field(default_factory=list)
    sends: list[Send] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    # Counts the clears that ended something: the past before one is over.
    era: int = 0
    claimed_in: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world = NotifierWorld(cooldowns=self.cooldowns, deliveries=self.deliveries)

    def deliver(self, outcome: Notice) -> Worker[DeliveryResult]:
        number = len(self.workers)

        def work(gate: Gate) -> DeliveryResult:
            ports = self.world.ports()
            watched = _Watched(self.gate_cooldowns(self.cooldowns, gate), self, number)
            return notify(
                outcome,
                replace(
                    ports,
                    users=gated(self.world.users, gate),
                    cooldowns=watched,
                    deliveries=gated(self.deliveries, gate),
                    email=gated(_Relay(self, number), gate),
                ),
            )

        worker = Worker(work)
        self.workers.append((worker, outcome, self.world.now))
        return worker

    def wait(self, seconds: int) -> None:
        self.world.now += seconds * SECOND
        for worker, _, since in self.workers:
            if not worker.done and self.world.now - since >= FUNCTION_TIMEOUT:
                worker.kill()

    def live(self) -> list[Worker[DeliveryResult]]:
        return [worker for worker, _, _ in self.workers if not worker.done]

    def end(self) -> None:
        """Every function still running is killed."""
        for worker in self.live():
            worker.kill()


@dataclass
class _Relay:
    run: Run
    worker: int
    configured: bool = True

    def send(self, message: EmailMessage) -> None:
        refusal = self.run.refusals.pop(0) if self.run.refusals else None
        if refusal is not None:
            raise refusal("not now")
        claimed_in = self.run.claimed_in[self.worker]
        self.run.sends.append(
            Send(at=self.run.world.now, message_id=message.message_id, worker=self.worker, claimed_in=claimed_in)
        )


@dataclass
class _Watched:
    """The cooldown store, and a note of what was granted, confirmed and cleared."""

    store: CooldownStore
    run: Run
    worker: int

    def claim(self, failure: Notice, *, attempt: str, now: datetime, policy: CooldownPolicy) -> Claimed:
        answer = self.store.claim(failure, attempt=attempt, now=now, policy=policy)
        if answer.verdict is Verdict.GRANTED:
            self.run.claimed_in[self.worker] = self.run.era
        return answer

    def confirm(self, claimed: Claimed, *, now: datetime, policy: CooldownPolicy) -> bool:
        mine = self.store.confirm(claimed, now=now, policy=policy)
        self.run.sends = [replace(s, confirmed=mine) if s.worker == self.worker else s for s in self.run.sends]
        return mine

    def release(self, claimed: Claimed, *, now: datetime) -> None:
        self.store.release(claimed, now=now)

    def park(self, claimed: Claimed, *, now: datetime) -> None:
        self.store.park(claimed, now=now)

    def clear(self, recovery: Notice, *, now: datetime) -> bool:
        ended = self.store.clear(recovery, now=now)
        self.run.era += ended
        return ended


def check(run: Run) -> None:
    """The promises, on what was seen."""
    in_one_window = [
        (first, second)
        for number, first in enumerate(run.sends)
        for second in run.sends[number + 1 :]
        if second.at - first.at < WINDOW and first.claimed_in == second.claimed_in
    ]
    for first, second in in_one_window:
        assert not first.confirmed, "an email was sent in a window that had begun"
        assert isinstance(run.workers[first.worker][0].error, Killed), "a second email, and nobody had crashed"
        assert first.message_id == second.message_id, "a mail client would show two"
    rows = run.deliveries.of_owner(USER_ID, limit=1000)
    for worker, outcome, _ in run.workers:
        assert worker.done
        assert worker.error is None or isinstance(worker.error, CAME_AGAIN), repr(worker.error)
        mine = [row for row in rows if row.notice_id == outcome.notice_id]
        assert len(mine) <= 1, "two rows for one outcome"
        if worker.result is not None:
            assert [row.result for row in mine] == [worker.result]


def check_the_next_failure(run: Run) -> None:
    """However it went: once all is quiet, a new failure emails if and only if no window is open."""
    run.wait(int(LEASE.total_seconds()))
    now = run.world.now
    open_window = any(s.confirmed and s.at + WINDOW > now and s.claimed_in == run.era for s in run.sends)
    run.refusals.clear()
    worker = run.deliver(failed("the next", at=now))
    worker.finish()
    assert worker.result is (DeliveryResult.COOLING if open_window else DeliveryResult.SENT)


MESSAGES: Sequence[Notice] = (
    failed("f1", at=T0),
    failed("f2", at=T0),
    failed("f3", at=T0 + 600 * SECOND),
    failed("p1", at=T0, cause="playlist:p-mix", playlists=ends("mix", fatal=True)),
    recovered("s1", at=T0 + 60 * SECOND, playlists=ends("mix", fatal=True)),
    recovered("r1", at=T0 + 300 * SECOND, reconnected=True),
)
WEIGHTS = {"deliver": 14, "step": 60, "finish": 6, "kill": 5, "wait": 12, "relay": 3}
WAITS = [1] * 6 + [60] * 4 + [298, 299, 300, 301] * 2 + [86_400, 604_799, 604_800]
REFUSALS: Sequence[Refusal] = (ChannelRejected, ChannelUnavailable)


def schedule_of(seed: int, *, length: int) -> list[tuple[str, object]]:
    """A schedule drawn by chance: mostly single steps, so that many workers are under way at once."""
    chance = Random(seed)
    arguments: dict[str, Sequence[object]] = {
        "deliver": range(len(MESSAGES)),
        "step": range(60),
        "finish": range(60),
        "kill": range(60),
        "wait": WAITS,
        "relay": REFUSALS,
    }
    verbs = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=length)
    return [(verb, chance.choice(arguments[verb])) for verb in verbs]


def play(run: Run, schedule: Sequence[tuple[str, object]]) -> None:
    for verb, what in schedule:
        live = run.live()
        match verb, what:
            case "deliver", int() as which:
                run.deliver(MESSAGES[which])
            case "step", int() as which if live:
                live[which % len(live)].step()
            case "finish", int() as which if live:
                live[which % len(live)].finish()
            case "kill", int() as which if live:
                live[which % len(live)].kill()
            case "wait", int() as seconds:
                run.wait(seconds)
            case "relay", refusal:
                run.refusals.append(refusal)  # type: ignore[arg-type]  # one of the two errors
    run.end()


def seen(run: Run) -> object:
    return (
        [(send.at, send.message_id, send.worker, send.confirmed) for send in run.sends],
        [(worker.result, type(worker.error)) for worker, _, _ in run.workers],
        run.deliveries.of_owner(USER_ID, limit=1000),
    )


def test_any_schedule_in_memory() -> None:
    told = Counter[str]()
    for seed in range(1200):
        run = Run(MemoryCooldowns(), MemoryDeliveries())
        play(run, schedule_of(seed, length=60))
        with _naming(seed):
            check(run)
            check_the_next_failure(run)
        told.update(_kinds(run))
    for kind in (*_REACHABLE, "Killed", "StillInFlight", "ChannelUnavailable", "doubled by a crash"):
        assert told[kind] >= 5, f"the schedules hardly ever come to {kind}: {told}"


def test_any_schedule_of_single_requests_on_dynamodb(
    new_dynamo_cooldowns: Callable[[], DynamoCooldowns], new_dynamo_deliveries: Callable[[], DynamoDeliveries]
) -> None:
    for seed in range(60):
        run = Run(new_dynamo_cooldowns(), new_dynamo_deliveries(), gate_cooldowns=_by_request)
        play(run, schedule_of(seed, length=60))
        with _naming(seed):
            check(run)
            check_the_next_failure(run)


def test_the_same_schedule_goes_the_same_way_on_both(
    new_dynamo_cooldowns: Callable[[], DynamoCooldowns], new_dynamo_deliveries: Callable[[], DynamoDeliveries]
) -> None:
    for seed in range(1000, 1040):
        runs = [Run(MemoryCooldowns(), MemoryDeliveries()), Run(new_dynamo_cooldowns(), new_dynamo_deliveries())]
        for run in runs:
            play(run, schedule_of(seed, length=60))
        with _naming(seed):
            assert seen(runs[0]) == seen(runs[1])


_REACHABLE = ("sent", "sent_unconfirmed", "cooling", "stale", "rejected", "cleared", "nothing_to_clear")


def _kinds(run: Run) -> list[str]:
    """What came out of the workers, by name."""
    kinds = [str(worker.result or type(worker.error).__name__) for worker, _, _ in run.workers]
    ids = [send.message_id for send in run.sends]
    return kinds + ["doubled by a crash"] * (len(ids) - len(set(ids)))


@contextmanager
def _naming(seed: int) -> Iterator[None]:
    try:
        yield
    except AssertionError as error:
        error.add_note(f"schedule_of(seed={seed}, length=60)")
        raise


# Outside calls of a worker that sends: user, claim, row, email, confirm, row.
CALLS = 6


@pytest.mark.parametrize("twins", [False, True], ids=["two failures", "one message twice"])
def test_every_order_of_two_workers(twins: bool) -> None:
    """All 924 ways to merge six steps with six: one email, always, and nobody left behind."""
    first, second = failed("f1"), failed("f1" if twins else "f2")
    orders = 0
    for order in product((0, 1), repeat=2 * CALLS):
        if sum(order) != CALLS:
            continue
        orders += 1
        run = Run(MemoryCooldowns(), MemoryDeliveries())
        pair = [run.deliver(first), run.deliver(second)]
        for turn in order:
            pair[turn].step()
        assert all(worker.done for worker in pair)
        assert len(run.sends) == 1
        assert run.sends[0].confirmed
        check(run)
    assert orders == 924


@pytest.mark.parametrize("crash_after", range(CALLS + 1))
def test_a_crash_after_any_call_and_the_message_once_more(crash_after: int) -> None:
    """The visibility timeout outlasts the lease. Only between the relay's OK and the confirmation is a second email
    possible, and it has the same Message-ID."""
    run = Run(MemoryCooldowns(), MemoryDeliveries())
    worker = run.deliver(failed("f1"))
    for _ in range(crash_after):
        worker.step()
    if not worker.done:
        worker.kill()
    run.wait(int(LEASE.total_seconds()) + 60)
    again = run.deliver(failed("f1"))
    again.finish()
    assert again.result is DeliveryResult.SENT
    assert len(run.sends) == (2 if crash_after == 4 else 1)
    assert len({send.message_id for send in run.sends}) == 1
    check(run)


@pytest.mark.parametrize("crash_after", range(3))
def test_a_crash_while_clearing_and_the_message_once_more(crash_after: int) -> None:
    run = Run(MemoryCooldowns(), MemoryDeliveries())
    run.deliver(failed("f1")).finish()
    worker = run.deliver(recovered(at=T0 + SECOND))
    for _ in range(crash_after):
        worker.step()
    if not worker.done:
        worker.kill()
    run.deliver(recovered(at=T0 + SECOND)).finish()
    check(run)
    check_the_next_failure(run)
    assert len(run.sends) == 2


def _by_request(store: CooldownStore, gate: Gate) -> CooldownStore:
    assert isinstance(store, DynamoCooldowns)
    return _GatedByRequest(store, gate)


class _GatedByRequest(DynamoCooldowns):
    """`store`, with a gate before each single request."""

    def __init__(self, store: DynamoCooldowns, gate: Gate) -> None:
        self._rows = store._rows
        self._gate = gate

    def _load(self, user_id: str, key: str) -> tuple[Window, int]:
        self._gate()
        return super()._load(user_id, key)

    def _save(self, window: Window, revision: int, now: datetime) -> bool:
        self._gate()
        return super()._save(window, revision, now)
