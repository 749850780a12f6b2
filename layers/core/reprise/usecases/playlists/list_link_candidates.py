"""Which lists on the music server a playlist could be linked to (`S1x-17`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import Playlist
from reprise.ports.clock import Clock
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import PlaylistStore
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.connections.open_account import AccountPorts, open_account
from reprise.usecases.playlists.read_playlist import read_playlist

LOOKS = Limit(attempts=60, window=timedelta(hours=1))
"""For each person; each look asks their server while they wait."""

WARNING = "Everything in the list that you link to is replaced by this playlist."
NONE_FREE = "There is no list on your music server to link to: none is your own, writable and not yet kept by Reprise."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCandidates:
    """`message` is "" unless there are none."""

    candidates: tuple[RemotePlaylist, ...]
    message: str


def list_link_candidates(
    *,
    user_id: str,
    playlist_id: str,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    account: AccountPorts,
    clock: Clock,
) -> LinkCandidates:
    """As it is on the server now. Raises `NotFound`, `TooManyAttempts`, `Conflict` and `SyncFailure`."""
    read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    limit_attempts(f"link:{user_id}", LOOKS, attempts=attempts, now=clock())
    kept = playlists.of_user(user_id)
    with open_account(user_id, account) as server:
        free = tuple(row for row in server.playlists() if row.writable and kept_by(row, kept) is None)
    return LinkCandidates(candidates=tuple(sorted(free, key=_by_name)), message="" if free else NONE_FREE)


def kept_by(remote: RemotePlaylist, playlists: Iterable[Playlist]) -> Playlist | None:
    """The playlist that keeps this list in step, by its id or, while the id is not known yet, by its mark; else None.

    A list whose playlist was removed, or let go of it, bears an old mark and is free.
    """
    marks: Sequence[str] = f"{remote.comment} {remote.name}".split()
    for playlist in playlists:
        if playlist.remote_id == remote.remote_id or (playlist.remote_id is None and playlist.marker in marks):
            return playlist
    return None


def _by_name(row: RemotePlaylist) -> tuple[str, str]:
    return row.name.casefold(), row.remote_id
