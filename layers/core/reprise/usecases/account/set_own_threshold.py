"""Say how sure a match has to be: for all of one's playlists that do not say so themselves."""

from __future__ import annotations

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.refusals import Conflict
from reprise.domain.thresholds import check_threshold
from reprise.ports.connections import ConnectionStore


def set_own_threshold(user_id: str, threshold: float | None, connections: ConnectionStore) -> float | None:
    """Returns the person's threshold as it is kept, None for none; each playlist follows at its next sync.

    It stands beside their account on the music server, which every sync reads anyway. Raises `InvalidInput`, and
    `Conflict` where there is no such account: then there is nothing to match with either.
    """
    wanted = check_threshold("threshold", threshold)
    if not connections.set_match_threshold(user_id, MUSIC_SERVER, wanted):
        raise Conflict("Sign in again first.")
    return wanted
