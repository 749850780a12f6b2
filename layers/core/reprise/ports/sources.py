"""Where playlists come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from reprise.domain.playlists import SourcePlaylist, SourceRef


class InvalidUpload(Exception):
    """An uploaded file that cannot be read. `where` names the line or field ("line 3", "track[2].title"), or "".

    The message is one sentence for a person, in our own words.
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


class PlaylistSource(Protocol):
    """One kind of source (`S1x-66`). Raises `SyncFailure` with the kind that fits."""

    @property
    def names_playlists(self) -> bool:
        """Whether a playlist may get another name there. An uploaded file has the one it came with."""
        ...

    def current_version(self, user_id: str, ref: SourceRef) -> str | None:
        """The version of the content as it is now, or None when only reading tells. Cheap: at most one call."""
        ...

    def read(self, user_id: str, ref: SourceRef) -> SourcePlaylist:
        """The whole playlist, order and repetitions kept."""
        ...


class PlaylistFileReader(Protocol):
    """Reads an uploaded playlist file of any supported format."""

    def parse(self, data: bytes, *, filename: str, content_type: str) -> tuple[SourcePlaylist, str]:
        """The playlist and its format's label ("JSPF", "CSV (Exportify)").

        `filename` and `content_type` are hints and may be "". The playlist's name is "" when the file has none.
        Raises `InvalidUpload` for malformed, oversized, hostile or empty files.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlaylist:
    """A playlist as it is at an address now. Nothing of it is stored yet.

    `name` is what its place calls it, for a playlist that does not name itself; "" where that says nothing.
    `host` is all of the address that may be shown. `etag` and `last_modified` are what `SourceCache` says of them.
    """

    url: str = field(repr=False)
    host: str
    content: SourcePlaylist
    format: str
    name: str
    etag: str = ""
    last_modified: str = ""


class PlaylistFinder(Protocol):
    """Takes up playlists by their address: look first, keep what was found once it can be used."""

    def find(self, url: str) -> FoundPlaylist:
        """What is at `url`. Stores nothing.

        Raises `InvalidUpload` for a file that cannot be read, and `SyncFailure` when there is none to read:
        `misconfigured` where the address itself cannot be used.
        """
        ...

    def keep(self, user_id: str, found: FoundPlaylist) -> SourceRef:
        """Store what was found, so that the next look costs nothing while it does not change."""
        ...
