"""Which thresholds hold for a person."""

from __future__ import annotations

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.thresholds import Thresholds
from reprise.ports.connections import ConnectionStore


def read_thresholds(user_id: str, connections: ConnectionStore, *, instance: float) -> Thresholds:
    """Returns the person's own threshold beside the instance's: `instance` is what holds for whoever set nothing."""
    connection = connections.get(user_id, MUSIC_SERVER)
    return Thresholds(user=connection.match_threshold if connection else None, instance=instance)
