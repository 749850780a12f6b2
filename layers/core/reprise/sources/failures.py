"""What it means for a playlist that a service answers with an error, or not at all. For every source that speaks HTTP.

Each failure names the connection that the playlist is read over, in place of the music server: a source that is down
must not keep anybody from their music server. Nothing the service sent enters a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reprise.domain.connections import ConnectionId, source_party
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

_BY_STATUS: dict[int, tuple[FailureKind, str]] = {
    401: (FailureKind.FORBIDDEN, "It asks for a sign-in."),
    403: (FailureKind.FORBIDDEN, ""),
    407: (FailureKind.FORBIDDEN, "Something in front of it asks for a sign-in."),
    451: (FailureKind.FORBIDDEN, "It says that the law keeps it from showing it."),
    404: (FailureKind.NOT_FOUND, "There is no {what} at its address."),
    410: (FailureKind.NOT_FOUND, "The {what} was taken away from its address for good."),
    408: (FailureKind.SERVER_ERROR, "It gave up waiting for the request."),
    425: (FailureKind.SERVER_ERROR, ""),
    429: (FailureKind.RATE_LIMITED, ""),
}
# What says something of every playlist over a connection; anything else is the fault of one.
_OF_CONNECTION = frozenset(
    {FailureKind.UNREACHABLE, FailureKind.SERVER_ERROR, FailureKind.RATE_LIMITED, FailureKind.AUTH_INVALID}
)
_BY_ERROR: dict[type[HttpError], tuple[FailureKind, str]] = {
    UnknownHost: (FailureKind.UNREACHABLE, "No address is known for this name."),
    DeadlineExceeded: (FailureKind.UNREACHABLE, "It did not deliver the {what} within {total_s:g} seconds."),
    ConnectTimeout: (FailureKind.UNREACHABLE, "It did not answer in time."),
    BodyTooLarge: (FailureKind.TOO_LARGE, "The {what} is larger than {max_mb} MB."),
    Truncated: (FailureKind.UNREACHABLE, "The {what} broke off before its end."),
    NoResponse: (FailureKind.UNREACHABLE, "It hung up without an answer."),
    UnexpectedEncoding: (FailureKind.MALFORMED_RESPONSE, "The {what} is packed in a way Reprise did not ask for."),
    CorruptEncoding: (FailureKind.MALFORMED_RESPONSE, "The packing of the {what} is damaged."),
    ProtocolError: (FailureKind.MALFORMED_RESPONSE, "The server's answer is no proper HTTP."),
    CertificateRejected: (
        FailureKind.UNREACHABLE,
        "Its certificate is not trusted, has expired, or bears another name.",
    ),
    TlsFailed: (FailureKind.UNREACHABLE, "No secure connection could be made."),
    ConnectionFailed: (FailureKind.UNREACHABLE, ""),
    InvalidHeader: (FailureKind.INTERNAL, ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a source asks for, as a person would call it ("file"), and how long and how large it may be."""

    what: str
    total_s: float
    max_bytes: int

    def said(self, sentence: str) -> str:
        return sentence.format(what=self.what, total_s=self.total_s, max_mb=self.max_bytes // 1024**2)


def source_failure(
    kind: FailureKind,
    connection_id: ConnectionId | None,
    detail: str = "",
    *,
    status: int | None = None,
    retry_after_s: int | None = None,
) -> SyncFailure:
    """A failure of one playlist, or of all over its connection where that is down, busy or refused. None: unknown."""
    return SyncFailure(
        kind,
        detail,
        status=status,
        retry_after_s=retry_after_s,
        scope=Scope.CONNECTION if kind in _OF_CONNECTION else Scope.PLAYLIST,
        party=source_party(connection_id) if connection_id else None,
    )


def http_failure(error: HttpError, connection_id: ConnectionId, asked: Asked) -> SyncFailure:
    """What it means that no whole response came."""
    if isinstance(error, ForbiddenAddress):
        leads_to = f"It leads to {error.leads_to.value}, which Reprise does not call."
        return source_failure(FailureKind.MISCONFIGURED, connection_id, leads_to)
    kind, sentence = _BY_ERROR[type(error)]
    return source_failure(kind, connection_id, asked.said(sentence))


def status_failure(
    status: int, connection_id: ConnectionId, asked: Asked, *, retry_after: str, now: datetime
) -> SyncFailure:
    """What an answer other than success means. `retry_after` is the header as sent, "" without one.

    401 is taken for a page that wants a sign-in, because nobody gave Reprise one: a source with an account says itself
    when its credential is refused.
    """
    if status in _BY_STATUS:
        kind, sentence = _BY_STATUS[status]
    elif status >= 500:
        kind, sentence = FailureKind.SERVER_ERROR, ""
    elif 400 <= status < 500:
        kind, sentence = FailureKind.MISCONFIGURED, "The server refuses to answer at this address."
    else:
        kind, sentence = FailureKind.MALFORMED_RESPONSE, "The server gave an answer that fits no question."
    return source_failure(
        kind, connection_id, asked.said(sentence), status=status, retry_after_s=retry_after_s(retry_after, now)
    )
