"""Errors as RFC 9457 problem documents; the status of each code is in `reprise.doors.statuses`.

A problem says what went wrong in our own words. What was sent is never repeated in it (invariant 8), except the names
of fields; `instance` names the request, so that an operator finds it in the log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from reprise.domain.failures import SyncFailure
from reprise.domain.refusals import InvalidInput, Refusal
from reprise.doors.request_body import BodyRefused
from reprise.doors.statuses import STATUS_OF, Denial, denial_of
from reprise.ports.channels import ChannelRejected, ChannelUnavailable
from reprise.ports.events import BadCursor
from reprise.ports.queues import QueueRefused
from reprise.ports.sources import InvalidUpload

PROBLEM_JSON = "application/problem+json"
QUEUE_RETRY_S = 5


class Unauthorised(Exception):
    """No token, or none that works. `presented` is whether there was one."""

    def __init__(self, *, presented: bool) -> None:
        super().__init__("unauthorised")
        self.presented = presented


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One answer that is not the one hoped for. `code` is the stable name of its kind, for programs."""

    code: str
    detail: str
    where: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        return STATUS_OF[self.code]

    def response(self, request_id: str) -> Response[str]:
        document: dict[str, object] = {
            "type": f"urn:reprise:problem:{self.code}",
            "title": _TITLES[self.code],
            "status": int(self.status),
            "detail": self.detail,
            "instance": f"urn:reprise:request:{request_id}",
        }
        if self.where:
            document["where"] = self.where
        if self.errors:
            document["errors"] = list(self.errors)
        return Response(
            status_code=int(self.status),
            content_type=PROBLEM_JSON,
            body=json.dumps(document, ensure_ascii=False),
            headers=dict(self.headers),
        )


_TITLES = {
    "invalid-input": "The request cannot be used as it is",
    "invalid-file": "The playlist file cannot be read",
    "unauthorised": "Sign in first",
    "sign-in-again": "Sign in again",
    "wrong-credentials": "Wrong user name or password",
    "not-allowed": "Not allowed",
    "not-found": "Not found",
    "wrong-method": "This address does not take that method",
    "conflict": "Not possible at present",
    "too-large": "The body is too large",
    "wrong-content-type": "This kind of body is not understood here",
    "too-many-attempts": "Too many attempts",
    "server-refused": "The music server refused",
    "server-error": "The music server answered with an error",
    "server-unreachable": "The music server cannot be asked at present",
    "source-refused": "The playlist could not be had from where it is",
    "mail-refused": "The mail was refused",
    "mail-unavailable": "Mail cannot be sent at present",
    "queue-unavailable": "The work could not be queued",
    "internal": "Reprise made a mistake",
}

_FIELD_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def problem_of(error: Exception) -> Problem:
    """What to answer when a route raised `error`; "internal" for whatever is not foreseen."""
    if isinstance(error, InvalidInput):
        return of_field(error.field, error.sentence)
    if isinstance(error, (Refusal, SyncFailure)):
        return _of_denial(denial_of(error))
    if isinstance(error, RequestValidationError) and error.errors()[0]["loc"][0] != "response":
        return of_validation(error.errors())
    if isinstance(error, BodyRefused):
        return Problem(code=error.code, detail=error.sentence)
    return _of_others(error)


def _of_others(error: Exception) -> Problem:
    match error:
        case Unauthorised():
            hint = ', error="invalid_token"' if error.presented else ""
            return Problem(
                code="unauthorised",
                detail="This needs a token that works: sign in, or use an API token.",
                headers={"WWW-Authenticate": f'Bearer realm="reprise"{hint}'},
            )
        case InvalidUpload():
            return Problem(code="invalid-file", detail=error.message, where=error.where)
        case BadCursor():
            return of_field("cursor", "This is not a cursor from an earlier answer.")
        case QueueRefused():
            return Problem(
                code="queue-unavailable",
                detail="The sync could not be queued. Try again in a moment.",
                headers={"Retry-After": str(QUEUE_RETRY_S)},
            )
        case ChannelRejected():
            return Problem(code="mail-refused", detail=str(error))
        case ChannelUnavailable():
            return Problem(code="mail-unavailable", detail=str(error))
    return Problem(
        code="internal",
        detail="This is not your fault. The operator can find what happened in the log, under the request named here.",
    )


def of_field(name: str, sentence: str) -> Problem:
    """One field cannot hold what it holds."""
    where = name if _FIELD_NAME.fullmatch(name) else "(unnamed)"
    return Problem(
        code="invalid-input",
        detail=f"{where}: {sentence}",
        where=where,
        errors=({"where": where, "problem": sentence},),
    )


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:  # Any: what pydantic says of an error
    """Several fields at once. Only our own words and the fields' names: pydantic's carry what was sent."""
    each = [of_field(_place(error["loc"]), _sentence(error)) for error in errors[:20]]
    return Problem(
        code="invalid-input",
        detail=" ".join(problem.detail for problem in each),
        where=each[0].where,
        errors=tuple(error for problem in each for error in problem.errors),
    )


def _of_denial(denial: Denial) -> Problem:
    asks = {"WWW-Authenticate": 'Bearer realm="reprise"'} if denial.status is HTTPStatus.UNAUTHORIZED else {}
    return Problem(code=denial.code, detail=denial.sentence, headers={**denial.headers, **asks})


def _place(loc: Sequence[str | int]) -> str:
    """`("body", "username")` → `username`; `("body",)` → `body`."""
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])


def _sentence(error: Mapping[str, Any]) -> str:  # Any: what pydantic says of an error
    limits: Mapping[str, object] = error.get("ctx") or {}
    wording = _WORDING.get(error["type"], "This is not what is expected here.")
    return wording.format_map({name: limits[name] for name in _LIMITS if name in limits})


_LIMITS = ("max_length", "min_length", "le", "ge", "expected")
_WORDING = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This must be a text.",
    "string_unicode": "This must be a text of whole characters.",
    "string_too_long": "This must not be longer than {max_length} characters.",
    "string_too_short": "This must not be empty.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "float_type": "This must be a number.",
    "finite_number": "This must be a number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "literal_error": "This must be one of {expected}.",
    "less_than_equal": "This must not be more than {le}.",
    "greater_than_equal": "This must not be less than {ge}.",
    "model_attributes_type": "This must be an object.",
    "json_invalid": "This is not JSON.",
}
