"""What is to be written, checked before the first request; and how a list of ours is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

from reprise.domain.failures import FailureKind, Scope
from reprise.ports.targets import ListToWrite, RemotePlaylist
from reprise.targets.subsonic.comment import COMMENT_MAX_BYTES, same_comment, with_marker, with_missing
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.shapes import text

# Go's form parser takes 10,000 parameters a request (Navidrome, gonic); seven are ours, and some room is left.
SONGS_MAX = 9_950
# Navidrome takes 10 MiB.
BODY_MAX_BYTES = 9 * 1024 * 1024
NAME_MAX = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOrder(ListToWrite):
    """A list to write that a server can take. `on_identified`: see `MusicServer.write_playlist`."""

    on_identified: Callable[[str], None]

    @property
    def comment(self) -> str:
        """The comment of a list that we made."""
        return with_missing(self.marker, self.missing)

    def comment_instead(self, comment: str) -> str | None:
        """What goes in the place of `comment`; None where it stays.

        It stays where it is right, and where its owner took the marker out of it.
        """
        marked = with_marker(comment, self.marker) if self.taken_up and not self.marks(comment) else comment
        wanted = with_missing(marked, self.missing)
        return wanted if self.marks(wanted) and not same_comment(comment, wanted) else None

    @property
    def name_while_made(self) -> str:
        suffix = f" [{self.marker}]"
        return self.name[: NAME_MAX - len(suffix)] + suffix

    def marks(self, comment: str) -> bool:
        """True where `comment` holds the marker whole, and not merely as a part of a longer word."""
        return re.search(rf"(?<![\w:-]){re.escape(self.marker)}(?![\w:-])", comment) is not None

    def names_as_made(self, name: str) -> bool:
        return name.rstrip().endswith(f"[{self.marker}]")

    def ours(self, remote: RemotePlaylist) -> bool:
        return self.marks(remote.comment) or self.names_as_made(remote.name)


def write_order(wanted: ListToWrite, *, on_identified: Callable[[str], None]) -> WriteOrder:
    """The order, checked. Raises `ValueError` for an empty one, `SyncFailure(TOO_LARGE)` for one that cannot fit."""
    clean_name = " ".join(text(wanted.name, len(wanted.name)).split())
    if not clean_name or not wanted.marker or not wanted.song_ids or not all(wanted.song_ids):
        raise ValueError("a playlist to write needs a name, a marker and songs")
    order = WriteOrder(
        name=clean_name,
        marker=wanted.marker,
        song_ids=wanted.song_ids,
        remote_id=wanted.remote_id,
        missing=wanted.missing,
        taken_up=wanted.taken_up,
        on_identified=on_identified,
    )
    too_large = ""
    if len(order.song_ids) > SONGS_MAX:
        too_large = f"The music server takes {SONGS_MAX:,} songs in one request, and this playlist has more."
    elif sum(len(quote_plus(song_id)) + len("&songId=") for song_id in order.song_ids) > BODY_MAX_BYTES:
        too_large = "The ids of these songs do not fit in one request."
    elif len(clean_name) > NAME_MAX:
        too_large = f"The playlist's name is longer than {NAME_MAX} characters."
    elif len(order.marker) > COMMENT_MAX_BYTES - len(" []"):
        too_large = "The playlist's marker is too long."
    if too_large:
        raise SubsonicFailure(FailureKind.TOO_LARGE, too_large, scope=Scope.PLAYLIST)
    return order
