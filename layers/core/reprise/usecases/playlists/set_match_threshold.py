"""Say how sure a match has to be: for one playlist, or for all of one's own that do not say so themselves."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import Conflict, InvalidInput, NotFound
from reprise.domain.thresholds import DECIMALS
from reprise.ports.clock import Clock, NewId
from reprise.ports.connections import ConnectionStore
from reprise.ports.playlists import PlaylistStore
from reprise.usecases.playlists.read_playlist import read_playlist


def set_playlist_threshold(
    *, user_id: str, playlist_id: str, threshold: float | None, playlists: PlaylistStore, clock: Clock, new_id: NewId
) -> Playlist:
    """The playlist afterwards; the next sync matches it afresh. None: the person's own holds, else the instance's.

    Raises `InvalidInput` for what is no threshold, and `NotFound`.
    """
    wanted = _checked(threshold)
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.match_threshold == wanted:
        return playlist
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.SETTINGS_CHANGED,
        provider=playlist.source.kind,
        message=(
            "The playlist has no threshold of its own any more."
            if wanted is None
            else f"From the next sync on, a match needs a confidence of {wanted} or more."
        ),
        occurred_at=clock(),
        metadata={"setting": "match_threshold", "value": "" if wanted is None else wanted},
    )
    if not playlists.set_match_threshold(user_id, playlist_id, threshold=wanted, event=event):
        raise NotFound("There is no such playlist.")
    return replace(playlist, match_threshold=wanted)


def set_own_threshold(*, user_id: str, threshold: float | None, connections: ConnectionStore) -> float | None:
    """The person's threshold as it is kept, None for none of their own; each playlist follows at its next sync.

    It stands beside their account on the music server, which every sync reads anyway. Raises `InvalidInput`, and
    `Conflict` where there is no such account: then there is nothing to match with either.
    """
    wanted = _checked(threshold)
    if not connections.set_match_threshold(user_id, MUSIC_SERVER, wanted):
        raise Conflict("Sign in again first.")
    return wanted


def _checked(threshold: float | None) -> float | None:
    """Rounded to what tells thresholds apart."""
    if threshold is None:
        return None
    if not 0.0 <= threshold <= 1.0:
        raise InvalidInput("threshold", "This must be a number from 0 to 1.")
    return round(abs(float(threshold)), DECIMALS)  # JSON knows a negative zero, and whole numbers
