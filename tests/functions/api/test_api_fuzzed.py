"""Requests made from the OpenAPI document, good ones and bad ones: no mistakes, and no answer it does not tell of."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.wrappers import Request

from api.app import handler
from api.parts import parts
from reprise.domain.playlists import SyncState

from .conftest import CONTEXT, PASSWORD, Client, Gate
from .playlist_world import connect, end, held_back, read_library, snapshot, take_in
from .test_api_every_answer import Web, a_list

EXAMPLES = 12


def as_api_gateway_does(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # Any: WSGI
    """A WSGI application in front of the handler."""
    request = Request(environ)
    sent = {name.lower(): value for name, value in request.headers.items()}
    event = Client().event(
        request.method,
        request.path,
        body=request.get_data(),
        headers=sent,
        query={name: ",".join(values) for name, values in request.args.lists()},
        base64_encoded=None,
    )
    answer = handler(event, CONTEXT)
    status = HTTPStatus(answer["statusCode"])
    packed = answer.get("isBase64Encoded")
    shown = {name: value for name, value in answer["headers"].items() if name != "Content-Encoding"}
    start_response(f"{status.value} {status.phrase}", list(shown.items()))
    body = (answer.get("body") or "").encode()
    return [gzip.decompress(base64.b64decode(body)) if packed else body]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", as_api_gateway_does)


@dataclass
class Somebody:
    token: str | None
    playlist_id: str


@pytest.fixture
def somebody(alice: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Somebody:
    """A person with everything, whose requests for other servers are answered here."""
    monkeypatch.setitem(vars(parts()), "finder", Web())
    gate.accounts[alice.username] = PASSWORD
    gate.lists = [a_list()]
    connect(alice)
    read_library(alice)
    made = take_in(alice)["id"]
    end(alice, made, SyncState.WARNING, held=held_back(), history=(snapshot("r-1"),))
    return Somebody(token=alice.token, playlist_id=made)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_document_says(case: schemathesis.Case, somebody: Somebody) -> None:
    if "playlist_id" in case.path_parameters:
        case.path_parameters["playlist_id"] = somebody.playlist_id
    response = case.call(headers={"authorization": f"Bearer {somebody.token}"})
    case.validate_response(
        response,
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
