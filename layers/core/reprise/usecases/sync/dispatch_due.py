"""Queue what the schedule wants now. Knows no provider and reads nothing but the `due` index (`S1-09`)."""

from __future__ import annotations

from datetime import datetime

from reprise.domain.jobs import jobs_for_tick
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue


def dispatch_due(*, tick: datetime, playlists: PlaylistStore, queue: JobQueue) -> int:
    """Queue one job per user and 200 playlists for all that is due at `tick`; returns how many.

    The same tick delivered twice queues the same job ids. Raises `QueueRefused`: then the whole tick is repeated.
    """
    return queue.put(jobs_for_tick(playlists.due(tick), tick=tick))
