"""Sends one request to an address that a person gave, and reports the response."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from reprise.domain.reach import Reach
from reprise.http.address import WebAddress, parse_address
from reprise.http.deadline import Deadline
from reprise.http.exchange import exchange
from reprise.http.guard import Resolve, resolve_host, vetted
from reprise.http.messages import Request, Response

USER_AGENT = "Reprise"

_DEFAULTS = {"User-Agent": USER_AGENT, "Accept": "*/*"}


class HttpClient:
    """Keeps nothing between two requests. Follows no redirect, and sends no cookie.

    `total_s` is the time for a whole request, from looking up the name to the last byte. `resolve` and `tls` (None:
    the system's trust) are replaceable for tests.
    """

    def __init__(
        self, *, reach: Reach, total_s: float, resolve: Resolve = resolve_host, tls: ssl.SSLContext | None = None
    ) -> None:
        self._reach = reach
        self._total_s = total_s
        self._resolve = resolve
        self._tls = tls

    def address(self, text: str) -> WebAddress:
        """Raises `InvalidAddress`."""
        return parse_address(text, self._reach)

    def fetch(self, address: WebAddress, *, headers: Mapping[str, str], max_bytes: int) -> Response:
        """GET. The body of a 200 is whole; that of any other status is not read. Raises `HttpError`."""
        return self._exchanged(Request(method="GET", address=address, headers=headers), max_bytes, whole=True)

    def send(self, request: Request, *, max_bytes: int) -> Response:
        """Returns the response with at most `max_bytes` of its body, whatever its status.

        Once the status is known, no fault of the body counts: the server has decided. Raises `HttpError` before that.
        """
        return self._exchanged(request, max_bytes, whole=False)

    def _exchanged(self, request: Request, max_bytes: int, *, whole: bool) -> Response:
        deadline = Deadline(self._total_s)
        numbers = vetted(request.address, reach=self._reach, resolve=self._resolve, deadline=deadline)
        head = request.head(_DEFAULTS)
        return exchange(request, head, numbers, deadline=deadline, max_bytes=max_bytes, whole=whole, tls=self._tls)
