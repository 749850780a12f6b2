"""Problems (RFC 9457) and the health of the API, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.shapes.base import ResponseBody


class HealthResponse(ResponseBody):
    status: Literal["ok"]


class FieldProblem(ResponseBody):
    where: str
    problem: str


class ProblemResponse(ResponseBody):
    """An RFC 9457 problem document, as application/problem+json."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    where: Annotated[str | None, Field(description="The field, or the line of the file, that it is about.")] = None
    errors: list[FieldProblem] | None = None
