"""One run with one playlist: what it may touch, what it tells on the way, and what it leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from reprise.domain.connections import Party
from reprise.domain.events import AuditEvent, EventType, playlist_event
from reprise.domain.failures import SyncFailure, told
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.matches import MatchReport, Override
from reprise.domain.playlists import (
    HISTORY_MAX,
    Counts,
    Fingerprint,
    HeldBack,
    LastError,
    Playlist,
    Progress,
    Snapshot,
    SyncState,
)
from reprise.domain.thresholds import Thresholds
from reprise.ports.playlists import RunEnd
from reprise.ports.targets import MusicServer
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.reading import Readings
from reprise.usecases.sync.refresh_library import Library

log = logging.getLogger(__name__)

PROGRESS_EVERY = timedelta(seconds=2)
_BEGINNING = {
    Operation.SYNC: "Sync of",
    Operation.REBUILD: "Rebuild of",
    Operation.RECREATE: "Recreation of",
    Operation.DELETE_REMOTE: "Removal of the remote list of",
    Operation.UNDO: "Undo for",
    Operation.PREVIEW: "Preview of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """What the playlists of one job share."""

    job: SyncJob
    party: Party
    server: MusicServer
    library: Library
    overrides: Mapping[str, Override]
    overrides_version: str
    thresholds: Thresholds
    readings: Readings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended. `failure` is None unless `state` is error. `changed` is False when nothing was written.

    `written` and `held` are what `RunEnd` says of them; `snapshot` is the list just written, None for none. `end` is
    the event that tells of it. `superseded` are ids of reports that nothing leads to any more.
    """

    state: SyncState
    counts: Counts | None = None
    sentence: str = ""
    failure: SyncFailure | None = None
    written: Fingerprint | None = None
    report_id: str | None = None
    verified: bool = False
    changed: bool = False
    name: str | None = None
    source_name: str | None = None
    held: HeldBack | None = None
    snapshot: Snapshot | None = None
    end: EventType = EventType.SYNC_COMPLETED
    superseded: frozenset[str] = frozenset()


class Yielded(Enum):
    """Why a run gave way to another one."""

    NOTHING_TO_DO = "the playlist is gone or switched off, or the same message was done by another worker"
    BUSY = "another run is working on this playlist"
    OUTRUN = "it took too long, and another run took over"


def failed(failure: SyncFailure, party: Party) -> RunResult:
    """Returns the result of a run that a failure ended, with what happened and what to do in words.

    `party` is to blame where the failure does not say who is.
    """
    sentence = told(failure.kind, failure.detail, failure.party or party)
    return RunResult(state=SyncState.ERROR, sentence=sentence, failure=failure)


class Run:
    """One lease on one playlist. `playlist` is as it was before; `started` is when the lease was taken."""

    def __init__(self, playlist: Playlist, job: SyncJob, ports: SyncPorts) -> None:
        self.playlist = playlist
        self.job = job
        self.ports = ports
        self.run_id = ports.new_id()
        self.started = ports.clock()
        self.server_calls: Callable[[], int] = lambda: 0
        self.superseded: frozenset[str] = frozenset()
        self._reported = False
        self._last_progress: datetime | None = None
        self.about = {"playlist_id": playlist.playlist_id, "job_id": job.job_id, "run_id": self.run_id}

    def begin(self) -> bool:
        return self.ports.playlists.begin(
            self.playlist,
            run_id=self.run_id,
            lease_until=self.started + self.ports.lease,
            now=self.started,
            job_id=self.job.asked_id,
            event=self._event(
                EventType.SYNC_STARTED, f"{_BEGINNING[self.job.operation]} “{self.playlist.name}” started.", {}
            ),
        )

    def skip(self, reason: str) -> None:
        self.ports.events.add(self._event(EventType.SYNC_SKIPPED, reason, {}))

    def drop(self, reason: str) -> None:
        """Record that what was asked for is not done, and waits no more."""
        no_longer_waits(self.playlist, self.job, self.ports)
        self.skip(reason)

    def wait(self, reason: str) -> None:
        """Tell once that this run gives way; one that a person asked for follows as soon as it can."""
        if not self.job.waited:
            self.skip(f"{reason} This one follows." if self.job.reason is Reason.MANUAL else reason)

    def give_way(self) -> None:
        """The lease is another run's by now: nothing more is written, and the trail says how this one ended."""
        log.warning("lease lost: leaving the playlist to the run that took over", extra=self.about)
        self.skip("It took too long: another run took over.")

    def finish(self, result: RunResult) -> bool:
        """Leave the playlist as `result` says. False, with a recorded reason, where another run has taken over."""
        ended = self.ports.clock()
        end = self._as_it_was(ended) if self.job.operation is Operation.PREVIEW else self._left(result, ended)
        done = self.ports.playlists.finish(
            self.playlist.user_id,
            self.playlist.playlist_id,
            run_id=self.run_id,
            end=end,
            event=self._end_event(result, ended),
        )
        if done:
            self.superseded = self._superseded(end)
        else:
            self.give_way()
        return done

    def report(self, report: MatchReport) -> None:
        """Store what was found, under this run's id."""
        self.ports.reports.save(self.playlist.user_id, report)
        self._reported = True

    def _superseded(self, end: RunEnd) -> frozenset[str]:
        """The reports that the playlist led to before, and this run's own, as far as it leads to them no more."""
        before = self.playlist
        history = before.history if end.history is None else end.history
        led_to = _reports_of(before.report_id, before.held, before.history)
        leads_to = _reports_of(end.report_id or before.report_id, end.held, history)
        return (led_to | ({self.run_id} if self._reported else set())) - leads_to

    def _left(self, result: RunResult, ended: datetime) -> RunEnd:
        return RunEnd(
            state=result.state,
            due_at=self._next_due(ended),
            job_id=self.job.job_id,
            ended_at=ended,
            last_error=_last_error(result),
            counts=result.counts,
            written=result.written,
            verified_at=ended if result.verified else None,
            report_id=result.report_id,
            name=result.name,
            source_name=result.source_name,
            held=result.held,
            history=self._history(result),
        )

    def _as_it_was(self, ended: datetime) -> RunEnd:
        """What a run leaves that only looks, whether or not it could.

        After a run that was cut off nobody knows what is on the server: the next sync has to find out.
        """
        before = self.playlist
        cut_off = before.state is SyncState.SYNCING
        return RunEnd(
            state=SyncState.PENDING if cut_off else before.state,
            due_at=before.due_at or self._next_due(ended),
            job_id=self.job.job_id,
            ended_at=ended,
            last_error=before.last_error,
            written=None if cut_off else before.written,
            held=before.held,
        )

    def _history(self, result: RunResult) -> tuple[Snapshot, ...] | None:
        return (result.snapshot, *self.playlist.history)[:HISTORY_MAX] if result.snapshot else None

    def _next_due(self, ended: datetime) -> datetime:
        return self.job.next_due(was_due=self.playlist.due_at, ended=ended, interval=self.ports.interval)

    def _end_event(self, result: RunResult, ended: datetime) -> AuditEvent:
        counts = result.counts or self.playlist.counts
        metadata: dict[str, str | int | float | bool] = {
            "status": result.state.value,
            "total": counts.total,
            "matched": counts.matched,
            "unmatched": counts.unmatched,
            "match_rate": round(counts.rate, 4),
            "changed": result.changed,
            "duration_ms": round((ended - self.started).total_seconds() * 1000),
            "server_calls": self.server_calls(),
        }
        if result.failure is None:
            return self._event(result.end, result.sentence or _success_sentence(result, counts), metadata)
        metadata["failure_kind"] = result.failure.kind.value
        return self._event(EventType.SYNC_FAILED, result.sentence, metadata)

    def _event(
        self, event_type: EventType, message: str, metadata: Mapping[str, str | int | float | bool]
    ) -> AuditEvent:
        return playlist_event(
            self.playlist,
            event_type,
            message,
            event_id=self.ports.new_id(),
            occurred_at=self.ports.clock(),
            playlist=self.playlist.name,
            reason=self.job.reason.value,
            operation=self.job.operation.value,
            **self.about,
            **metadata,
        )

    def progress(self, phase: str, done: int, total: int, *, now: bool = False) -> None:
        """Tell how far it is: at once with `now`, else at most every two seconds."""
        moment = self.ports.clock()
        if not now and self._last_progress is not None and moment - self._last_progress < PROGRESS_EVERY:
            return
        if not now and self._last_progress is None and done == 0:
            return
        self._last_progress = moment
        self.ports.playlists.report_progress(
            self.playlist.user_id,
            self.playlist.playlist_id,
            run_id=self.run_id,
            progress=Progress(phase=phase, done=done, total=total),
        )

    def save_remote_id(self, remote_id: str | None) -> None:
        self.ports.playlists.save_remote_id(
            self.playlist.user_id, self.playlist.playlist_id, run_id=self.run_id, remote_id=remote_id
        )


def no_longer_waits(playlist: Playlist, job: SyncJob, ports: SyncPorts) -> None:
    """A job that will not begin is waited for no longer: who asks again gets another one."""
    for wish in playlist.wishes_of(job.asked_id):
        ports.playlists.forget_waiting(playlist.user_id, playlist.playlist_id, wish, job.asked_id)


def _reports_of(report_id: str | None, held: HeldBack | None, history: tuple[Snapshot, ...]) -> frozenset[str]:
    named = (report_id, held.report_id if held else None, *(snapshot.report_id for snapshot in history))
    return frozenset(each for each in named if each)


def _last_error(result: RunResult) -> LastError | None:
    if not result.sentence:
        return None
    failure = result.failure
    return LastError(
        kind=failure.kind if failure else None,
        sentence=result.sentence,
        connection_id=failure.party.connection_id if failure and failure.party else None,
    )


def _success_sentence(result: RunResult, counts: Counts) -> str:
    return f"All {counts.total} tracks are in place." if result.changed else "Nothing had changed."
