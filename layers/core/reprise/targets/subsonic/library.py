"""Reads a whole library, and tells as cheaply as the server allows whether it may have changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from reprise.domain.failures import FailureKind
from reprise.domain.tracks import LibraryTrack
from reprise.ports.targets import LibraryStamp
from reprise.targets.subsonic.answers import Answer
from reprise.targets.subsonic.client import SubsonicClient
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.shapes import as_list, flag, library_track, mapping, text, whole

log = logging.getLogger(__name__)

# LMS refuses more than 1,000; larger pages are no faster on Navidrome.
PAGE = 500
# A server that never stops naming new songs is broken or hostile.
SONGS_MAX = 2_000_000
_REPEATED_PAGES_MAX = 2
_ALL = ""
# How to ask for everything. Most take the empty query; some only a pair of quotes, which others take literally.
_ALL_QUOTED = '""'
# The year 2100. "What changed since then?" is answered with the time of the last change and no content.
_FAR_FUTURE_MS = 4_102_444_800_000
# Generic, parameter missing, not authorised, not found: all of them are somewhere said of a method.
_METHOD_NOT_OFFERED = (0, 10, 50, 70)
# Navidrome's time of the last scan before the first one ended.
_NEVER = "0001-"


def songs(client: SubsonicClient, on_progress: Callable[[int], None]) -> Iterator[LibraryTrack]:
    """Every song the account may see, each once, in the server's order. Raises `SubsonicFailure`.

    Only an empty page ends it, and only one that is still empty when asked for again: Navidrome answers with an
    empty page when its database fails, and some servers fill pages only in part.
    """
    seen: set[str] = set()
    offset = repeated = 0
    query = _ALL
    page = _page(client, query, offset)
    if not page:
        query = _ALL_QUOTED
        page = _page(client, query, offset)
    while page or (offset and (page := _page(client, query, offset))):
        fresh = [track for track in _tracks(page) if track.id not in seen]
        seen.update(track.id for track in fresh)
        repeated = 0 if fresh else repeated + 1
        if repeated == _REPEATED_PAGES_MAX or len(seen) > SONGS_MAX:
            raise SubsonicFailure(
                FailureKind.MALFORMED_RESPONSE, "The server's list of songs does not end: it repeats itself."
            )
        yield from {track.id: track for track in fresh}.values()
        on_progress(len(seen))
        offset += len(page)
        page = _page(client, query, offset)


def _tracks(page: list[object]) -> Iterator[LibraryTrack]:
    for value in page:
        track = library_track(value)
        if track is not None:
            yield track


def _page(client: SubsonicClient, query: str, offset: int, size: int = PAGE) -> list[object]:
    answer = client.call(
        "search3",
        [
            ("query", query),
            ("artistCount", "0"),
            ("albumCount", "0"),
            ("songCount", str(size)),
            ("songOffset", str(offset)),
        ],
    )
    return as_list(mapping(answer.get("searchResult3")).get("song"))


def prove_search(client: SubsonicClient) -> None:
    """Raises `SubsonicFailure` where the account cannot search."""
    _page(client, _ALL, 0, size=1)


class Stamps:
    """Finds out once what this server offers to tell a change by, then asks for that alone."""

    def __init__(self, client: SubsonicClient) -> None:
        self._client = client
        self._scan_status = True
        self._indexes = True

    def take(self) -> LibraryStamp:
        """The stamp of the library as it is now. Raises `SubsonicFailure`."""
        status = LibraryStamp(value="", song_count=None, scanning=False)
        if self._scan_status:
            status, told = self._from_scan_status()
            if told or status.scanning:
                return status
        value = self._from_indexes() if self._indexes else ""
        return LibraryStamp(value=value, song_count=status.song_count, scanning=False)

    def _from_scan_status(self) -> tuple[LibraryStamp, bool]:
        """What `getScanStatus` tells, and whether that is enough.

        Supysonic answers it for administrators only, and then with an error unless its daemon runs.
        """
        answer = self._optional("getScanStatus")
        if answer is None:
            self._scan_status = False
            return LibraryStamp(value="", song_count=None, scanning=False), False
        status = mapping(answer.get("scanStatus"))
        last_scan = text(status.get("lastScan"))
        count = whole(status.get("count"))
        if flag(status.get("scanning")):
            # The count is a counter of progress now, and equal stamps would prove nothing.
            return LibraryStamp(value="", song_count=None, scanning=True), True
        if not last_scan or last_scan.startswith(_NEVER):
            # Supysonic says 0 whatever it holds.
            return LibraryStamp(value="", song_count=count or None, scanning=False), bool(last_scan)
        value = f"scan {last_scan} {count} {self._client.server_version}"
        return LibraryStamp(value=value, song_count=count, scanning=False), True

    def _from_indexes(self) -> str:
        answer = self._optional("getIndexes", [("ifModifiedSince", str(_FAR_FUTURE_MS))])
        modified = text(mapping((answer or {}).get("indexes")).get("lastModified"))
        self._indexes = bool(modified)
        return f"indexes {modified} {self._client.server_version}" if modified else ""

    def _optional(self, method: str, params: list[tuple[str, str]] | None = None) -> Answer | None:
        """The answer, or None where this server or this account does not offer `method`."""
        try:
            return self._client.call(method, params or [])
        except SubsonicFailure as failure:
            if not offered_no_answer(failure):
                raise
            log.info("music server does not offer a method", extra={"method": method, "code": failure.code})
            return None


def offered_no_answer(failure: SubsonicFailure) -> bool:
    """True for a refusal of one optional method, as against a failure of the account or the connection."""
    if failure.from_api:
        return failure.code in _METHOD_NOT_OFFERED and not failure.retry_now
    return failure.status in (404, 405, 410, 501)
