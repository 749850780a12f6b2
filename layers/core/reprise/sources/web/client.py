"""Fetches the file at an address, or learns that it is still the one known."""

from __future__ import annotations

import logging
import re
import ssl
from dataclasses import dataclass
from urllib.parse import urljoin

from reprise.domain.connections import of_host
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.reach import Reach
from reprise.http.address import WebAddress, parse_address
from reprise.http.client import HttpClient
from reprise.http.errors import HttpError, InvalidAddress
from reprise.http.guard import Resolve, resolve_host
from reprise.http.messages import Response
from reprise.ports.clock import Clock
from reprise.sources.failures import Asked, http_failure, source_failure, status_failure
from reprise.sources.web.failures import bad_address

log = logging.getLogger(__name__)

# What an upload may have.
FILE_MAX_BYTES = 4 * 1024 * 1024
# From looking up the name to the last byte. A person may be waiting, behind a gateway that gives up after 30 s.
TOTAL_S = 15.0

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,500}"')
_HTTP_DATE = re.compile(r"[A-Za-z]{3}, [0-9A-Za-z: ]{10,40} GMT")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFile:
    """A file as served. `etag` and `last_modified` are "" where the server sent none that can be sent back."""

    data: bytes
    content_type: str
    etag: str
    last_modified: str


class WebClient:
    """One file an asking. Keeps nothing between two of them.

    `resolve`, `tls` (None: the system's trust) and `total_s` are replaceable for tests.
    """

    def __init__(
        self,
        *,
        reach: Reach,
        clock: Clock,
        resolve: Resolve = resolve_host,
        tls: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        self._http = HttpClient(reach=reach, total_s=total_s, resolve=resolve, tls=tls)
        self._clock = clock
        self._asked = Asked(what="file", total_s=total_s, max_bytes=FILE_MAX_BYTES)

    def address(self, url: str) -> WebAddress:
        """Raises `SyncFailure` (misconfigured)."""
        try:
            return self._http.address(url)
        except InvalidAddress as error:
            raise bad_address(error.reason) from None

    def fetch(self, address: WebAddress) -> WebFile:
        """The file. Raises `SyncFailure` of the playlist at this address, or of its host."""
        return self._file(address, self._response(address, {}))

    def fetch_if_changed(self, address: WebAddress, *, etag: str, last_modified: str) -> WebFile | None:
        """The file, or None while it is still the one that `etag` and `last_modified` came with ("": none did).

        Raises `SyncFailure` of the playlist at this address, or of its host.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in asked.items() if value}
        response = self._response(address, conditions)
        return None if response.status == 304 and conditions else self._file(address, response)

    def _file(self, address: WebAddress, response: Response) -> WebFile:
        if response.redirects:
            raise _redirected(address, response)
        if response.status != 200:
            retry_after = response.headers.get("retry-after", "")
            raise status_failure(
                response.status, of_host(address.host), self._asked, retry_after=retry_after, now=self._clock()
            )
        return WebFile(
            data=response.body,
            content_type=response.headers.get("content-type", ""),
            etag=_sendable(_ETAG, response.headers.get("etag", "")),
            last_modified=_sendable(_HTTP_DATE, response.headers.get("last-modified", "")),
        )

    def _response(self, address: WebAddress, conditions: dict[str, str]) -> Response:
        try:
            response = self._http.fetch(address, headers=conditions, max_bytes=FILE_MAX_BYTES)
        except HttpError as error:
            failure = http_failure(error, of_host(address.host), self._asked)
        else:
            log.info("asked for a playlist file", extra={"host": address.host, "status": response.status})
            return response
        # Raised here, so that the failure carries no other error as its context.
        raise failure


def _redirected(address: WebAddress, response: Response) -> SyncFailure:
    """Redirects are not followed: each would have to be vetted like an address of its own, and a playlist that moves is
    worth a person's look. Of where it leads only the host is told."""
    try:
        onward = parse_address(urljoin(address.url, response.headers.get("location", "")), Reach.MACHINE)
    except (InvalidAddress, ValueError):
        onward = address
    if onward.host != address.host:
        where = f"to {onward.host}"
    else:
        where = "to https://" if onward.secure and not address.secure else "to another address of its own"
    return source_failure(
        FailureKind.MISCONFIGURED,
        of_host(address.host),
        f"It sends visitors on {where}, and Reprise does not follow: use the address where the file is.",
        status=response.status,
    )


def _sendable(form: re.Pattern[str], value: str) -> str:
    return value if form.fullmatch(value) else ""
