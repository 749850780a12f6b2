"""Delete a playlist's list on the music server, and let go of it (`S1x-15`, `S1x-16`)."""

from __future__ import annotations

from reprise.domain.events import EventType
from reprise.domain.playlists import Counts, SyncState
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.sync.run import JobContext, Run, RunResult


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
    """Delete the list we know and all that bear our marker, then forget the id. Deleting twice does no harm.

    The marker tells a list whose id is not the saved one any more, as after an upgrade of the server that gave every
    list another, and one whose making was cut off before its id was saved.
    """
    known = run.playlist.remote_id
    marker = run.playlist.marker
    for row in context.server.playlists():
        if row.remote_id == known or (row.writable and _is_ours(row, marker)):
            context.server.delete_playlist(row.remote_id)
    run.save_remote_id(None)


def _is_ours(row: RemotePlaylist, marker: str) -> bool:
    return marker in row.comment.split() or row.name.endswith(f"[{marker}]")
