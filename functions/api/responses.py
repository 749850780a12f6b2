"""How a route's possible responses are written down for the OpenAPI document."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from api.problems import PROBLEM_JSON
from api.shapes.problems import ProblemResponse

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
    from pydantic import BaseModel

# The security requirement of a route: a bearer token.
TOKEN = [{"token": list[str]()}]

_MEANING = {
    304: "It is as it was: the tag that was sent is still that of the answer.",
    400: "Something sent cannot be used; `where` names it.",
    401: "No token, or none that works.",
    403: "Not allowed.",
    404: "There is no such thing, or it is not yours.",
    409: "Not possible in the present state; `detail` says what to do first.",
    413: "The body is too large.",
    415: "The body is of a kind that is not understood here.",
    429: "Too many attempts; `Retry-After` says in how many seconds to try again.",
    500: "A mistake in Reprise; `instance` names the request for the operator.",
    502: "The server behind this one answered with an error.",
    503: "Something needed cannot be reached at present; try again.",
}


def documented(ok: int, model: type[BaseModel] | None, *problems: int) -> dict[int, OpenAPIResponse]:
    """`ok` with `model` (None: no body), each of `problems`, and 500."""
    described: dict[int, OpenAPIResponse] = {ok: {"description": HTTPStatus(ok).phrase}}
    if model is not None:
        described[ok]["content"] = {"application/json": {"model": model}}
    for status in (*problems, 500):
        if status == 304:
            described[status] = {"description": _MEANING[status]}
            continue
        described[status] = {"description": _MEANING[status], "content": {PROBLEM_JSON: {"model": ProblemResponse}}}
    return described
