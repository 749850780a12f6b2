"""What went wrong with the address of a playlist, as failures of that playlist or of its host.

Each names the host in place of the music server: a web server that is down must not keep anybody from their music
server. Nothing the server sent enters a failure.
"""

from __future__ import annotations

import re
from datetime import datetime

from reprise.domain.connections import of_host, source_party
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.http.errors import (
    BodyTooLarge,
    CertificateRejected,
    ConnectionFailed,
    ConnectTimeout,
    CorruptEncoding,
    DeadlineExceeded,
    ForbiddenAddress,
    HttpError,
    InvalidHeader,
    NoResponse,
    ProtocolError,
    TlsFailed,
    Truncated,
    UnexpectedEncoding,
    UnknownHost,
)
from reprise.http.retry_after import retry_after_s
from reprise.ports.sources import InvalidUpload

_BY_STATUS: dict[int, tuple[FailureKind, str]] = {
    401: (FailureKind.FORBIDDEN, "It asks for a sign-in."),
    403: (FailureKind.FORBIDDEN, ""),
    407: (FailureKind.FORBIDDEN, "Something in front of it asks for a sign-in."),
    451: (FailureKind.FORBIDDEN, "It says that the law keeps it from showing it."),
    404: (FailureKind.NOT_FOUND, "There is no file at its address."),
    410: (FailureKind.NOT_FOUND, "The file was taken away from its address for good."),
    408: (FailureKind.SERVER_ERROR, "It gave up waiting for the request."),
    425: (FailureKind.SERVER_ERROR, ""),
    429: (FailureKind.RATE_LIMITED, ""),
}
# What says something of every address of a host; anything else is the fault of one.
_OF_HOST = frozenset({FailureKind.UNREACHABLE, FailureKind.SERVER_ERROR, FailureKind.RATE_LIMITED})
_BY_ERROR: dict[type[HttpError], tuple[FailureKind, str]] = {
    UnknownHost: (FailureKind.UNREACHABLE, "No address is known for this name."),
    DeadlineExceeded: (FailureKind.UNREACHABLE, "It did not deliver the file within {total_s:g} seconds."),
    ConnectTimeout: (FailureKind.UNREACHABLE, "It did not answer in time."),
    BodyTooLarge: (FailureKind.TOO_LARGE, "The file is larger than {max_mb} MB."),
    Truncated: (FailureKind.UNREACHABLE, "The file broke off before its end."),
    NoResponse: (FailureKind.UNREACHABLE, "It hung up without an answer."),
    UnexpectedEncoding: (FailureKind.MALFORMED_RESPONSE, "The file is packed in a way Reprise did not ask for."),
    CorruptEncoding: (FailureKind.MALFORMED_RESPONSE, "The packing of the file is damaged."),
    ProtocolError: (FailureKind.MALFORMED_RESPONSE, "The server's answer is no proper HTTP."),
    CertificateRejected: (
        FailureKind.UNREACHABLE,
        "Its certificate is not trusted, has expired, or bears another name.",
    ),
    TlsFailed: (FailureKind.UNREACHABLE, "No secure connection could be made."),
    ConnectionFailed: (FailureKind.UNREACHABLE, ""),
    InvalidHeader: (FailureKind.INTERNAL, ""),
}
_PLACE = re.compile(r"line \d{1,9}|tracks?\[\d{1,9}\](?:\.[a-z_]{1,30})?")


def source_failure(
    kind: FailureKind, host: str, detail: str = "", *, status: int | None = None, retry_after_s: int | None = None
) -> SyncFailure:
    """A failure of the address of one playlist, or of all of `host` ("": none is known) where that is down or busy."""
    return SyncFailure(
        kind,
        detail,
        status=status,
        retry_after_s=retry_after_s,
        scope=Scope.CONNECTION if kind in _OF_HOST else Scope.PLAYLIST,
        party=source_party(of_host(host)) if host else None,
    )


def bad_address(reason: str, host: str = "") -> SyncFailure:
    """The address itself is at fault; another one would be needed."""
    return source_failure(FailureKind.MISCONFIGURED, host, reason)


def http_failure(error: HttpError, host: str, *, total_s: float, max_bytes: int) -> SyncFailure:
    """Returns what it means that no whole response came."""
    if isinstance(error, ForbiddenAddress):
        return bad_address(f"It leads to {error.leads_to.value}, which Reprise does not call.", host)
    kind, detail = _BY_ERROR[type(error)]
    return source_failure(kind, host, detail.format(total_s=total_s, max_mb=max_bytes // 1024**2))


def status_failure(status: int, host: str, *, retry_after: str, now: datetime) -> SyncFailure:
    """What an answer other than success means. `retry_after` is the header as sent, "" without one."""
    if status in _BY_STATUS:
        kind, detail = _BY_STATUS[status]
    elif status >= 500:
        kind, detail = FailureKind.SERVER_ERROR, ""
    elif 400 <= status < 500:
        kind, detail = FailureKind.MISCONFIGURED, "The server refuses to answer at this address."
    else:
        kind, detail = FailureKind.MALFORMED_RESPONSE, "The server gave an answer that fits no question."
    return source_failure(kind, host, detail, status=status, retry_after_s=retry_after_s(retry_after, now))


def unreadable(error: InvalidUpload, host: str) -> SyncFailure:
    """The file cannot be read. What the reader quotes of the file stays with who uploads one: this is stored and
    mailed, and the file may be anybody's."""
    place = _PLACE.match(error.where)
    sentence = error.message if '"' not in error.message else "This is not a playlist in a format that is read."
    return source_failure(FailureKind.MALFORMED_RESPONSE, host, f"{place[0]}: {sentence}" if place else sentence)
