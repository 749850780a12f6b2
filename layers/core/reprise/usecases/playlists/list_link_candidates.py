"""Which lists on the music server a playlist could be linked to (`S1x-17`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import Playlist
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.ports import CandidatePorts
from reprise.usecases.playlists.read_playlist import read_playlist

# For each person; each look asks their server while they wait.
LOOKS = Limit(attempts=60, window=timedelta(hours=1))

WARNING = "Everything in the list that you link to is replaced by this playlist."
NONE_FREE = "There is no list on your music server to link to: none is your own, writable and not yet kept by Reprise."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCandidates:
    """`message` is "" unless there are none."""

    candidates: tuple[RemotePlaylist, ...]
    message: str


def list_link_candidates(user_id: str, playlist_id: str, ports: CandidatePorts) -> LinkCandidates:
    """Returns the lists as they are on the server now. Raises `NotFound`, `TooManyAttempts`, `Conflict` when the
    person has to sign in first, and `SyncFailure`.
    """
    read_playlist(user_id, playlist_id, ports.playlists)
    limit_attempts(f"link:{user_id}", LOOKS, attempts=ports.attempts, now=ports.clock())
    kept = ports.playlists.of_user(user_id)
    with ports.open_account(user_id) as server:
        free = tuple(row for row in server.playlists() if row.writable and kept_by(row, kept) is None)
    return LinkCandidates(candidates=tuple(sorted(free, key=_by_name)), message="" if free else NONE_FREE)


def kept_by(remote: RemotePlaylist, playlists: Iterable[Playlist]) -> Playlist | None:
    """Returns the playlist that keeps this list in step, else None. It is known by its id or, while that is not known
    yet, by its mark.

    A list whose playlist was removed, or let go of it, bears an old mark and is free.
    """
    marks: Sequence[str] = f"{remote.comment} {remote.name}".split()
    for playlist in playlists:
        if playlist.remote_id == remote.remote_id or (playlist.remote_id is None and playlist.marker in marks):
            return playlist
    return None


def _by_name(row: RemotePlaylist) -> tuple[str, str]:
    return row.name.casefold(), row.remote_id
