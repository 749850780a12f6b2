"""Any interleaving of runs, a person's changes and time: one holder at most, none that began with what it read before
a change, none that undoes one; and DynamoDB does as the fake does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Fingerprint, HeldBack, HoldAnswer, HoldReason, Playlist, Progress, Snapshot
from reprise.ports.playlists import LeaseLost, Link
from reprise_dev.doubles.backends import DynamoStores, MemoryStores, Stores
from reprise_dev.samples.specimens import LEASE, T0, a_playlist, a_run_end, an_event

Step: TypeAlias = tuple[str, str]

WORKERS = "abc"
TICKS = {"a moment": timedelta(microseconds=400), "almost": LEASE - timedelta(milliseconds=1), "a lease": LEASE}
CHANGES = ["link", "unlink", "rename", "confirm", "dismiss"]
BETWEEN_RUNS = {"link", "unlink", "confirm", "dismiss"}
HELD_REPORT = "report"
MADE_OF = Fingerprint(source="s", library="l", policy="p", overrides="o", name="n")

steps = st.lists(
    st.tuples(
        st.sampled_from(["read", "begin", "begin again", "progress", "identified", "finish", "finish again"]),
        st.sampled_from(WORKERS),
    )
    | st.tuples(st.just("tick"), st.sampled_from(sorted(TICKS)))
    | st.tuples(st.sampled_from(["enable", "disable", "remove"]), st.just("person"))
    | st.tuples(st.sampled_from([*CHANGES, "same again"]), st.just("person"))
    | st.tuples(st.just("overtaken by"), st.sampled_from(CHANGES)),
    max_size=30,
)


@dataclass
class Play:
    """One playlist on one backend. `log` is what every step answered; `leases` who believes to hold it, until when."""

    stores: Stores
    playlist: Playlist
    now: datetime = T0
    log: list[object] = field(default_factory=list)
    leases: dict[str, datetime] = field(default_factory=dict)
    read: dict[str, Playlist] = field(default_factory=dict)
    runs: dict[str, tuple[str, AuditEvent, Playlist]] = field(default_factory=dict)
    ends: dict[str, AuditEvent] = field(default_factory=dict)
    begun: int = 0
    last_change: tuple[str, AuditEvent] | None = None

    def run(self, script: list[Step]) -> None:
        self.stores.playlists.add(self.playlist, self._event("import", EventType.PLAYLIST_IMPORTED))
        for step, who in script:
            self.log.append(self._do(step, who))
            self.log.append(self.stores.playlists.get(self.playlist.user_id, self.playlist.playlist_id))
            self.log.append(sorted(self.stores.playlists.due(self.now)))
            holders = [worker for worker, until in self.leases.items() if self.now < until]
            assert len(holders) <= 1, f"{holders} both hold an unexpired lease"
        page = self.stores.events.of_playlist("u-1", self.playlist.playlist_id, limit=200, cursor=None)
        self.log.append([event.event_id for event in page.items])

    def _do(self, step: str, who: str) -> object:
        if step == "tick":
            self.now += TICKS[who]
            return None
        if step in CHANGES:
            return self._change(step, self._next_event())
        actions: dict[str, Callable[[str], object]] = {
            "overtaken by": self._overtaken,
            "same again": lambda _: self.last_change and self._make(*self.last_change),
            "read": self._read,
            "begin": self._begin,
            "begin again": self._begin_again,
            "progress": self._progress,
            "identified": self._identified,
            "finish": self._finish,
            "finish again": self._finish_again,
            "enable": lambda _: self._switch(on=True),
            "disable": lambda _: self._switch(on=False),
            "remove": lambda _: self.stores.playlists.remove("u-1", self.playlist.playlist_id, self._next_event()),
        }
        return actions[step](who)

    def _read(self, worker: str) -> None:
        found = self.stores.playlists.get("u-1", self.playlist.playlist_id)
        self.read[worker] = found or self.playlist

    def _begin(self, worker: str) -> bool:
        """With what the worker last read, however long ago that was."""
        if worker not in self.read:
            self._read(worker)
        self.begun += 1
        self.leases.pop(worker, None)
        self.runs[worker] = (f"run-{worker}-{self.begun}", self._next_event(), self.read[worker])
        return self._begin_again(worker)

    def _overtaken(self, change: str) -> tuple[bool, bool]:
        """A worker reads, a person changes something, and the worker begins."""
        self._read(WORKERS[0])
        return self._change(change, self._event(f"e{len(self.log):03}-change")), self._begin(WORKERS[0])

    def _begin_again(self, worker: str) -> bool:
        """Also what a worker does whose reply was lost: the same call with the same event."""
        if worker not in self.runs:
            return False
        run_id, event, as_read = self.runs[worker]
        until = self.now + LEASE
        before = self._now()
        begun = self.stores.playlists.begin(as_read, run_id=run_id, lease_until=until, now=self.now, event=event)
        if begun and worker not in self.leases:
            assert before is not None
            assert theirs(before) == theirs(as_read), "it began with what it had read before a change"
        if begun:
            self.leases.setdefault(worker, until)
        else:
            self.leases.pop(worker, None)
        return begun

    def _progress(self, worker: str) -> None:
        progress = Progress(phase=worker, done=1, total=2)
        self.stores.playlists.report_progress(
            "u-1", self.playlist.playlist_id, run_id=self._run(worker), progress=progress
        )

    def _identified(self, worker: str) -> str:
        try:
            self.stores.playlists.save_remote_id(
                "u-1", self.playlist.playlist_id, run_id=self._run(worker), remote_id=f"list of {worker}"
            )
        except LeaseLost:
            return "lost"
        return "saved"

    def _finish(self, worker: str) -> bool:
        self.ends[worker] = self._next_event()
        return self._finish_again(worker)

    def _finish_again(self, worker: str) -> bool:
        if worker not in self.ends:
            return False
        self.leases.pop(worker, None)
        held = HeldBack(
            reason=HoldReason.SOURCE_SHRANK,
            sentence="It shrank.",
            report_id=HELD_REPORT,
            since=self.now,
            fingerprint=MADE_OF,
        )
        history = (Snapshot(report_id=self.ends[worker].event_id, written_at=self.now, songs=3),)
        end = a_run_end(
            ended_at=self.now,
            due_at=self.now + timedelta(hours=1),
            held=held if worker == "a" else None,
            history=history if worker == "b" else None,
        )
        return self.stores.playlists.finish(
            "u-1", self.playlist.playlist_id, run_id=self._run(worker), end=end, event=self.ends[worker]
        )

    def _change(self, change: str, event: AuditEvent) -> bool:
        """What a person does; what it leaves is not undone by a run that began before it."""
        self.last_change = (change, event)
        changed = self._make(change, event)
        holders = [worker for worker, until in self.leases.items() if self.now < until]
        assert not (changed and holders and change in BETWEEN_RUNS), "a run goes on with what it began with"
        return changed

    def _make(self, change: str, event: AuditEvent) -> bool:
        store, pid = self.stores.playlists, self.playlist.playlist_id
        remote = Link(remote_id=f"list of {event.event_id}", name=event.event_id)
        return {
            "link": lambda: store.link("u-1", pid, remote=remote, due_at=self.now, event=event),
            "unlink": lambda: store.unlink("u-1", pid, event),
            "rename": lambda: store.change("u-1", pid, {"remote_name": event.event_id}, [event]),
            "confirm": lambda: self._answer(HoldAnswer.CONFIRMED, event),
            "dismiss": lambda: self._answer(HoldAnswer.DISMISSED, event),
        }[change]()

    def _answer(self, answer: HoldAnswer, event: AuditEvent) -> bool:
        return self.stores.playlists.answer_hold(
            "u-1", self.playlist.playlist_id, report_id=HELD_REPORT, answer=answer, event=event
        )

    def _now(self) -> Playlist | None:
        return self.stores.playlists.get("u-1", self.playlist.playlist_id)

    def _switch(self, *, on: bool) -> bool:
        return self.stores.playlists.change("u-1", self.playlist.playlist_id, {"enabled": on}, [self._next_event()])

    def _run(self, worker: str) -> str:
        return self.runs[worker][0] if worker in self.runs else "run of nobody"

    def _next_event(self) -> AuditEvent:
        return self._event(f"e{len(self.log):03}")

    def _event(self, event_id: str, event_type: EventType = EventType.SYNC_STARTED) -> AuditEvent:
        return an_event(self.playlist, event_type, event_id=event_id, occurred_at=self.now)


def theirs(playlist: Playlist) -> tuple[object, ...]:
    """What a person's change leaves on a playlist, and a run decides by."""
    answer = playlist.held and playlist.held.answer
    return playlist.remote_id, playlist.remote_name, playlist.generation, playlist.written, playlist.history, answer


@settings(max_examples=300, deadline=None)
@given(script=steps)
def test_there_is_never_a_second_holder(script: list[Step]) -> None:
    Play(MemoryStores(), a_playlist()).run(script)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=steps)
def test_dynamodb_answers_step_for_step_as_the_fake(dynamo: DynamoStores, script: list[Step]) -> None:
    playlist = a_playlist()
    fake = Play(MemoryStores(), playlist)
    fake.run(script)
    of_this_example = DynamoStores(dynamo.endpoint)
    real = Play(of_this_example, playlist)
    real.run(script)
    of_this_example.drop()
    assert real.log == fake.log
