"""Where playlists come from."""

from __future__ import annotations

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
