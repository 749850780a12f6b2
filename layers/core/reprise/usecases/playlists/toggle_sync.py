"""Switch a playlist's schedule on or off, and say what becomes of its list on the server (`S1-29`, `S1x-15`, `S1x-16`).

delete:  switched off ─▶ job queued ─▶ … ─▶ the list is gone        a queue that refuses leaves it off: ask again
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import InvalidInput
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.usecases.playlists.request_sync import request_sync
from reprise.usecases.playlists.set_enabled import set_enabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggled:
    """The playlist as it is now; `job` deletes its list on the server, None when that stays."""

    playlist: Playlist
    job: SyncJob | None


def toggle_sync(
    *,
    user_id: str,
    playlist_id: str,
    enabled: bool,
    delete_remote: bool,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    new_job_id: NewId,
    interval: timedelta,
) -> Toggled:
    """Raises `InvalidInput` for switching on and deleting at once, `NotFound`, and `QueueRefused`.

    While a sync runs the deletion waits until it is done.
    """
    if enabled and delete_remote:
        raise InvalidInput("navidrome_action", "The list can only be deleted when the playlist is switched off.")
    playlist = set_enabled(
        user_id=user_id, playlist_id=playlist_id, enabled=enabled, playlists=playlists, clock=clock, new_id=new_id
    )
    if not delete_remote:
        return Toggled(playlist=playlist, job=None)
    job = request_sync(
        user_id=user_id,
        playlist_id=playlist_id,
        playlists=playlists,
        queue=queue,
        clock=clock,
        new_id=new_job_id,
        interval=interval,
        operation=Operation.DELETE_REMOTE,
    )
    return Toggled(playlist=playlist, job=job)
