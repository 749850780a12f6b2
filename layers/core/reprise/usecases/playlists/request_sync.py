"""Ask for a sync now, or for something else to be done with a playlist; it runs elsewhere (`S1-10`, `S1-13`).

One job waits for each wish. Whoever asks while it does is told of that one: it has yet to begin, so it does what they
want.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob, manual_jobs
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import Playlist
from reprise.domain.waiting import WaitingJob, Wish
from reprise.ports.clock import NewId
from reprise.ports.queues import QueueRefused
from reprise.usecases.playlists.ports import RequestPorts
from reprise.usecases.playlists.read_playlist import read_playlist

# For each person: one a minute, of whatever kind. What waits already is not counted.
REQUESTS = Limit(attempts=60, window=timedelta(hours=1))

# So long a job that was queued is taken to wait. It may have been lost: then asking again makes another one. Longer
# than a worker that died can be in its way.
WAITING_MAX = timedelta(minutes=30)


def request_sync(
    user_id: str, playlist_id: str, ports: RequestPorts, *, operation: Operation = Operation.SYNC
) -> SyncJob:
    """Returns the queued job of one playlist, which may be switched off.

    Raises `NotFound`, `TooManyAttempts` and `QueueRefused`. The same job id again makes the same job again: a worker
    does it once.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    if not playlist.waiting_for(Wish(operation), "", ports.clock()):
        limit_requests(user_id, ports)
    return queue_job(playlist, ports, operation=operation)


def request_sync_of_all(user_id: str, ports: RequestPorts) -> tuple[SyncJob, ...]:
    """Returns the queued jobs of all enabled playlists of a user; none where none is enabled.

    Raises `TooManyAttempts` and `QueueRefused`.
    """
    enabled = {playlist.playlist_id: playlist for playlist in ports.playlists.of_user(user_id) if playlist.enabled}
    job_ids, now = _job_ids(ports.new_job_id), ports.clock()
    jobs = tuple(manual_jobs(user_id, enabled, job_ids=job_ids, now=now))
    first_ones = [enabled[job.playlist_ids[0]] for job in jobs]
    if any(not playlist.waiting_for(Wish.SYNC_ALL, "", now) for playlist in first_ones):
        limit_requests(user_id, ports)
    return tuple(_once(playlist, Wish.SYNC_ALL, job, ports) for playlist, job in zip(first_ones, jobs, strict=True))


def limit_requests(user_id: str, ports: RequestPorts) -> None:
    """Count a request for work, before anything is changed for it. Raises `TooManyAttempts`."""
    limit_attempts(f"request:{user_id}", REQUESTS, attempts=ports.attempts, now=ports.clock())


def queue_job(
    playlist: Playlist, ports: RequestPorts, *, operation: Operation = Operation.SYNC, argument: str = ""
) -> SyncJob:
    """Returns the queued job of a playlist that was read, or the one that waits for the same. Raises `QueueRefused`."""
    (job,) = manual_jobs(
        playlist.user_id,
        [playlist.playlist_id],
        job_ids=_job_ids(ports.new_job_id),
        now=ports.clock(),
        operation=operation,
        argument=argument,
    )
    return _once(playlist, Wish(operation), job, ports)


def _once(playlist: Playlist, wish: Wish, job: SyncJob, ports: RequestPorts) -> SyncJob:
    """Queue `job` and note with `playlist` that it waits; or return what it would be if another one waits already.

    It is noted first, so that of two who ask at once one makes the job. A crash before it is queued leaves a note
    without a job, which is past after `WAITING_MAX`.
    """
    now, where = ports.clock(), (playlist.user_id, playlist.playlist_id)
    noted = WaitingJob(job_id=job.job_id, until=now + WAITING_MAX, argument=job.argument)
    waiting = playlist.waiting_for(wish, job.argument, now)
    if waiting is None and not ports.playlists.note_waiting(*where, wish, noted, now=now):
        fresh = ports.playlists.get(*where)
        waiting = fresh.waiting_for(wish, job.argument, now) if fresh else None
    if waiting and waiting != job.job_id:
        return replace(job, job_id=waiting)
    try:
        ports.jobs.put([job])
    except QueueRefused:
        ports.playlists.forget_waiting(*where, wish, job.job_id)
        raise
    return job


def _job_ids(new_job_id: NewId) -> Iterator[str]:
    while True:
        yield f"manual-{new_job_id()}"
