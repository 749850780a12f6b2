"""Ask for a sync now, or for something else to be done with a playlist; it runs elsewhere (`S1-10`, `S1-13`)."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.jobs import Operation, SyncJob, manual_jobs
from reprise.domain.playlists import Playlist
from reprise.ports.clock import NewId
from reprise.usecases.playlists.ports import RequestPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def request_sync(
    user_id: str, playlist_id: str, ports: RequestPorts, *, operation: Operation = Operation.SYNC
) -> SyncJob:
    """Returns the queued job of one playlist, which may be switched off. Raises `NotFound` and `QueueRefused`.

    The same job id again makes the same job again: a worker does it once.
    """
    return queue_job(read_playlist(user_id, playlist_id, ports.playlists), ports, operation=operation)


def request_sync_of_all(user_id: str, ports: RequestPorts) -> tuple[SyncJob, ...]:
    """Returns the queued jobs of all enabled playlists of a user; none where none is enabled. Raises `QueueRefused`."""
    enabled = [playlist.playlist_id for playlist in ports.playlists.of_user(user_id) if playlist.enabled]
    job_ids = _job_ids(ports.new_job_id)
    jobs = tuple(manual_jobs(user_id, enabled, job_ids=job_ids, now=ports.clock()))
    if jobs:
        ports.jobs.put(jobs)
    return jobs


def queue_job(
    playlist: Playlist, ports: RequestPorts, *, operation: Operation = Operation.SYNC, argument: str = ""
) -> SyncJob:
    """Returns the queued job of a playlist that was read. Raises `QueueRefused`."""
    (job,) = manual_jobs(
        playlist.user_id,
        [playlist.playlist_id],
        job_ids=_job_ids(ports.new_job_id),
        now=ports.clock(),
        operation=operation,
        argument=argument,
    )
    ports.jobs.put([job])
    return job


def _job_ids(new_job_id: NewId) -> Iterator[str]:
    while True:
        yield f"manual-{new_job_id()}"
