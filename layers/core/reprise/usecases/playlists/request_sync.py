"""Ask for a sync now, or for something else to be done with a playlist; it runs elsewhere (`S1-10`, `S1-13`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob, manual_jobs
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.usecases.playlists.read_playlist import read_playlist


def request_sync(
    *,
    user_id: str,
    playlist_id: str,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    interval: timedelta,
    operation: Operation = Operation.SYNC,
    argument: str = "",
) -> SyncJob:
    """The queued job of one playlist, which may be switched off. Raises `NotFound` and `QueueRefused`.

    A `new_id` that gives the same id again makes the same job again: a worker does it once.
    """
    read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    (job,) = manual_jobs(
        user_id,
        [playlist_id],
        job_ids=_job_ids(new_id),
        now=clock(),
        interval=interval,
        operation=operation,
        argument=argument,
    )
    queue.put([job])
    return job


def request_sync_of_all(
    *,
    user_id: str,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    interval: timedelta,
) -> tuple[SyncJob, ...]:
    """The queued jobs of every enabled playlist of a user; none where none is enabled. Raises `QueueRefused`."""
    enabled = [playlist.playlist_id for playlist in playlists.of_user(user_id) if playlist.enabled]
    jobs = tuple(manual_jobs(user_id, enabled, job_ids=_job_ids(new_id), now=clock(), interval=interval))
    if jobs:
        queue.put(jobs)
    return jobs


def _job_ids(new_id: NewId) -> Iterator[str]:
    while True:
        yield f"manual-{new_id()}"
