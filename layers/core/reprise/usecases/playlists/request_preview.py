"""Ask what a sync would change, without its changing anything."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.limits import Limit, limit_attempts
from reprise.usecases.playlists.ports import RequestPorts
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import queue_job

# For each person: a preview matches everything, whether or not anything changed.
PREVIEWS = Limit(attempts=60, window=timedelta(hours=1))


def request_preview(user_id: str, playlist_id: str, ports: RequestPorts) -> SyncJob:
    """Returns the queued job; the preview that it makes bears its id.

    Raises `NotFound`, `TooManyAttempts` and `QueueRefused`.
    """
    limit_attempts(f"preview:{user_id}", PREVIEWS, attempts=ports.attempts, now=ports.clock())
    return queue_job(read_playlist(user_id, playlist_id, ports.playlists), ports, operation=Operation.PREVIEW)
