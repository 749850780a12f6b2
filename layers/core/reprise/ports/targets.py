"""Music servers: where playlists are kept in step. Every method raises `SyncFailure` with the kind that fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from reprise.domain.connections import SignInWay
from reprise.domain.failures import UNNAMED_SERVER
from reprise.domain.tracks import LibraryTrack, SourceTrack


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """Who answered: `product` is the server's `type` in lower case ("navidrome"), "" where it does not say.

    `admin` is None where the server does not tell. `username` is the account's name as the server spells it, "" where
    it does not tell: servers that take names in any case (Navidrome) still know one spelling of each. `sign_in_way` is
    how the account was let in.
    """

    product: str
    version: str
    admin: bool | None
    username: str = ""
    sign_in_way: SignInWay = SignInWay.TOKEN

    @property
    def display_name(self) -> str:
        """What a person calls it; "Music server" for one that does not say."""
        return _DISPLAY_NAMES.get(self.product, self.product.title() or UNNAMED_SERVER)


_DISPLAY_NAMES = {
    "navidrome": "Navidrome",
    "gonic": "gonic",
    "lms": "LMS",
    "ampache": "Ampache",
    "airsonic": "Airsonic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryStamp:
    """The cheapest proof that a library did or did not change: equal stamps mean unchanged, others prove nothing.

    `value` is opaque, "" when the server offers nothing to compare (then it may always have changed).
    `song_count` is the server's own count of songs, None where it does not say; `scanning` while it reads its disk.
    """

    value: str
    song_count: int | None
    scanning: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePlaylist:
    """A list on the server. `writable` is False for smart, file-synced and other people's lists."""

    remote_id: str
    name: str
    owner: str
    song_count: int
    writable: bool
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListToWrite:
    """What a list on the server is to be, in every part.

    `remote_id` is the list that we know of, None before the first write. `missing` are tracks it cannot hold: they are
    named in its comment beside the marker, as many as have room. `taken_up` is for the first write to a list that was
    the person's own: it is marked as ours. After that, a list without the marker keeps its name and its comment:
    somebody took it away.
    """

    name: str
    marker: str
    song_ids: tuple[str, ...]
    remote_id: str | None
    missing: tuple[SourceTrack, ...] = ()
    taken_up: bool = False


class WriteStatus(StrEnum):
    UNCHANGED = "unchanged"
    # It holds the songs it held; its name or its comment is another one.
    DESCRIBED = "described"
    UPDATED = "updated"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """What a write ended in. `dropped` are the song ids the server did not keep: it no longer knows them."""

    remote_id: str
    status: WriteStatus
    dropped: tuple[str, ...] = ()


class MusicServer(Protocol):
    """One person's account on one music server."""

    @property
    def requests(self) -> int:
        """How many requests it has been sent so far, repeated ones included."""
        ...

    def check(self) -> ServerInfo:
        """Proves that the credentials work, by reading playlists as them (`ping` alone proves nothing)."""
        ...

    def library_stamp(self) -> LibraryStamp:
        """What `songs` would be read from now. One request at most on servers that support it."""
        ...

    def songs(self, on_progress: Callable[[int], None]) -> Iterator[LibraryTrack]:
        """Every song the account may see, each once. `on_progress` is told how many so far."""
        ...

    def playlists(self) -> Sequence[RemotePlaylist]:
        """Every list the account can see."""
        ...

    def playlist_songs(self, remote_id: str) -> tuple[str, ...]:
        """The song ids of one list in order. `SyncFailure(NOT_FOUND)` for an unknown id."""
        ...

    def write_playlist(self, wanted: ListToWrite, *, on_identified: Callable[[str], None]) -> WriteResult:
        """Make the list equal `wanted`, its songs in order, without its ever being half, empty or double.

        Idempotent, and safe to run again after a crash at any point. `on_identified` is called with the list's id as
        soon as it is known and differs from `wanted.remote_id`, before anything further is written: save it there.
        Raises `ValueError` for an empty list, and `SyncFailure(TOO_LARGE)` before the first request when it cannot fit.
        """
        ...

    def delete_playlist(self, remote_id: str) -> None:
        """Delete a list; one that is already gone is fine."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...
