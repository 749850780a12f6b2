"""Go back to a list that was written earlier.

The schedule is switched off first, or the next tick would take the undo back.
"""

from __future__ import annotations

from reprise.domain.jobs import Operation, SyncJob
from reprise.domain.refusals import NotFound
from reprise.usecases.playlists.change_settings import apply_settings
from reprise.usecases.playlists.ports import RequestPorts
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import limit_requests, queue_job


def request_undo(user_id: str, playlist_id: str, report_id: str, ports: RequestPorts) -> SyncJob:
    """Returns the queued job, which waits while a sync runs.

    Raises `NotFound` for a list that is not in the playlist's history, and `TooManyAttempts`: then nothing was changed.
    Raises `QueueRefused` too. A queue that refuses leaves the playlist switched off; asking again is enough.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    if report_id not in {snapshot.report_id for snapshot in playlist.history}:
        raise NotFound("There is no such list in this playlist's history.")
    limit_requests(user_id, ports)
    off = apply_settings(playlist, {"enabled": False}, ports)
    return queue_job(off, ports, operation=Operation.UNDO, argument=report_id)
