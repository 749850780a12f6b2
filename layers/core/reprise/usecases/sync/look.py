"""Look at a playlist before its lease is taken: where nothing changed nothing is written, not even that it was seen."""

from __future__ import annotations

import logging

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import Playlist
from reprise.usecases.sync.operations import fail_playlist, perform
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.run import JobContext, RunResult, Yielded
from reprise.usecases.sync.unchanged import unchanged

log = logging.getLogger(__name__)


def look(playlist: Playlist, context: JobContext, ports: SyncPorts) -> RunResult | Yielded:
    """Returns at once where nothing changed; else does the job's operation with the playlist. Never raises
    `SyncFailure`: what failed while looking ends as a run that failed of it, without another call.
    """
    job = context.job
    try:
        same = unchanged(playlist, context, ports.policy, ports.clock())
    except SyncFailure as failure:
        failure.party = failure.party or context.party
        return fail_playlist(playlist, failure, job, context.party, ports)
    except Exception:
        log.exception("look broke", extra={"playlist_id": playlist.playlist_id, "job_id": job.job_id})
        return fail_playlist(playlist, SyncFailure(FailureKind.INTERNAL), job, context.party, ports)
    return perform(playlist, context, ports) if same is None else same
