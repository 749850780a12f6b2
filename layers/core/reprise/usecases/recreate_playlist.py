"""Delete a playlist's remote list and make it anew (`S1-12`): its id, cover and offline copies are lost, as asked."""

from __future__ import annotations

from dataclasses import replace

from reprise.usecases.delete_remote import remove_list
from reprise.usecases.run import JobContext, Run, RunResult
from reprise.usecases.sync_playlist import sync_playlist


def recreate_playlist(run: Run, context: JobContext) -> RunResult:
    """Raises `SyncFailure`; a run that is cut off between the two leaves no list, and the next one makes it."""
    remove_list(run, context)
    run.playlist = replace(run.playlist, remote_id=None)
    return sync_playlist(run, context)
