"""Bring one playlist on the music server in step with its source.

    lease ─▶ nothing changed? ─▶ done, free
               └ read source ─▶ match ─▶ store the report ─▶ write ─▶ read back ─▶ end

Every way out frees the lease and leaves one end event (`S1-08`, `S1-16`); only a killed function does not,
and its lease runs out by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind, Scope, SyncFailure, action_for, summary_of
from reprise.domain.ids import slot_start
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.matches import MatchReport, Override
from reprise.domain.playlists import Counts, Fingerprint, LastError, Playlist, Progress, SourcePlaylist, SyncState
from reprise.matching.match import match_playlist
from reprise.ports.stores import LeaseLost, RunEnd
from reprise.ports.targets import MusicServer, WriteResult, WriteStatus
from reprise.usecases.refresh_library import Library
from reprise.usecases.sync_ports import SyncPorts

log = logging.getLogger(__name__)

VERIFY_AFTER = timedelta(days=1)
"""How long a list on the server is taken to be what we wrote without looking."""
PROGRESS_EVERY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext:
    """What the playlists of one job share."""

    job: SyncJob
    provider_name: str
    server: MusicServer
    library: Library
    overrides: Mapping[str, Override]
    overrides_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended. `failure` is None unless `state` is error. `changed` is False when nothing was written."""

    state: SyncState
    counts: Counts | None = None
    sentence: str = ""
    failure: SyncFailure | None = None
    written: Fingerprint | None = None
    report_id: str | None = None
    verified: bool = False
    changed: bool = False
    name: str | None = None


def sync_playlist(playlist: Playlist, context: JobContext, ports: SyncPorts) -> RunResult | None:
    """One run over one playlist. None when another run holds the lease: this one yields, with a recorded reason.

    Never raises `SyncFailure`: a failure is a result, told to the playlist, the audit trail and the caller.
    """
    return _leased(playlist, context.job, context.provider_name, ports, lambda run: run.sync(context))


def fail_playlist(
    playlist: Playlist, failure: SyncFailure, job: SyncJob, provider_name: str, ports: SyncPorts
) -> RunResult | None:
    """Record that a playlist could not be synced because its connection does not work, without calling anything."""
    return _leased(playlist, job, provider_name, ports, lambda _: _failed(failure, provider_name))


def _leased(
    playlist: Playlist, job: SyncJob, provider_name: str, ports: SyncPorts, work: Callable[[_Run], RunResult]
) -> RunResult | None:
    run = _Run(playlist, job, ports)
    if not run.begin():
        run.skip("Another run is working on this playlist.")
        return None
    try:
        result = work(run)
    except LeaseLost:
        log.warning("lease lost: leaving the playlist to the run that took over", extra=run.about)
        return None
    except SyncFailure as failure:
        result = _failed(failure, provider_name)
    except Exception:
        log.exception("sync run broke", extra=run.about)
        result = _failed(SyncFailure(FailureKind.INTERNAL), provider_name)
    run.finish(result)
    return result


def _failed(failure: SyncFailure, provider_name: str) -> RunResult:
    sentence = " ".join(
        part
        for part in (summary_of(failure.kind, provider_name), failure.detail, action_for(failure.kind, provider_name))
        if part
    )
    return RunResult(state=SyncState.ERROR, sentence=sentence, failure=failure)


class _Run:
    """One lease on one playlist."""

    def __init__(self, playlist: Playlist, job: SyncJob, ports: SyncPorts) -> None:
        self._playlist = playlist
        self._job = job
        self._ports = ports
        self._run_id = ports.new_id()
        self._started = ports.clock()
        self._last_progress: datetime | None = None
        self.about = {"playlist_id": playlist.playlist_id, "job_id": job.job_id, "run_id": self._run_id}

    def begin(self) -> bool:
        return self._ports.playlists.begin(
            self._playlist,
            run_id=self._run_id,
            lease_until=self._started + self._ports.lease,
            now=self._started,
            event=self._event(EventType.SYNC_STARTED, f"Sync of “{self._playlist.name}” started.", {}),
        )

    def skip(self, reason: str) -> None:
        self._ports.events.add(self._event(EventType.SYNC_SKIPPED, reason, {}))

    def sync(self, context: JobContext) -> RunResult:
        source = self._ports.open_source(self._playlist.source.kind)
        version = source.current_version(self._playlist.user_id, self._playlist.source)
        library_version = context.library.version(lambda done: self._progress("Reading your library", done, 0))
        if version is not None and (settled := self._settled(self._fingerprint(version, library_version, context))):
            return settled
        self._progress("Reading the playlist", 0, 0, now=True)
        content = source.read(self._playlist.user_id, self._playlist.source)
        fingerprint = self._fingerprint(content.version, library_version, context)
        if version is None and (settled := self._settled(fingerprint)):
            return settled
        report = self._match(content, context)
        self._ports.reports.save(self._playlist.user_id, report)
        return self._write(report, fingerprint, context)

    def _fingerprint(self, source_version: str, library_version: str, context: JobContext) -> Fingerprint:
        return Fingerprint(
            source=source_version,
            library=library_version,
            policy=self._ports.policy.version,
            overrides=context.overrides_version,
            name=self._playlist.target_name,
        )

    def _settled(self, fingerprint: Fingerprint) -> RunResult | None:
        """The result of a run that has nothing to do, or None when there may be something.

        Only a schedule trusts what it knows; a person who presses the button wants it looked at. A run that was cut
        off may have left anything behind, so it is never trusted; one that its connection failed left no fingerprint.
        """
        playlist = self._playlist
        if self._job.reason is not Reason.SCHEDULE or playlist.state is SyncState.SYNCING:
            return None
        if playlist.written != fingerprint or playlist.verified_at is None:
            return None
        if self._started - playlist.verified_at >= VERIFY_AFTER:
            return None
        error = playlist.last_error
        kind = error.kind if error else None
        return RunResult(
            state=playlist.state,
            counts=playlist.counts,
            sentence=error.sentence if error else "",
            failure=SyncFailure(kind, scope=Scope.PLAYLIST) if kind else None,
            written=fingerprint,
        )

    def _match(self, content: SourcePlaylist, context: JobContext) -> MatchReport:
        total = len(content.tracks)
        index = context.library.index(lambda done: self._progress("Reading your library", done, 0))
        self._progress("Matching", 0, total, now=True)
        matches = match_playlist(
            index,
            content.tracks,
            policy=self._ports.policy,
            overrides=context.overrides,
            on_progress=lambda done: self._progress("Matching", done, total),
        )
        return MatchReport(
            playlist_id=self._playlist.playlist_id,
            report_id=self._run_id,
            created_at=self._ports.clock(),
            library_version=index.version,
            policy_version=self._ports.policy.version,
            matches=matches,
        )

    def _write(self, report: MatchReport, fingerprint: Fingerprint, context: JobContext) -> RunResult:
        counts = report.counts
        if not report.library_ids:
            sentence = (
                f"None of the {counts.total} tracks is in your library; nothing was written."
                if counts.total
                else "The playlist is empty at its source; nothing was written."
            )
            return RunResult(
                state=SyncState.WARNING,
                counts=counts,
                sentence=sentence,
                written=fingerprint,
                report_id=report.report_id,
                verified=True,
            )
        self._progress("Writing to the music server", 0, len(report.library_ids), now=True)
        try:
            written = context.server.write_playlist(
                name=self._playlist.target_name,
                marker=self._playlist.marker,
                song_ids=report.library_ids,
                remote_id=self._playlist.remote_id,
                on_identified=self._save_remote_id,
            )
        except SyncFailure as failure:
            if failure.scope is not Scope.PLAYLIST or not failure.fatal:
                raise
            failed = _failed(failure, context.provider_name)
            return RunResult(
                state=failed.state,
                counts=counts,
                sentence=failed.sentence,
                failure=failure,
                written=fingerprint,
                report_id=report.report_id,
                verified=True,
            )
        return self._written(written, report, fingerprint, context)

    @staticmethod
    def _written(written: WriteResult, report: MatchReport, fingerprint: Fingerprint, context: JobContext) -> RunResult:
        counts = report.counts
        sentence = ""
        if counts.unmatched:
            sentence = f"{counts.unmatched} of {counts.total} tracks are not in your library."
        if written.dropped:
            context.library.forget_stamp()
            sentence = f"The music server no longer knows {len(written.dropped)} of the songs. {sentence}".rstrip()
        return RunResult(
            state=SyncState.WARNING if sentence else SyncState.SUCCESS,
            counts=counts,
            sentence=sentence,
            written=fingerprint,
            report_id=report.report_id,
            verified=True,
            changed=written.status is not WriteStatus.UNCHANGED,
        )

    def finish(self, result: RunResult) -> None:
        ended = self._ports.clock()
        kind = result.failure.kind if result.failure else None
        done = self._ports.playlists.finish(
            self._playlist.user_id,
            self._playlist.playlist_id,
            run_id=self._run_id,
            end=RunEnd(
                state=result.state,
                due_at=self._next_due(ended),
                job_id=self._job.job_id,
                ended_at=ended,
                last_error=LastError(kind=kind, sentence=result.sentence) if result.sentence else None,
                counts=result.counts,
                written=result.written,
                verified_at=ended if result.verified else None,
                report_id=result.report_id,
                name=result.name,
            ),
            event=self._end_event(result, ended),
        )
        if not done:
            log.warning("lease lost before the end was recorded", extra=self.about)

    def _next_due(self, now: datetime) -> datetime:
        """The start of the slot after the one this job belongs to: at the next tick it is due, whatever ticks took."""
        return max(self._job.slot, slot_start(now, self._ports.interval)) + self._ports.interval

    def _end_event(self, result: RunResult, ended: datetime) -> AuditEvent:
        counts = result.counts or self._playlist.counts
        metadata: dict[str, str | int | float | bool] = {
            "status": result.state.value,
            "total": counts.total,
            "matched": counts.matched,
            "unmatched": counts.unmatched,
            "match_rate": round(counts.rate, 4),
            "changed": result.changed,
            "duration_ms": round((ended - self._started).total_seconds() * 1000),
        }
        if result.failure is None:
            return self._event(EventType.SYNC_COMPLETED, result.sentence or _success_sentence(result, counts), metadata)
        metadata["failure_kind"] = result.failure.kind.value
        return self._event(EventType.SYNC_FAILED, result.sentence, metadata)

    def _event(
        self, event_type: EventType, message: str, metadata: Mapping[str, str | int | float | bool]
    ) -> AuditEvent:
        return AuditEvent(
            event_id=self._ports.new_id(),
            user_id=self._playlist.user_id,
            playlist_id=self._playlist.playlist_id,
            event_type=event_type,
            provider=self._playlist.source.kind,
            message=message,
            occurred_at=self._ports.clock(),
            metadata={"playlist": self._playlist.name, "reason": self._job.reason.value, **self.about, **metadata},
        )

    def _progress(self, phase: str, done: int, total: int, *, now: bool = False) -> None:
        moment = self._ports.clock()
        if not now and self._last_progress is not None and moment - self._last_progress < PROGRESS_EVERY:
            return
        if not now and self._last_progress is None and done == 0:
            return
        self._last_progress = moment
        self._ports.playlists.report_progress(
            self._playlist.user_id,
            self._playlist.playlist_id,
            run_id=self._run_id,
            progress=Progress(phase=phase, done=done, total=total),
        )

    def _save_remote_id(self, remote_id: str) -> None:
        self._ports.playlists.save_remote_id(
            self._playlist.user_id, self._playlist.playlist_id, run_id=self._run_id, remote_id=remote_id
        )


def _success_sentence(result: RunResult, counts: Counts) -> str:
    return f"All {counts.total} tracks are in place." if result.changed else "Nothing had changed."
