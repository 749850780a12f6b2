"""Ask for a sync now; it runs elsewhere (`S1-10`, `S1-13`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from reprise.domain.jobs import SyncJob, manual_jobs
from reprise.ports.clock import Clock, NewId
from reprise.ports.queues import JobQueue
from reprise.ports.stores import PlaylistStore
from reprise.usecases.read_playlist import read_playlist


def request_sync(
    *,
    user_id: str,
    playlist_id: str,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    interval: timedelta,
) -> SyncJob:
    """The queued job of one playlist, which may be switched off. Raises `NotFound` and `QueueRefused`."""
    read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    (job,) = _queue(user_id, [playlist_id], queue=queue, clock=clock, new_id=new_id, interval=interval)
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
    return _queue(user_id, enabled, queue=queue, clock=clock, new_id=new_id, interval=interval) if enabled else ()


def _queue(
    user_id: str, playlist_ids: list[str], *, queue: JobQueue, clock: Clock, new_id: NewId, interval: timedelta
) -> tuple[SyncJob, ...]:
    jobs = tuple(manual_jobs(user_id, playlist_ids, job_ids=_job_ids(new_id), now=clock(), interval=interval))
    queue.put(jobs)
    return jobs


def _job_ids(new_id: NewId) -> Iterator[str]:
    while True:
        yield f"manual-{new_id()}"
