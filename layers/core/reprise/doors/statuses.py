"""Which HTTP status stands for which refusal: one table, by the code that the refusal carries in the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from reprise.domain.failures import UNNAMED_SERVER, FailureKind, SyncFailure, action_for, summary_of
from reprise.domain.refusals import Refusal

STATUS_OF = {
    "invalid-input": HTTPStatus.BAD_REQUEST,
    "invalid-file": HTTPStatus.BAD_REQUEST,
    "unauthorised": HTTPStatus.UNAUTHORIZED,
    "sign-in-again": HTTPStatus.UNAUTHORIZED,
    "wrong-credentials": HTTPStatus.UNAUTHORIZED,
    "not-allowed": HTTPStatus.FORBIDDEN,
    "server-refused": HTTPStatus.FORBIDDEN,
    "not-found": HTTPStatus.NOT_FOUND,
    "wrong-method": HTTPStatus.METHOD_NOT_ALLOWED,
    "conflict": HTTPStatus.CONFLICT,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "wrong-content-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "too-many-attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "server-error": HTTPStatus.BAD_GATEWAY,
    "source-refused": HTTPStatus.BAD_GATEWAY,
    "mail-refused": HTTPStatus.BAD_GATEWAY,
    "server-unreachable": HTTPStatus.SERVICE_UNAVAILABLE,
    "mail-unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "queue-unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
_CODE_OF_FAILURE = {
    FailureKind.FORBIDDEN: "server-refused",
    FailureKind.UNREACHABLE: "server-unreachable",
    FailureKind.RATE_LIMITED: "server-unreachable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """What to answer to a person whose request was refused, or failed at the music server."""

    code: str
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        return STATUS_OF[self.code]


def denial_of(error: Refusal | SyncFailure) -> Denial:
    """With `Retry-After` where the error names a time."""
    headers = _retry_after(getattr(error, "retry_after_s", None))
    if isinstance(error, Refusal):
        return Denial(code=error.code, sentence=error.sentence, headers=headers)
    said = (summary_of(error.kind, UNNAMED_SERVER), error.detail, action_for(error.kind, UNNAMED_SERVER))
    sentence = " ".join(part for part in said if part)
    return Denial(code=_CODE_OF_FAILURE.get(error.kind, "server-error"), sentence=sentence, headers=headers)


def _retry_after(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}
