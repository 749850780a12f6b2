"""The web source: a playlist is the file at an address, as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from pathlib import PurePosixPath

from reprise.domain.connections import of_host
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SourcePlaylist, SourceRef
from reprise.http.address import WebAddress
from reprise.ports.contents import SourceCache
from reprise.ports.sources import FoundPlaylist, InvalidUpload
from reprise.sources.dependencies import SourceDependencies
from reprise.sources.failures import source_failure
from reprise.sources.web.client import WebClient, WebFile
from reprise.sources.web.failures import unreadable
from reprise.sources.web.place import file_name, place

KIND = "web"
# How long a server's word that nothing changed is taken. Some give one ETag to everything, and Last-Modified knows
# only seconds; reading a file afresh once a week mends what they got wrong.
TRUST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A look at an address. `playlist` is None where the stored one is still right."""

    cache: SourceCache
    playlist: SourcePlaylist | None


class WebSource:
    """`PlaylistSource` and `PlaylistFinder`. `SourceRef.locator` is the address.

    An unchanged playlist costs one read of the store and one conditional request.
    """

    names_playlists = True

    def __init__(self, deps: SourceDependencies, *, client: WebClient | None = None) -> None:
        self._deps = deps
        self._client = client or WebClient(reach=deps.reach, clock=deps.clock)
        self._seen: dict[tuple[str, str], _Seen] = {}

    def current_version(self, user_id: str, ref: SourceRef) -> str:
        """Looks, and remembers what was seen for the `read` that may follow."""
        seen = self._look(user_id, ref.locator)
        self._seen[user_id, ref.locator] = seen
        return seen.cache.version

    def read(self, user_id: str, ref: SourceRef) -> SourcePlaylist:
        """What `current_version` saw, if that was asked just before; else what there is now."""
        seen = self._seen.pop((user_id, ref.locator), None) or self._look(user_id, ref.locator)
        if seen.playlist is not None:
            return seen.playlist
        stored = self._deps.contents.load(user_id, seen.cache.content)
        return stored or self._afresh(user_id, self._client.address(ref.locator))

    def find(self, url: str) -> FoundPlaylist:
        address = self._client.address(url)
        return self._parsed(address, self._client.fetch(address))

    def keep(self, user_id: str, found: FoundPlaylist) -> SourceRef:
        self._remember(user_id, found)
        address = self._client.address(found.url)
        return SourceRef(
            kind=KIND,
            locator=found.url,
            label=f"{found.format} from {place(address)}",
            version=found.content.version,
            connection_id=of_host(address.host),
        )

    def _look(self, user_id: str, url: str) -> _Seen:
        address = self._client.address(url)
        cache = self._deps.caches.get(user_id, KIND, url)
        if cache is None:
            found = self._understood(address, self._client.fetch(address))
            return _Seen(cache=self._remember(user_id, found), playlist=found.content)
        self._keep_away(address, cache)
        try:
            file = self._asked(address, cache)
        except SyncFailure as failure:
            self._note_wait(user_id, url, cache, failure)
            raise
        if file is None:
            return _Seen(cache=cache, playlist=None)
        found = self._understood(address, file)
        known = cache if _adds_nothing(found, cache) else self._remember(user_id, found)
        return _Seen(cache=known, playlist=found.content)

    def _asked(self, address: WebAddress, cache: SourceCache) -> WebFile | None:
        """The file, or None while it is the one in `cache`."""
        if self._deps.clock() - cache.fetched_at >= TRUST:
            return self._client.fetch(address)
        return self._client.fetch_if_changed(address, etag=cache.etag, last_modified=cache.last_modified)

    def _keep_away(self, address: WebAddress, cache: SourceCache) -> None:
        """A server that named a time is left alone until then, by whichever worker comes. Raises `SyncFailure`."""
        left = cache.not_before - self._deps.clock() if cache.not_before else timedelta()
        if left > timedelta():
            raise source_failure(
                FailureKind.RATE_LIMITED,
                of_host(address.host),
                "Until the time it named it is not asked again.",
                retry_after_s=ceil(left.total_seconds()),
            )

    def _note_wait(self, user_id: str, url: str, cache: SourceCache, failure: SyncFailure) -> None:
        if failure.retry_after_s and not failure.fatal:
            until = self._deps.clock() + timedelta(seconds=failure.retry_after_s)
            self._deps.caches.put(user_id, KIND, url, replace(cache, not_before=until))

    def _afresh(self, user_id: str, address: WebAddress) -> SourcePlaylist:
        """For content that is gone from the store, though the server says that it has not changed."""
        found = self._understood(address, self._client.fetch(address))
        self._remember(user_id, found)
        return found.content

    def _understood(self, address: WebAddress, file: WebFile) -> FoundPlaylist:
        """Raises `SyncFailure` for a file that cannot be read."""
        try:
            return self._parsed(address, file)
        except InvalidUpload as error:
            raise unreadable(error, address.host) from None

    def _parsed(self, address: WebAddress, file: WebFile) -> FoundPlaylist:
        """Raises `InvalidUpload`."""
        content, label = self._deps.open_reader().parse(
            file.data, filename=file_name(address), content_type=file.content_type
        )
        return FoundPlaylist(
            url=address.url,
            host=address.host,
            content=content,
            format=label,
            name=PurePosixPath(file_name(address)).stem,
            etag=file.etag,
            last_modified=file.last_modified,
        )

    def _remember(self, user_id: str, found: FoundPlaylist) -> SourceCache:
        """Content first: a crash between the two leaves content that nothing names, never a name without content."""
        cache = SourceCache(
            etag=found.etag,
            last_modified=found.last_modified,
            version=found.content.version,
            content=self._deps.contents.save(user_id, found.content),
            fetched_at=self._deps.clock(),
        )
        self._deps.caches.put(user_id, KIND, found.url, cache)
        return cache


def _adds_nothing(found: FoundPlaylist, cache: SourceCache) -> bool:
    """True where nothing is worth writing down: the same content, and no validators, old or new, to remember."""
    remembers = found.etag or found.last_modified or cache.etag or cache.last_modified or cache.not_before
    return cache.version == found.content.version and not remembers
