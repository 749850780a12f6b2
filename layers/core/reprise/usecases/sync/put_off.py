"""What a job could not do itself, for a later one: put off where something is in its way, handed on for want of time.

Either is a message that the sync function sends to itself. Such a chain has an end of our own making, for AWS would
make one without a word: there the schedule takes up what it wants anyway, and a person is told.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.playlists import Playlist
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.run import Run

log = logging.getLogger(__name__)

GIVEN_UP = "Given up: other work of yours was in its way for too long. Ask for it again."
LEFT_TO_SCHEDULE = "It took too long: the schedule takes it up."


def put_off(job: SyncJob, playlists: Sequence[Playlist], ports: SyncPorts) -> None:
    """Queue `job` again for these of its playlists, for a little later. Raises `QueueRefused`.

    What a person asked for comes back until it is done, or until so much else was in its way that it is given up. What
    the schedule asked for comes back until the next tick asks again for whatever is still due by then.
    """
    if job.reason is Reason.SCHEDULE and ports.clock() >= job.asked_at + ports.interval:
        log.info("the tick is over: the next one takes up what is left of it", extra={"job_id": job.job_id})
    elif job.ends_chain:
        _end(job, playlists, GIVEN_UP, ports)
    else:
        log.info("another job is in the way: waiting", extra={"job_id": job.job_id, "waited": job.waited})
        ports.jobs.put([job.put_off(_ids(playlists))], delay=job.wait)


def hand_on(job: SyncJob, playlists: Sequence[Playlist], ports: SyncPorts) -> None:
    """Queue a job at once for playlists that `job` has no time for. Raises `QueueRefused`.

    Only a sync of several is ever handed on, and only of those that are switched on: the schedule knows them all.
    """
    if job.ends_chain:
        _end(job, playlists, LEFT_TO_SCHEDULE, ports)
    else:
        log.info("short of time: handing on", extra={"job_id": job.job_id, "playlists": len(playlists)})
        ports.jobs.put([job.handed_on(_ids(playlists))])


def _end(job: SyncJob, playlists: Sequence[Playlist], reason: str, ports: SyncPorts) -> None:
    """End the chain. What the schedule wants is due still; what a person asked for is told as not done."""
    log.warning("a job ends undone", extra={"job_id": job.job_id, "playlists": len(playlists), "waited": job.waited})
    if job.reason is Reason.MANUAL:
        for playlist in playlists:
            Run(playlist, job, ports).drop(reason)


def _ids(playlists: Sequence[Playlist]) -> tuple[str, ...]:
    return tuple(playlist.playlist_id for playlist in playlists)
