"""Go back to a list that was written earlier.

The schedule is switched off first, or the next tick would take the undo back.
"""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.refusals import NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import request_sync
from reprise.usecases.playlists.set_enabled import set_enabled


def request_undo(
    *,
    user_id: str,
    playlist_id: str,
    report_id: str,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    new_job_id: NewId,
    interval: timedelta,
) -> SyncJob:
    """The queued job, which waits while a sync runs.

    Raises `NotFound` for a list that is not in the playlist's history, and `QueueRefused`.
    A queue that refuses leaves the playlist switched off; asking again is enough.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if report_id not in {snapshot.report_id for snapshot in playlist.history}:
        raise NotFound("There is no such list in this playlist's history.")
    set_enabled(
        user_id=user_id, playlist_id=playlist_id, enabled=False, playlists=playlists, clock=clock, new_id=new_id
    )
    return request_sync(
        user_id=user_id,
        playlist_id=playlist_id,
        playlists=playlists,
        queue=queue,
        clock=clock,
        new_id=new_job_id,
        interval=interval,
        operation=Operation.UNDO,
        argument=report_id,
    )
