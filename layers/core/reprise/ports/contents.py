"""What is too large for a table: uploads, caches, reports, previews, library indexes. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import SourcePlaylist
from reprise.domain.previews import Preview


class SourceContentStore(Protocol):
    """Uploaded playlists, as parsed. A locator names the content by its place and digest: equal ones, equal locator."""

    def save(self, user_id: str, playlist: SourcePlaylist, *, place: str = "") -> str:
        """Returns the locator. `place` is the id of the playlist that alone has this content, with whatever else tells
        this copy from others; "" is the place that all share.
        """
        ...

    def renew(self, user_id: str, playlist: SourcePlaylist, locator: str) -> bool:
        """Write again what `locator` names, should it have been lost. False, and nothing written, for other content."""
        ...

    def drop(self, user_id: str, locator: str) -> None:
        """Delete content that has a place of its own; what is not there is fine, and what is shared stays."""
        ...

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCache:
    """What a source last said of a playlist, and how to ask it only for news.

    `etag` and `last_modified` are as the source sent them, "" where it sent none. `version` and `content` (a locator
    of `SourceContentStore`) are what the playlist was at `fetched_at`. `not_before` is when the source wants to be
    asked again at the earliest, None for at once.
    """

    etag: str
    last_modified: str
    version: str
    content: str
    fetched_at: datetime
    not_before: datetime | None = None


class SourceCacheStore(Protocol):
    """What sources remember between runs, per user: the same locator is asked for each of them by itself.

    `kind` is the source's, `locator` its own name for the playlist; it may hold a secret, so no store tells it on.
    """

    def get(self, user_id: str, kind: str, locator: str) -> SourceCache | None: ...

    def put(self, user_id: str, kind: str, locator: str, cache: SourceCache) -> None:
        """Replaces what was there."""
        ...


class ReportStore(Protocol):
    def save(self, user_id: str, report: MatchReport) -> None: ...

    def load(self, user_id: str, playlist_id: str, report_id: str) -> MatchReport | None: ...

    def remove(self, user_id: str, reports: Sequence[tuple[str, str]]) -> None:
        """Delete reports by playlist and id; one that is not there is fine. Raises `OSError` when some were kept."""
        ...


class PreviewStore(Protocol):
    """What a sync would do, one per playlist: the newest replaces the one before."""

    def save(self, user_id: str, playlist_id: str, preview: Preview) -> None: ...

    def load(self, user_id: str, playlist_id: str) -> Preview | None: ...


class PersonalFiles(Protocol):
    """Everything that the stores of contents, caches, reports, previews and library indexes keep of one person."""

    def forget(self, user_id: str) -> None:
        """Delete all of it; what is not there is fine."""
        ...

    def forget_playlist(self, user_id: str, playlist_id: str) -> None:
        """Delete the reports, the preview and the files of one playlist. Contents that are shared stay."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryHead:
    """What is known of a stored library index without loading it. `version` is a digest of its content."""

    version: str
    stamp: str
    song_count: int
    checked_at: datetime


class LibraryIndexStore(Protocol):
    """Encoded library indexes, one current per user and server. The bytes are the matcher's business."""

    def head(self, user_id: str, server_url: str) -> LibraryHead | None: ...

    def load(self, user_id: str, server_url: str, version: str) -> bytes | None:
        """None when that version is no longer there."""
        ...

    def save(self, user_id: str, server_url: str, head: LibraryHead, data: bytes | None) -> None:
        """Make `head` the current one, atomically. `data` None: the version is already stored, only the head moves."""
        ...
