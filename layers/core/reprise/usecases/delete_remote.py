"""Delete a playlist's list on the music server, and let go of it (`S1x-15`, `S1x-16`)."""

from __future__ import annotations

from reprise.domain.events import EventType
from reprise.domain.playlists import Counts, SyncState
from reprise.usecases.run import JobContext, Run, RunResult


def delete_remote(run: Run, context: JobContext) -> RunResult:
    """The list is gone afterwards, whether or not an earlier try got there first. Raises `SyncFailure`."""
    remove_list(run, context)
    return RunResult(
        state=SyncState.PENDING,
        counts=Counts(),
        sentence="The list on the music server was deleted.",
        changed=True,
        end=EventType.REMOTE_DELETED,
    )


def remove_list(run: Run, context: JobContext) -> None:
    """Delete the known list, else those that bear our marker; then forget the id. Deleting twice does no harm."""
    known = run.playlist.remote_id
    marker = run.playlist.marker
    found = [known] if known else [row.remote_id for row in context.server.playlists() if _is_ours(row.comment, marker)]
    for remote_id in found:
        context.server.delete_playlist(remote_id)
    run.save_remote_id(None)


def _is_ours(comment: str, marker: str) -> bool:
    return marker in comment.split()
