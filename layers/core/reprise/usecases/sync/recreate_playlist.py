"""Delete a playlist's remote list and make it anew (`S1-12`): its id, cover and offline copies are lost, as asked."""

from __future__ import annotations

from dataclasses import replace

from reprise.usecases.sync.delete_remote import remove_list
from reprise.usecases.sync.run import JobContext, Run, RunResult
from reprise.usecases.sync.sync_playlist import sync_playlist


def recreate_playlist(run: Run, context: JobContext) -> RunResult:
    """The list goes when all is ready to make it anew, and stays where there is nothing to make it of.

    Raises `SyncFailure`; a run that is cut off between the two leaves no list, and the next one makes it.
    """

    def remove() -> None:
        remove_list(run, context)
        run.playlist = replace(run.playlist, remote_id=None)

    return sync_playlist(run, context, before_write=remove)
