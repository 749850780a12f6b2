"""Have an index of the person's library that is as new as it needs to be, and never worse than the one before.

    stamp equal ─────────────────────────────▶ keep                 one request
    scanning, and there is an index ─────────▶ keep, look again     one request
    otherwise enumerate ─▶ trustworthy? ─ no ─▶ enumerate once more ─ still no ─▶ keep the old one, say so
                               └ yes ─▶ same content? ─ yes ─▶ keep, remember the stamp
                                              └ no ─▶ store, then move the head

An enumeration is not trusted at sight: Navidrome answers `search3` with an empty page when its database
fails, and a music disk that is not mounted looks like an empty library.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.matching.index import IndexFormatError, LibraryIndex, build_index, decode_index
from reprise.ports.contents import LibraryHead, LibraryIndexStore
from reprise.ports.targets import LibraryStamp, MusicServer

log = logging.getLogger(__name__)

# A library that lost more than a tenth at once is suspected of not having been read whole.
KEPT_SHARE = 0.9
# How long an index serves when the server offers nothing to tell a change by.
UNSTAMPED_MAX_AGE = timedelta(days=1)


class Library:
    """One user's library during one job: checked once, loaded when a playlist first needs it.

    `asked_by_person` believes a shrunken library sooner; `afresh` reads it even where nothing seems to have changed.
    """

    def __init__(
        self,
        *,
        user_id: str,
        server_url: str,
        server: MusicServer,
        indexes: LibraryIndexStore,
        now: datetime,
        asked_by_person: bool,
        afresh: bool = False,
    ) -> None:
        self._user_id = user_id
        self._server_url = server_url
        self._server = server
        self._indexes = indexes
        self._now = now
        self._asked_by_person = asked_by_person
        self._afresh = afresh
        self._head: LibraryHead | None = None
        self._index: LibraryIndex | None = None

    def version(self, on_progress: Callable[[int], None]) -> str:
        """The version of the library to match against, after looking whether it changed. Raises `SyncFailure`."""
        if self._head is None:
            self._head = self._refresh(on_progress)
        return self._head.version

    def index(self, on_progress: Callable[[int], None]) -> LibraryIndex:
        """The index itself; loaded from the store at the first call. Raises `SyncFailure`."""
        version = self.version(on_progress)
        if self._index is None:
            self._index = self._load(version)
        if self._index is None:
            self._head = self._enumerate(self._server.library_stamp(), None, on_progress)
        if self._index is None:
            raise SyncFailure(FailureKind.INTERNAL, "The library index could not be loaded.")
        return self._index

    def forget_stamp(self) -> None:
        """Make the next job enumerate again: the server did not know a song this index named."""
        if self._head is not None and self._head.stamp:
            self._head = replace(self._head, stamp="")
            self._indexes.save(self._user_id, self._server_url, self._head, None)

    def _load(self, version: str) -> LibraryIndex | None:
        data = self._indexes.load(self._user_id, self._server_url, version)
        if data is None:
            return None
        try:
            return decode_index(data)
        except IndexFormatError:
            log.info("stored library index has another format: building it afresh")
            return None

    def _refresh(self, on_progress: Callable[[int], None]) -> LibraryHead:
        head = self._indexes.head(self._user_id, self._server_url)
        stamp = self._server.library_stamp()
        if head is not None and not self._afresh and self._still_good(head, stamp):
            return head
        return self._enumerate(stamp, head, on_progress)

    def _still_good(self, head: LibraryHead, stamp: LibraryStamp) -> bool:
        if stamp.value and stamp.value == head.stamp:
            return True
        if stamp.scanning:
            log.info("the music server is scanning: keeping the library index until it is done")
            return True
        unstamped = not stamp.value and not self._asked_by_person
        return unstamped and self._now - head.checked_at < UNSTAMPED_MAX_AGE

    def _enumerate(
        self, stamp: LibraryStamp, head: LibraryHead | None, on_progress: Callable[[int], None]
    ) -> LibraryHead:
        index = build_index(self._server.songs(on_progress))
        after = self._server.library_stamp()
        if not self._trustworthy(index, stamp, after, head):
            again = build_index(self._server.songs(on_progress))
            after = self._server.library_stamp()
            agreed = again.version == index.version
            index = max(index, again, key=len)
            if head is not None and not self._acceptable(index, after, head, agreed=agreed):
                log.warning(
                    "library looks much smaller than before: keeping the index",
                    extra={"before": head.song_count, "now": len(index)},
                )
                return head
        if len(index) == 0 and after.scanning:
            raise SyncFailure(
                FailureKind.SERVER_ERROR, "The music server is still reading its music for the first time."
            )
        return self._keep(index, after, head)

    @staticmethod
    def _trustworthy(index: LibraryIndex, before: LibraryStamp, after: LibraryStamp, head: LibraryHead | None) -> bool:
        if before.value != after.value:
            return False
        if after.song_count is not None and len(index) == after.song_count > 0:
            return True
        if head is None:
            return after.song_count is None
        return len(index) >= head.song_count * KEPT_SHARE

    def _acceptable(self, index: LibraryIndex, after: LibraryStamp, head: LibraryHead, *, agreed: bool) -> bool:
        if len(index) >= head.song_count * KEPT_SHARE:
            return True
        if len(index) == 0:
            return False
        return agreed and (len(index) == after.song_count or self._asked_by_person)

    def _keep(self, index: LibraryIndex, stamp: LibraryStamp, head: LibraryHead | None) -> LibraryHead:
        unchanged = head is not None and head.version == index.version
        new = LibraryHead(
            version=index.version,
            stamp="" if stamp.scanning else stamp.value,
            song_count=len(index),
            checked_at=self._now,
        )
        self._indexes.save(self._user_id, self._server_url, new, None if unchanged else index.encode())
        self._index = index
        return new
