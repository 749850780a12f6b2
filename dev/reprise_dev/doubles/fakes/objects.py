"""Uploaded playlists, what sources remember, match reports and library indexes in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import SourcePlaylist
from reprise.domain.previews import Preview
from reprise.ports.contents import LibraryHead, SourceCache


class MemorySourceContents:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], SourcePlaylist] = {}

    def save(self, user_id: str, playlist: SourcePlaylist, *, place: str = "") -> str:
        locator = f"{place}/{_digest(playlist)}".removeprefix("/")
        self._rows[user_id, locator] = playlist
        return locator

    def renew(self, user_id: str, playlist: SourcePlaylist, locator: str) -> bool:
        if locator.rpartition("/")[2] != _digest(playlist):
            return False
        self._rows[user_id, locator] = playlist
        return True

    def drop(self, user_id: str, locator: str) -> None:
        if "/" in locator:
            self._rows.pop((user_id, locator), None)

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None:
        return self._rows.get((user_id, locator))

    def forget(self, user_id: str, locator: str) -> None:
        """Arrange a test: that content is no longer there."""
        self._rows.pop((user_id, locator), None)


def _digest(playlist: SourcePlaylist) -> str:
    return hashlib.sha256(repr(playlist).encode()).hexdigest()


class MemorySourceCaches:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], SourceCache] = {}

    def get(self, user_id: str, kind: str, locator: str) -> SourceCache | None:
        return self._rows.get((user_id, kind, locator))

    def put(self, user_id: str, kind: str, locator: str, cache: SourceCache) -> None:
        self._rows[user_id, kind, locator] = cache


class MemoryReports:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], MatchReport] = {}

    def save(self, user_id: str, report: MatchReport) -> None:
        self._rows[user_id, report.playlist_id, report.report_id] = report

    def load(self, user_id: str, playlist_id: str, report_id: str) -> MatchReport | None:
        return self._rows.get((user_id, playlist_id, report_id))

    def kept(self) -> frozenset[tuple[str, str, str]]:
        """User, playlist and id of every report, for a test to look at."""
        return frozenset(self._rows)

    def remove(self, user_id: str, reports: Sequence[tuple[str, str]]) -> None:
        for playlist_id, report_id in reports:
            self._rows.pop((user_id, playlist_id, report_id), None)


class MemoryPreviews:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Preview] = {}

    def save(self, user_id: str, playlist_id: str, preview: Preview) -> None:
        self._rows[user_id, playlist_id] = preview

    def load(self, user_id: str, playlist_id: str) -> Preview | None:
        return self._rows.get((user_id, playlist_id))


class MemoryLibraryIndexes:
    """Keeps every version; `forget` plays the clean-up of old ones."""

    def __init__(self) -> None:
        self._heads: dict[tuple[str, str], LibraryHead] = {}
        self._data: dict[tuple[str, str, str], bytes] = {}
        self._lock = threading.Lock()

    def head(self, user_id: str, server_url: str) -> LibraryHead | None:
        with self._lock:
            return self._heads.get((user_id, server_url))

    def load(self, user_id: str, server_url: str, version: str) -> bytes | None:
        with self._lock:
            return self._data.get((user_id, server_url, version))

    def save(self, user_id: str, server_url: str, head: LibraryHead, data: bytes | None) -> None:
        with self._lock:
            if data is not None:
                self._data[user_id, server_url, head.version] = data
            self._heads[user_id, server_url] = head

    def forget(self, user_id: str, server_url: str, version: str) -> None:
        """Arrange a test: that version is no longer there."""
        with self._lock:
            self._data.pop((user_id, server_url, version), None)
