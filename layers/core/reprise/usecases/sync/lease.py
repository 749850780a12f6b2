"""Do something with a playlist under its lease.

Every way out frees the lease and leaves one end event (`S1-08`, `S1-16`); only a killed function does not,
and its lease runs out by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from reprise.domain.connections import Party
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.playlists import Playlist, SyncState
from reprise.ports.playlists import LeaseLost
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.run import Run, RunResult, Yielded, failed

log = logging.getLogger(__name__)

Work = Callable[[Run], RunResult]


def leased(
    playlist: Playlist,
    job: SyncJob,
    party: Party,
    ports: SyncPorts,
    work: Work,
    server_calls: Callable[[], int] = lambda: 0,
) -> RunResult | Yielded:
    """Do `work` under a lease, or yield to the run that holds it, with a recorded reason. `server_calls` tells how many
    requests the music server has had for it so far.

    `party` is to blame for a failure that does not say whose it is. Never raises `SyncFailure`: a failure is a result,
    told to the playlist, the audit trail and the caller.
    """
    run = _begun(playlist, job, ports)
    if isinstance(run, Yielded):
        return run
    run.server_calls = server_calls
    try:
        result = work(run)
    except LeaseLost:
        run.give_way()
        return Yielded.OUTRUN
    except SyncFailure as failure:
        failure.party = failure.party or party
        result = failed(failure, party)
    except Exception:
        log.exception("sync run broke", extra=run.about)
        result = failed(SyncFailure(FailureKind.INTERNAL), party)
    return replace(result, superseded=run.superseded) if run.finish(result) else Yielded.OUTRUN


def to_do(playlist: Playlist, job: SyncJob) -> bool:
    """False where the job has done it already, and where the schedule is not asked to."""
    done = playlist.last_job_id == job.job_id and playlist.state is not SyncState.SYNCING
    return not done and (playlist.enabled or job.reason is Reason.MANUAL)


def _begun(playlist: Playlist, job: SyncJob, ports: SyncPorts) -> Run | Yielded:
    """A run that holds the lease, over the playlist as it is now."""
    run = Run(playlist, job, ports)
    if run.begin():
        return run
    fresh = ports.playlists.get(playlist.user_id, playlist.playlist_id)
    if fresh is None or not to_do(fresh, job):
        return Yielded.NOTHING_TO_DO
    run = Run(fresh, job, ports)
    if fresh.revision != playlist.revision and run.begin():
        return run
    run.wait("Another run is working on this playlist.")
    return Yielded.BUSY
