"""Write the list of an earlier run again. The schedule is off by then, or the next tick would undo it.

Where the comment tells what is missing, it tells what that list lacks.
"""

from __future__ import annotations

from reprise.domain.connections import source_party
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.usecases.sync.run import JobContext, Run, RunResult
from reprise.usecases.sync.sync_playlist import write_songs, wrote


def undo_playlist(run: Run, context: JobContext) -> RunResult:
    """The job's argument names the report whose list is wanted.

    Raises `SyncFailure`; of kind `NOT_FOUND` for a report that is gone.
    """
    playlist = run.playlist
    report = run.ports.reports.load(playlist.user_id, playlist.playlist_id, run.job.argument)
    if report is None or not report.library_ids:
        raise SyncFailure(
            FailureKind.NOT_FOUND,
            "The list to go back to is no longer kept.",
            scope=Scope.PLAYLIST,
            party=source_party(None),
        )
    return wrote(run, report, write_songs(run, context, report), None)
