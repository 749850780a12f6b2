"""Put a job off while another one of the same person is in its way."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.playlists import Playlist
from reprise.usecases.sync.ports import SyncPorts

log = logging.getLogger(__name__)


def put_off(job: SyncJob, playlists: Sequence[Playlist], ports: SyncPorts) -> None:
    """Queue `job` again for these of its playlists, for a little later. Raises `QueueRefused`.

    What a person asked for comes back until it is done. What the schedule asked for comes back until the next tick asks
    again for whatever is still due by then.
    """
    if job.reason is Reason.SCHEDULE and ports.clock() >= job.asked_at + ports.interval:
        log.info("the tick is over: the next one takes up what is left of it", extra={"job_id": job.job_id})
        return
    log.info("another job is in the way: waiting", extra={"job_id": job.job_id, "waited": job.waited})
    ids = tuple(playlist.playlist_id for playlist in playlists)
    ports.jobs.put([replace(job, playlist_ids=ids, waited=job.waited + 1)], delay=job.wait)
