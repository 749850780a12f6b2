"""Ask what a sync would change, without its changing anything."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.limits import Limit, limit_attempts
from reprise.ports.clock import Clock, NewId
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.usecases.playlists.request_sync import request_sync

PREVIEWS = Limit(attempts=60, window=timedelta(hours=1))
"""For each person: a preview matches everything, whether or not anything changed."""


def request_preview(
    *,
    user_id: str,
    playlist_id: str,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    interval: timedelta,
) -> SyncJob:
    """The queued job; the preview that it makes bears its id. Raises `NotFound`, `TooManyAttempts`, `QueueRefused`."""
    limit_attempts(f"preview:{user_id}", PREVIEWS, attempts=attempts, now=clock())
    return request_sync(
        user_id=user_id,
        playlist_id=playlist_id,
        playlists=playlists,
        queue=queue,
        clock=clock,
        new_id=new_id,
        interval=interval,
        operation=Operation.PREVIEW,
    )
