"""One request and its answer. Uses httpx's transport and not its `Client`: that one logs URLs, keeps cookies, reads
`.netrc` and proxies from the environment, and here the body of every request holds a credential.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import cast

import httpx

from reprise.domain.failures import FailureKind
from reprise.http.body import BodyDecoder
from reprise.http.errors import BodyTooLarge, CorruptEncoding, UnexpectedEncoding
from reprise.targets.subsonic.errors import SubsonicFailure, broken_answer, network_failure

# About 50,000 songs: far above a page of 500 or the largest playlist, far below a function's memory.
ANSWER_MAX_BYTES = 64 * 1024 * 1024
# A server that drips its answer is given up after this, however steadily it drips.
ANSWER_MAX_S = 180.0
# Constant, as Navidrome registers one player for each user, client and user agent.
USER_AGENT = "Reprise"

_FORM = "application/x-www-form-urlencoded"


class Verb(StrEnum):
    POST = "POST"
    GET = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What came back: `retry_after` is the header as sent, "" without one."""

    status: int
    body: bytes
    retry_after: str


class Exchange:
    """Requests to one address. `base_url` is the server's, with or without `/rest`; `sent` counts them."""

    def __init__(
        self,
        base_url: str,
        *,
        transport: httpx.BaseTransport | None,
        clock: Callable[[], float],
        connect_timeout_s: float,
        answer_max_bytes: int = ANSWER_MAX_BYTES,
    ) -> None:
        self._base = _base(base_url)
        self._transport = transport or httpx.HTTPTransport(verify=_trust())
        self._clock = clock
        self._connect_timeout_s = connect_timeout_s
        self._answer_max_bytes = answer_max_bytes
        self.sent = 0

    @property
    def scheme(self) -> str:
        return self._base.scheme

    @property
    def host(self) -> str:
        return self._base.host

    def send(self, verb: Verb, method: str, form: str, *, timeout_s: float) -> HttpAnswer:
        """Send `form` to `method`, in the body for POST. Raises `SubsonicFailure` when no whole answer came."""
        self.sent += 1
        try:
            return self._send(self._request(verb, method, form, timeout_s))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failure = network_failure(error)
        except CorruptEncoding:
            failure = broken_answer("The server's answer is garbled.", retry_now=True)
        except UnexpectedEncoding:
            failure = broken_answer("The server packs its answers in a way Reprise did not ask for.", retry_now=False)
        except BodyTooLarge:
            failure = broken_answer("The server's answer is larger than Reprise reads.", retry_now=False)
        # Raised here, so that the failure does not carry the other error, whose text may hold a URL, as its context.
        raise failure

    def close(self) -> None:
        self._transport.close()

    def _request(self, verb: Verb, method: str, form: str, timeout_s: float) -> httpx.Request:
        url = self._base.copy_with(path=f"{self._base.path.rstrip('/')}/rest/{method}.view")
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
        timeout = httpx.Timeout(timeout_s, connect=min(self._connect_timeout_s, timeout_s)).as_dict()
        if verb is Verb.GET:
            url = url.copy_with(query=form.encode("ascii"))
            return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        headers["Content-Type"] = _FORM
        return httpx.Request(
            "POST", url, headers=headers, content=form.encode("ascii"), extensions={"timeout": timeout}
        )

    def _send(self, request: httpx.Request) -> HttpAnswer:
        give_up_at = self._clock() + ANSWER_MAX_S
        response = self._transport.handle_request(request)
        try:
            return HttpAnswer(
                status=response.status_code,
                body=self._read(response, give_up_at),
                retry_after=response.headers.get("retry-after", ""),
            )
        finally:
            response.close()

    def _read(self, response: httpx.Response, give_up_at: float) -> bytes:
        """The body, unpacked here because httpx would unpack without a limit: a kilobyte can hold a gigabyte."""
        decoder = BodyDecoder(response.headers.get("content-encoding", ""), self._answer_max_bytes)
        for chunk in cast(httpx.SyncByteStream, response.stream):  # as the transport's type promises
            decoder.feed(chunk)
            if self._clock() > give_up_at:
                raise SubsonicFailure(
                    FailureKind.UNREACHABLE, "The server did not finish its answer in time.", retry_now=True
                )
        if decoder.received and not decoder.ended:
            raise broken_answer("The server's answer breaks off.", retry_now=True)
        return decoder.body


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust, read once a process: that takes as long as several requests."""
    return httpx.create_ssl_context()


def _base(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url.strip().rstrip("/").removesuffix("/rest"))
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise SubsonicFailure(
            FailureKind.MISCONFIGURED, "The server's address must begin with http:// or https:// and name a host."
        )
    if url.userinfo or url.query or url.fragment:
        raise SubsonicFailure(
            FailureKind.MISCONFIGURED, "The server's address must hold no user name, query or fragment."
        )
    return url
