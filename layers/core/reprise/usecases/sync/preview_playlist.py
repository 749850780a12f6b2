"""Find out what a sync would change on the server, and why, without changing anything."""

from __future__ import annotations

from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.matches import MatchReport
from reprise.domain.playlists import SyncState
from reprise.domain.previews import Change, Preview, PreviewStep, Step, differences
from reprise.domain.valve import hold_reason
from reprise.matching.index import LibraryIndex
from reprise.usecases.sync.run import JobContext, Run, RunResult
from reprise.usecases.sync.sync_playlist import match_content


def preview_playlist(run: Run, context: JobContext) -> RunResult:
    """Leaves the playlist as it was, as its run sees to. Raises `SyncFailure`."""
    playlist = run.playlist
    report = match_content(run, context, context.readings.of(playlist).read())
    now_there = _songs_there(run, context)
    steps = differences(now_there, report.library_ids)
    held = hold_reason(playlist.counts, report.counts, run.ports.valve)
    preview = Preview(
        job_id=run.job.job_id,
        created_at=run.ports.clock(),
        counts=report.counts,
        kept=len(now_there) - sum(step.change is not Change.ADDED for step in steps),
        steps=tuple(_explained(steps, report, context.library.index(lambda _: None))),
        held=held[1] if held else "",
        threshold=report.threshold,
    )
    run.ports.previews.save(playlist.user_id, playlist.playlist_id, preview)
    return RunResult(
        state=SyncState.PENDING if playlist.state is SyncState.SYNCING else playlist.state,
        sentence="Found out what a sync would change, and changed nothing.",
        end=EventType.PREVIEWED,
    )


def _songs_there(run: Run, context: JobContext) -> tuple[str, ...]:
    """What the remote list holds; nothing where there is none (yet, or any more)."""
    if run.playlist.remote_id is None:
        return ()
    try:
        return context.server.playlist_songs(run.playlist.remote_id)
    except SyncFailure as failure:
        if failure.kind is not FailureKind.NOT_FOUND:
            raise
        return ()


def _explained(steps: tuple[Step, ...], report: MatchReport, index: LibraryIndex) -> list[PreviewStep]:
    reasons = {match.library_id: match.reason for match in report.matches if match.library_id}
    explained = []
    for step in steps:
        song = index.track(step.library_id)
        explained.append(
            PreviewStep(
                step=step,
                title=song.title if song else "",
                artist=song.artist if song else "",
                why=_WHY.get(step.change) or reasons[step.library_id],
            )
        )
    return explained


_WHY = {
    Change.REMOVED: "Nothing in the playlist at its source matches this song.",
    Change.MOVED: "The playlist at its source has it in another place.",
}
