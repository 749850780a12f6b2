"""Fetches the file at an address, or learns that it is still the one known."""

from __future__ import annotations

import logging
import re
import ssl
import zlib
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from urllib.parse import urljoin

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.reach import Reach
from reprise.ports.clock import Clock
from reprise.sources.web.address import WebAddress, parse_address
from reprise.sources.web.failures import source_failure, status_failure
from reprise.sources.web.guard import Deadline, OutOfTime, Resolve, resolve_host, vetted
from reprise.sources.web.wire import Answer, BreaksOff, StrangePacking, TooLarge, ask

log = logging.getLogger(__name__)

FILE_MAX_BYTES = 4 * 1024 * 1024
"""What an upload may have."""
TOTAL_S = 15.0
"""From looking up the name to the last byte. A person may be waiting, behind a gateway that gives up after 30 s."""
USER_AGENT = "Reprise"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
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
        self._reach = reach
        self._clock = clock
        self._resolve = resolve
        self._tls = tls
        self._total_s = total_s

    def address(self, url: str) -> WebAddress:
        """Raises `SyncFailure` (misconfigured)."""
        return parse_address(url, self._reach)

    def fetch(self, address: WebAddress) -> WebFile:
        """The file. Raises `SyncFailure` with the scope of a playlist."""
        return self._file(address, self._answer(address, {}))

    def fetch_if_changed(self, address: WebAddress, *, etag: str, last_modified: str) -> WebFile | None:
        """The file, or None while it is still the one that `etag` and `last_modified` came with ("": none did).

        Raises `SyncFailure` with the scope of a playlist.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in asked.items() if value}
        answer = self._answer(address, conditions)
        return None if answer.status == 304 and conditions else self._file(address, answer)

    def _file(self, address: WebAddress, answer: Answer) -> WebFile:
        if answer.status in _REDIRECTS:
            raise _redirected(address, answer)
        if answer.status != 200:
            raise status_failure(
                answer.status, address.host, retry_after=answer.headers.get("retry-after", ""), now=self._clock()
            )
        return WebFile(
            data=answer.body,
            content_type=answer.headers.get("content-type", ""),
            etag=_sendable(_ETAG, answer.headers.get("etag", "")),
            last_modified=_sendable(_HTTP_DATE, answer.headers.get("last-modified", "")),
        )

    def _answer(self, address: WebAddress, conditions: dict[str, str]) -> Answer:
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", **conditions}
        deadline = Deadline(self._total_s)
        try:
            numbers = vetted(address, reach=self._reach, resolve=self._resolve, deadline=deadline)
            answer = ask(address, numbers, headers, deadline=deadline, max_bytes=FILE_MAX_BYTES, tls=self._tls)
        except _FAULTS as error:
            failure = _fault(error, address.host, self._total_s)
        else:
            log.info("asked for a playlist file", extra={"host": address.host, "status": answer.status})
            return answer
        # Raised here, so that the failure does not carry the other error, whose text is the server's, as its context.
        raise failure


def _redirected(address: WebAddress, answer: Answer) -> SyncFailure:
    """Redirects are not followed: each would have to be vetted like an address of its own, and a playlist that moves is
    worth a person's look. Of where it leads only the host is told."""
    try:
        onward = parse_address(urljoin(address.url, answer.headers.get("location", "")), Reach.MACHINE)
    except (SyncFailure, ValueError):
        onward = address
    if onward.host != address.host:
        where = f"to {onward.host}"
    else:
        where = "to https://" if onward.secure and not address.secure else "to another address of its own"
    return source_failure(
        FailureKind.MISCONFIGURED,
        address.host,
        f"It sends visitors on {where}, and Reprise does not follow: use the address where the file is.",
        status=answer.status,
    )


def _sendable(form: re.Pattern[str], value: str) -> str:
    return value if form.fullmatch(value) else ""


_FAULT: tuple[tuple[type[Exception], FailureKind, str], ...] = (
    (OutOfTime, FailureKind.UNREACHABLE, "It did not deliver the file within {total_s:g} seconds."),
    (TimeoutError, FailureKind.UNREACHABLE, "It did not answer in time."),
    (TooLarge, FailureKind.TOO_LARGE, f"The file is larger than {FILE_MAX_BYTES // 1024**2} MB."),
    (BreaksOff, FailureKind.UNREACHABLE, "The file broke off before its end."),
    (IncompleteRead, FailureKind.UNREACHABLE, "The file broke off before its end."),
    (RemoteDisconnected, FailureKind.UNREACHABLE, "It hung up without an answer."),
    (StrangePacking, FailureKind.MALFORMED_RESPONSE, "The file is packed in a way Reprise did not ask for."),
    (zlib.error, FailureKind.MALFORMED_RESPONSE, "The packing of the file is damaged."),
    (HTTPException, FailureKind.MALFORMED_RESPONSE, "The server's answer is no proper HTTP."),
    (
        ssl.SSLCertVerificationError,
        FailureKind.UNREACHABLE,
        "Its certificate is not trusted, has expired, or bears another name.",
    ),
    (ssl.SSLError, FailureKind.UNREACHABLE, "No secure connection could be made."),
    (OSError, FailureKind.UNREACHABLE, ""),
)
"""The first that fits counts: particular ones stand before general ones."""
_FAULTS = tuple(fault for fault, _, _ in _FAULT)


def _fault(error: Exception, host: str, total_s: float) -> SyncFailure:
    kind, detail = next((kind, detail) for fault, kind, detail in _FAULT if isinstance(error, fault))
    return source_failure(kind, host, detail.format(total_s=total_s))
