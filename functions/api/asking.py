"""What every use case that queues work is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from api.parts import parts

if TYPE_CHECKING:
    from datetime import timedelta

    from reprise.ports.clock import Clock, NewId
    from reprise.ports.playlists import PlaylistStore
    from reprise.ports.queues import JobQueue


class Changing(TypedDict):
    """For a change that leaves an audit event."""

    playlists: PlaylistStore
    clock: Clock
    new_id: NewId


class Queueing(TypedDict):
    """For work that is done elsewhere."""

    playlists: PlaylistStore
    queue: JobQueue
    clock: Clock
    interval: timedelta


def changing() -> Changing:
    return Changing(playlists=parts().playlists, clock=parts().clock, new_id=parts().new_id)


def queueing() -> Queueing:
    return Queueing(
        playlists=parts().playlists, queue=parts().jobs, clock=parts().clock, interval=parts().settings.interval
    )
