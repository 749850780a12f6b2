"""Requests that come twice: `Idempotency-Key`, `ETag` and `If-None-Match`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Annotated, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header

from api.parts import parts
from api.shapes.base import ResponseBody
from reprise.usecases.playlists.ports import RequestPorts

if TYPE_CHECKING:
    from reprise.domain.accounts import Session
    from reprise.ports.clock import NewId

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A text of your own choice. The same request sent again with the same key is done once.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=1024, description="The `ETag` of an earlier answer: 304 if still so."),
]

BodyT = TypeVar("BodyT", bound=ResponseBody)
PortsT = TypeVar("PortsT", bound=RequestPorts)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def ids_for(session: Session, key: str | None, *about: str) -> NewId:
    """New ids; with a key the same ones for the same person, key and request (`about`), so nothing need be stored.

    Whatever bears the id is then there already, or is done already, when the request comes again.
    """
    if key is None:
        return parts().new_id
    named = "\n".join((session.user_id, *about, key))
    numbers = count()
    return lambda: hashlib.sha256(f"{next(numbers)}\n{named}".encode()).hexdigest()[:32]


def once(ports: PortsT, session: Session, key: str | None, *about: str) -> PortsT:
    """Returns the ports with job ids of `ids_for`: the same request with the same key makes the same job."""
    return replace(ports, new_job_id=ids_for(session, key, *about))


class Unchanged(Exception):
    """The caller has this very answer already: 304."""

    def __init__(self, tag: str) -> None:
        super().__init__("unchanged")
        self.tag = tag


def unless_known(answer: BodyT, if_none_match: str | None) -> Response[BodyT]:
    """200 with the answer and its tag. Raises `Unchanged` when the caller has that one already."""
    tag = f'"{hashlib.sha256(answer.model_dump_json().encode()).hexdigest()[:32]}"'
    asked = if_none_match or ""
    if tag in _TAG.findall(asked) or asked.strip() == "*":
        raise Unchanged(tag)
    return Response(status_code=200, content_type="application/json", body=answer, headers={"ETag": tag})
