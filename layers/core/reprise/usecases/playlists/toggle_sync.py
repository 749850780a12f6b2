"""Switch a playlist's schedule on or off, and say what becomes of its list on the server (`S1-29`, `S1x-15`, `S1x-16`).

delete:  switched off ─▶ job queued ─▶ … ─▶ the list is gone        a queue that refuses leaves it off: ask again
"""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import InvalidInput
from reprise.usecases.playlists.change_settings import change_settings
from reprise.usecases.playlists.ports import RequestPorts
from reprise.usecases.playlists.request_sync import limit_requests, queue_job


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggled:
    """The playlist as it is now; `job` deletes its list on the server, None when that stays."""

    playlist: Playlist
    job: SyncJob | None


def toggle_sync(user_id: str, playlist_id: str, ports: RequestPorts, *, enabled: bool, delete_remote: bool) -> Toggled:
    """Switches the schedule, and queues the deletion of the list where that is asked for.

    Raises `InvalidInput` for switching on and deleting at once, `NotFound`, and, where the list is to be deleted,
    `TooManyAttempts`: then nothing was changed. Raises `QueueRefused` too. While a sync runs the deletion waits until
    it is done.
    """
    if enabled and delete_remote:
        raise InvalidInput("navidrome_action", "The list can only be deleted when the playlist is switched off.")
    if delete_remote:
        limit_requests(user_id, ports)
    playlist = change_settings(user_id, playlist_id, {"enabled": enabled}, ports)
    job = queue_job(playlist, ports, operation=Operation.DELETE_REMOTE) if delete_remote else None
    return Toggled(playlist=playlist, job=job)
