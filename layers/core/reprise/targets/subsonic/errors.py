"""What a refusal means: HTTP statuses, Subsonic error codes and network errors, each as one `SyncFailure`.

Servers disagree about which number to use, and send HTTP 200 with most errors; proxies in front of them answer
for themselves. A password is refused by the server alone, in an answer of its API: whatever a proxy says, it says to
everybody, and takes back again. Nothing they say enters a failure: only numbers and sentences of our own.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import httpx

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.http.retry_after import retry_after_s

_TRANSIENT_WORDS = ("locked", "busy", "too many concurrent")
_TOO_LARGE_WORDS = ("exceeded limit", "too large", "too many parameters")


class SubsonicFailure(SyncFailure):
    """A failure with what the client itself wants to know of it.

    `retry_now` is True where the same request may well succeed a moment later. `protocol` is the version of the
    Subsonic protocol that the refusing server named, "" where it named none. `from_api` is False when the answer
    was no Subsonic answer at all.
    """

    def __init__(
        self,
        kind: FailureKind,
        detail: str = "",
        *,
        status: int | None = None,
        code: int | None = None,
        retry_after_s: int | None = None,
        scope: Scope | None = None,
        retry_now: bool = False,
        protocol: str = "",
    ) -> None:
        super().__init__(kind, detail, status=status, code=code, retry_after_s=retry_after_s, scope=scope)
        self.retry_now = retry_now
        self.protocol = protocol

    @property
    def from_api(self) -> bool:
        return self.code is not None


_PROXY_SIGN_IN = "Something in front of the music server asks for a sign-in of its own."
_PROXY_REFUSAL = "Something in front of the music server keeps Reprise out."
_TOO_LARGE = "The server, or a proxy in front of it, refuses a request of this size."
_NO_API = "There is no Subsonic API at this address."

_BY_CODE: dict[int, tuple[FailureKind, str]] = {
    10: (FailureKind.MALFORMED_RESPONSE, "The server misses a parameter that Reprise does not know of."),
    20: (FailureKind.MISCONFIGURED, "The server asks for a newer version of the Subsonic protocol."),
    30: (FailureKind.MISCONFIGURED, "The server speaks an older version of the Subsonic protocol."),
    40: (FailureKind.AUTH_INVALID, ""),
    41: (FailureKind.AUTH_INVALID, "The server accepts no token for this account."),
    42: (FailureKind.AUTH_INVALID, "The server does not accept a user name and password."),
    43: (FailureKind.AUTH_INVALID, "The server sees two ways of signing in at once."),
    44: (FailureKind.AUTH_INVALID, "The server does not accept the API key."),
    50: (FailureKind.FORBIDDEN, ""),
    60: (FailureKind.FORBIDDEN, "The server says that its trial period is over."),
    70: (FailureKind.NOT_FOUND, ""),
}
_BY_STATUS: dict[int, tuple[FailureKind, str]] = {
    401: (FailureKind.MISCONFIGURED, _PROXY_SIGN_IN),
    407: (FailureKind.MISCONFIGURED, _PROXY_SIGN_IN),
    403: (FailureKind.MISCONFIGURED, _PROXY_REFUSAL),
    451: (FailureKind.MISCONFIGURED, _PROXY_REFUSAL),
    404: (FailureKind.MISCONFIGURED, _NO_API),
    405: (FailureKind.MISCONFIGURED, _NO_API),
    410: (FailureKind.MISCONFIGURED, _NO_API),
    501: (FailureKind.MISCONFIGURED, _NO_API),
    408: (FailureKind.SERVER_ERROR, "The server gave up waiting for the request."),
    425: (FailureKind.SERVER_ERROR, ""),
    413: (FailureKind.TOO_LARGE, _TOO_LARGE),
    414: (FailureKind.TOO_LARGE, _TOO_LARGE),
    431: (FailureKind.TOO_LARGE, _TOO_LARGE),
    429: (FailureKind.RATE_LIMITED, ""),
}
# These say more than any Subsonic error code that comes along with them.
_STATUSES_ABOVE_CODES = frozenset({413, 414, 429, 431})


def api_failure(
    *, code: int, message: str, status: int, scope: Scope, protocol: str = "", retry_after: str = ""
) -> SubsonicFailure:
    """What a Subsonic answer with `status="failed"` means. `message` is only searched for a few words.

    `scope` is what the request was about: one playlist, or the account as a whole.
    """
    if status in _STATUSES_ABOVE_CODES:
        return _status_failure(status, scope, retry_after, code=code)
    if code in _BY_CODE:
        kind, detail = _BY_CODE[code]
        if kind is FailureKind.NOT_FOUND and scope is Scope.CONNECTION:
            kind, detail = FailureKind.MALFORMED_RESPONSE, "The server does not find what every server has."
        wide = code == 60 or kind is FailureKind.AUTH_INVALID or code in (20, 30)
        return SubsonicFailure(
            kind, detail, status=status, code=code, scope=Scope.CONNECTION if wide else scope, protocol=protocol
        )
    words = message.casefold()
    if any(word in words for word in _TOO_LARGE_WORDS):
        return SubsonicFailure(FailureKind.TOO_LARGE, _TOO_LARGE, status=status, code=code, scope=scope)
    transient = status >= 500 or any(word in words for word in _TRANSIENT_WORDS)
    return SubsonicFailure(
        FailureKind.SERVER_ERROR,
        status=status,
        code=code,
        scope=Scope.CONNECTION if transient else scope,
        retry_now=transient,
    )


def http_failure(*, status: int, scope: Scope, retry_after: str = "") -> SubsonicFailure:
    """What an answer that is no Subsonic answer means: a proxy, a login page, a wrong address."""
    if status in _BY_STATUS:
        return _status_failure(status, scope, retry_after)
    if 300 <= status < 400:
        return SubsonicFailure(
            FailureKind.MISCONFIGURED, "The address leads elsewhere, perhaps to a login page.", status=status
        )
    if status >= 500:
        return SubsonicFailure(
            FailureKind.SERVER_ERROR,
            status=status,
            retry_after_s=retry_after_s(retry_after, datetime.now(UTC)),
            retry_now=True,
        )
    return SubsonicFailure(
        FailureKind.MISCONFIGURED, "The address shows a web page instead of the Subsonic API.", status=status
    )


def _status_failure(status: int, scope: Scope, retry_after: str, *, code: int | None = None) -> SubsonicFailure:
    kind, detail = _BY_STATUS[status]
    if kind is FailureKind.TOO_LARGE and scope is Scope.CONNECTION:
        kind = FailureKind.MISCONFIGURED  # There was no playlist in the request that could be too large.
    return SubsonicFailure(
        kind,
        detail,
        status=status,
        code=code,
        scope=scope if kind is FailureKind.TOO_LARGE else None,
        retry_after_s=retry_after_s(retry_after, datetime.now(UTC)),
        retry_now=kind in (FailureKind.SERVER_ERROR, FailureKind.RATE_LIMITED),
    )


def broken_answer(detail: str, *, status: int | None = None, retry_now: bool) -> SubsonicFailure:
    """An answer that began like a Subsonic answer and cannot be read."""
    return SubsonicFailure(FailureKind.MALFORMED_RESPONSE, detail, status=status, retry_now=retry_now)


def network_failure(error: Exception) -> SubsonicFailure:
    """What went wrong between here and the server. The error's own text is not used: it may hold the URL."""
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return SubsonicFailure(FailureKind.MISCONFIGURED, "The server's address is not a usable URL.")
    if _is_tls_refusal(error):
        return SubsonicFailure(
            FailureKind.MISCONFIGURED, "No trusted secure connection to the server: check its certificate."
        )
    detail = "The server did not answer in time." if isinstance(error, httpx.TimeoutException) else ""
    return SubsonicFailure(FailureKind.UNREACHABLE, detail, retry_now=True)


def _is_tls_refusal(error: BaseException) -> bool:
    """True where TLS itself was refused. A connection merely cut in the middle of it is not that."""
    cut = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return not isinstance(seen, cut)
        seen = seen.__cause__ or seen.__context__
    return False
