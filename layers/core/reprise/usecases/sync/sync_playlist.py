"""Bring one playlist on the music server in step with its source.

nothing changed? ─▶ done, free
  └ read source ─▶ match ─▶ store the report ─▶ would it do harm? ─▶ hold back, and say why
                                                  └ write ─▶ read back ─▶ end
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.jobs import Operation, Reason
from reprise.domain.matches import MatchReport
from reprise.domain.playlists import (
    Fingerprint,
    HeldBack,
    HoldAnswer,
    Playlist,
    Snapshot,
    SourcePlaylist,
    SyncState,
)
from reprise.domain.valve import hold_reason
from reprise.matching.match import match_playlist
from reprise.matching.policy import MatchPolicy
from reprise.ports.targets import ListToWrite, WriteResult, WriteStatus
from reprise.usecases.sync.reading import Reading
from reprise.usecases.sync.run import JobContext, Run, RunResult, failed

# How long a list on the server is taken to be what we wrote without looking.
VERIFY_AFTER = timedelta(days=1)


def sync_playlist(run: Run, context: JobContext, *, before_write: Callable[[], None] = lambda: None) -> RunResult:
    """One run under its lease. `before_write` is called when there is something to write, just before that.

    Raises `SyncFailure`, except for what is the playlist's own fault for good.
    """
    playlist = run.playlist
    source = Reading(playlist, run.ports)
    version = source.current_version()
    library_version = context.library.version(lambda done: run.progress("Reading your library", done, 0))
    if version is not None:
        as_before = _as_before(run, context, _fingerprint(run, context, version, library_version))
        if as_before is not None:
            return as_before
    run.progress("Reading the playlist", 0, 0, now=True)
    content = source.read()
    name = playlist.renamed_by(content.name) if source.names_playlists else None
    run.playlist = replace(playlist, name=name or playlist.name)
    fingerprint = _fingerprint(run, context, content.version, library_version)
    if version is None and (as_before := _as_before(run, context, fingerprint)):
        return as_before
    report = match_content(run, context, content)
    run.report(report)
    held = _held_back(run, report, fingerprint)
    if held is not None:
        return RunResult(
            state=SyncState.WARNING,
            sentence=f"Held back: {held.sentence} The list on the server is as it was.",
            written=fingerprint,
            verified=True,
            held=held,
        )
    result = _write(run, context, report, fingerprint, before_write)
    return replace(result, name=name, source_name=content.name if source.names_playlists else None)


def match_content(run: Run, context: JobContext, content: SourcePlaylist) -> MatchReport:
    """Find every track of `content` in the library."""
    total, policy = len(content.tracks), _policy(run, context)
    index = context.library.index(lambda done: run.progress("Reading your library", done, 0))
    run.progress("Matching", 0, total, now=True)
    matches = match_playlist(
        index,
        content.tracks,
        policy=policy,
        overrides=context.overrides,
        on_progress=lambda done: run.progress("Matching", done, total),
    )
    return MatchReport(
        playlist_id=run.playlist.playlist_id,
        report_id=run.run_id,
        created_at=run.ports.clock(),
        library_version=index.version,
        policy_version=policy.version,
        matches=matches,
        threshold=policy.threshold,
    )


def _policy(run: Run, context: JobContext) -> MatchPolicy:
    """The instance's, with the threshold that is in force for this playlist."""
    return replace(run.ports.policy, threshold=context.thresholds.in_force(run.playlist.match_threshold).value)


def _fingerprint(run: Run, context: JobContext, source_version: str, library_version: str) -> Fingerprint:
    return Fingerprint(
        source=source_version,
        library=library_version,
        policy=_policy(run, context).version,
        overrides=context.overrides_version,
        name=run.playlist.target_name,
        include_unmatched_tracks=run.playlist.include_unmatched_tracks,
    )


def _as_before(run: Run, context: JobContext, fingerprint: Fingerprint) -> RunResult | None:
    """The result of a run that has nothing to do, or None when there may be something.

    Only a schedule trusts what it knows; a person who presses the button wants it looked at. A run that was cut
    off may have left anything behind, so it is never trusted; one that its connection failed left no fingerprint.
    """
    playlist = run.playlist
    if run.job.reason is not Reason.SCHEDULE or playlist.state is SyncState.SYNCING:
        return None
    if playlist.written != fingerprint or playlist.verified_at is None:
        return None
    if run.started - playlist.verified_at >= VERIFY_AFTER:
        return None
    error = playlist.last_error
    kind = error.kind if error else None
    return RunResult(
        state=playlist.state,
        counts=playlist.counts,
        sentence=error.sentence if error else "",
        failure=SyncFailure(kind, scope=Scope.PLAYLIST, party=context.party) if kind else None,
        written=fingerprint,
        held=playlist.held,
    )


def _held_back(run: Run, report: MatchReport, fingerprint: Fingerprint) -> HeldBack | None:
    """What the safety valve holds back; None where the write may go ahead."""
    playlist = run.playlist
    earlier = playlist.held if playlist.held and playlist.held.fingerprint == fingerprint else None
    if run.job.operation is Operation.RECREATE or (earlier and earlier.answer is HoldAnswer.CONFIRMED):
        return None
    why = hold_reason(playlist.counts, report.counts, run.ports.valve)
    if why is None:
        return None
    reason, sentence = why
    return HeldBack(
        reason=reason,
        sentence=sentence,
        report_id=report.report_id,
        since=earlier.since if earlier else run.started,
        fingerprint=fingerprint,
        answer=earlier.answer if earlier else HoldAnswer.WAITING,
    )


def _write(
    run: Run, context: JobContext, report: MatchReport, fingerprint: Fingerprint, before_write: Callable[[], None]
) -> RunResult:
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
    try:
        before_write()
        written = write_songs(run, context, report)
    except SyncFailure as failure:
        if failure.scope is not Scope.PLAYLIST or not failure.fatal:
            raise
        failure.party = failure.party or context.party
        return RunResult(
            state=SyncState.ERROR,
            counts=counts,
            sentence=failed(failure, context.party).sentence,
            failure=failure,
            written=fingerprint,
            report_id=report.report_id,
            verified=True,
        )
    return wrote(run, report, written, fingerprint)


def write_songs(run: Run, context: JobContext, report: MatchReport) -> WriteResult:
    """Make the remote list hold the songs of `report`, and say what it lacks if wanted. Raises `SyncFailure`."""
    playlist = run.playlist
    run.progress("Writing to the music server", 0, len(report.library_ids), now=True)
    try:
        written = context.server.write_playlist(_wanted(playlist, report), on_identified=run.save_remote_id)
    except SyncFailure as failure:
        if failure.kind is FailureKind.INTERRUPTED:
            context.library.forget_stamp()
        raise
    if written.dropped:
        context.library.forget_stamp()
    return written


def _wanted(playlist: Playlist, report: MatchReport) -> ListToWrite:
    return ListToWrite(
        name=playlist.target_name,
        marker=playlist.marker,
        song_ids=report.library_ids,
        remote_id=playlist.remote_id,
        missing=report.missing if playlist.include_unmatched_tracks else (),
        taken_up=playlist.remote_id is not None and not playlist.history,
    )


def wrote(run: Run, report: MatchReport, written: WriteResult, fingerprint: Fingerprint | None) -> RunResult:
    """The result of a write that went through."""
    counts = report.counts
    sentences = []
    if written.dropped:
        sentences.append(f"The music server no longer knows {len(written.dropped)} of the songs.")
    if counts.unmatched:
        sentences.append(f"{counts.unmatched} of {counts.total} tracks are not in your library.")
    changed = written.status is not WriteStatus.UNCHANGED
    new = written.status in (WriteStatus.CREATED, WriteStatus.UPDATED) or _unrecorded(run, report)
    songs = len(report.library_ids) - len(written.dropped)
    return RunResult(
        state=SyncState.WARNING if sentences else SyncState.SUCCESS,
        counts=counts,
        sentence=" ".join(sentences),
        written=fingerprint,
        report_id=report.report_id,
        verified=True,
        changed=changed,
        snapshot=Snapshot(report_id=report.report_id, written_at=run.ports.clock(), songs=songs) if new else None,
    )


def _unrecorded(run: Run, report: MatchReport) -> bool:
    """True where the list found in place was written by an earlier run that was cut off before it could say so."""
    playlist = run.playlist
    if playlist.written is not None and playlist.state is not SyncState.SYNCING:
        return False
    if not playlist.history:
        return True
    newest = playlist.history[0].report_id
    recorded = run.ports.reports.load(playlist.user_id, playlist.playlist_id, newest)
    return recorded is None or recorded.library_ids != report.library_ids
