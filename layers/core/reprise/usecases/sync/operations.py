"""Which use case does which operation of a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reprise.domain.connections import Party
from reprise.domain.failures import SyncFailure
from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.playlists import Playlist
from reprise.usecases.sync.delete_remote import delete_remote
from reprise.usecases.sync.lease import leased
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.preview_playlist import preview_playlist
from reprise.usecases.sync.recreate_playlist import recreate_playlist
from reprise.usecases.sync.run import JobContext, Run, RunResult, Yielded, failed
from reprise.usecases.sync.sync_playlist import sync_playlist
from reprise.usecases.sync.undo_playlist import undo_playlist

_OPERATIONS: Mapping[Operation, Callable[[Run, JobContext], RunResult]] = {
    Operation.SYNC: sync_playlist,
    # The library is read afresh by the job, before its first playlist.
    Operation.REBUILD: sync_playlist,
    Operation.RECREATE: recreate_playlist,
    Operation.DELETE_REMOTE: delete_remote,
    Operation.UNDO: undo_playlist,
    Operation.PREVIEW: preview_playlist,
}

# These do what they do without asking where the playlist comes from.
_WITHOUT_SOURCE = frozenset({Operation.DELETE_REMOTE, Operation.UNDO})


def needs_source(operation: Operation) -> bool:
    """Returns whether the operation reads the playlist at its source."""
    return operation not in _WITHOUT_SOURCE


def perform(playlist: Playlist, context: JobContext, ports: SyncPorts) -> RunResult | Yielded:
    """Do the job's operation with one playlist, or yield to another run."""
    do, before = _OPERATIONS[context.job.operation], context.server.requests
    return leased(
        playlist,
        context.job,
        context.party,
        ports,
        lambda run: do(run, context),
        server_calls=lambda: context.server.requests - before,
    )


def skip_playlist(playlist: Playlist, reason: str, job: SyncJob, ports: SyncPorts) -> None:
    """Record that nothing was done, and why, without taking the lease."""
    Run(playlist, job, ports).drop(reason)


def fail_playlist(
    playlist: Playlist, failure: SyncFailure, job: SyncJob, party: Party, ports: SyncPorts
) -> RunResult | Yielded:
    """Record that nothing could be done because the connection does not work, without calling anything."""
    return leased(playlist, job, party, ports, lambda _: failed(failure, party))
