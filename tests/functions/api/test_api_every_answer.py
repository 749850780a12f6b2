"""Every answer the OpenAPI document lists can be had, and none can be had that it does not list.

The second half is checked by the client itself at every request of every test.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from api.app import app
from api.document import document
from api.parts import parts
from reprise.domain.accounts import SessionKind
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SyncState
from reprise.ports.channels import ChannelRejected, ChannelUnavailable
from reprise_dev.fakes import MemoryJobQueue

from .conftest import PASSWORD, Answer, Client, Gate, give_token, operations
from .playlist_world import M3U, end, take_in

BY_NAME = {operation["operationId"]: (method, path) for (method, path), operation in operations().items()}
DOCUMENTED = sorted(
    (operation["operationId"], int(status)) for operation in operations().values() for status in operation["responses"]
)
GOOD_BODY: dict[str, Any] = {  # Any: JSON documents
    "createToken": {"label": "x"},
    "setEmail": {"email": "ann@example.org"},
    "signIn": {"username": "", "password": PASSWORD},
}


class Mail:
    configured = True

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def send(self, message: object) -> None:
        if self.error is not None:
            raise self.error


@dataclass
class Scene:
    """One person with one synced playlist and one token, and everything in its place."""

    client: Client
    gate: Gate
    patch: pytest.MonkeyPatch
    playlist_id: str = ""
    token_id: str = ""

    def call(self, name: str, *, client: Client | None = None, foreign: bool = False, **sent: Any) -> Answer:
        method, path = BY_NAME[name]
        ids = {"playlist_id": self.playlist_id, "token_id": self.token_id}
        if foreign:
            ids = {"playlist_id": "p-00000000000000000000000000", "token_id": "0" * 16}
        if name == "importPlaylist" and "body" not in sent:
            sent["body"] = M3U
        if name in GOOD_BODY and not sent:
            sent["json_body"] = dict(GOOD_BODY[name])
            if name == "signIn":
                sent["json_body"]["username"] = self.client.username
        return (client or self.client)(method, path.format(**ids), **sent)

    def replace(self, part: str, by: object) -> None:
        self.patch.setitem(vars(parts()), part, by)


@pytest.fixture
def scene(alice: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Scene:
    gate.accounts[alice.username] = PASSWORD
    alice.address = f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
    made = Scene(client=alice, gate=gate, patch=monkeypatch)
    made.playlist_id = take_in(alice)["id"]
    end(alice, made.playlist_id, SyncState.WARNING)
    made.token_id = alice("POST", "/api/v1/tokens", json_body={"label": "x"}).json["id"]
    alice("PUT", "/api/v1/me/email", json_body={"email": "ann@example.org"})
    made.replace("email", Mail())
    return made


def bad_request(scene: Scene, name: str) -> Answer:
    if name in GOOD_BODY:
        return scene.call(name, body="{", headers={"content-type": "application/json"})
    if name == "importPlaylist":
        return scene.call(name, body=b"\x00")
    return scene.call(name, query={"limit": "0"})


def without_a_token(scene: Scene, name: str) -> Answer:
    if name == "signIn":
        return scene.call(name, json_body={"username": "ann", "password": "wrong"})
    return scene.call(name, client=Client())


def not_allowed(scene: Scene, name: str) -> Answer:
    if name == "signIn":
        scene.gate.failure = SyncFailure(FailureKind.FORBIDDEN)
        return scene.call(name)
    program = Client(token=give_token(scene.client.user_id, SessionKind.API_TOKEN, timedelta(hours=1)))
    return scene.call(name, client=program)


def conflict(scene: Scene, name: str) -> Answer:
    if name == "testEmail":
        scene.client("DELETE", "/api/v1/me/email")
        return scene.call(name)
    answers = [scene.call(name) for _ in range(50)]
    return answers[-1]


def too_large(scene: Scene, name: str) -> Answer:
    return scene.call(name, body="x" * (4 * 1024 * 1024 + 1 if name == "importPlaylist" else 16 * 1024 + 1))


def wrong_content_type(scene: Scene, name: str) -> Answer:
    return scene.call(name, body="a=b", headers={"content-type": "application/x-www-form-urlencoded"})


def too_many(scene: Scene, name: str) -> Answer:
    answers = [scene.call(name) for _ in range(31)]
    return answers[-1]


def broken(scene: Scene, name: str) -> Answer:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"broken, and {PASSWORD} with it")

    if name == "health":
        (route,) = [route for route in app._static_routes if route.operation_id == "health"]
        scene.patch.setattr(route, "_middleware_stack_built", True)
        scene.patch.setattr(route, "_middleware_stack", fail)
    scene.patch.setattr(parts(), "clock", fail)
    return scene.call(name)


def bad_gateway(scene: Scene, name: str) -> Answer:
    scene.gate.failure = SyncFailure(FailureKind.SERVER_ERROR)
    scene.replace("email", Mail(ChannelRejected("The relay refuses.")))
    return scene.call(name)


def unavailable(scene: Scene, name: str) -> Answer:
    scene.gate.failure = SyncFailure(FailureKind.UNREACHABLE)
    scene.replace("email", Mail(ChannelUnavailable("The relay does not answer.")))
    queue = MemoryJobQueue()
    queue.refusing = True
    scene.replace("jobs", queue)
    return scene.call(name)


PROVOKE: dict[int, Callable[[Scene, str], Answer]] = {
    200: lambda scene, name: scene.call(name),
    201: lambda scene, name: scene.call(name),
    202: lambda scene, name: scene.call(name),
    204: lambda scene, name: scene.call(name),
    400: bad_request,
    401: without_a_token,
    403: not_allowed,
    404: lambda scene, name: scene.call(name, foreign=True),
    409: conflict,
    413: too_large,
    415: wrong_content_type,
    429: too_many,
    500: broken,
    502: bad_gateway,
    503: unavailable,
}


@pytest.mark.parametrize(("name", "status"), DOCUMENTED)
def test_a_documented_answer_can_be_had(scene: Scene, log: Callable[[], str], name: str, status: int) -> None:
    answer = PROVOKE[status](scene, name)

    assert answer.status == status, answer.body
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert PASSWORD not in answer.body + log()
    assert answer.body == "" if status == 204 else answer.json is not None
    if status >= 400:
        problem = answer.json
        assert problem["status"] == status
        assert problem["type"].startswith("urn:reprise:problem:")
        assert problem["title"]
        assert problem["detail"]
        assert problem["instance"] == "urn:reprise:request:JKJaXmPLvHcESHA="


def test_an_unforeseen_error_is_logged_by_place_and_kind_only(scene: Scene, log: Callable[[], str]) -> None:
    broken(scene, "readPlaylist")
    assert "builtins.RuntimeError" in log()
    assert "authenticate" in log()
    assert PASSWORD not in log()


def test_the_document_is_openapi_3_1_with_every_route(anyone: Client) -> None:
    answer = anyone("GET", "/api/v1/openapi.json")
    assert answer.body == document(app)
    made = answer.json
    assert made["openapi"].startswith("3.1.")
    routes = {(r.method, r.openapi_path) for r in (*app._static_routes, *app._dynamic_routes)}
    assert set(operations()) == {route for route in routes if route[1].startswith("/api/v1/")}
    assert len(BY_NAME) == len(operations()), "an operationId twice"


def test_every_reference_of_the_document_leads_somewhere_and_every_parameter_is_declared() -> None:
    made = json.loads(document(app))
    schemas = made["components"]["schemas"]
    references = [line.split('"')[3] for line in json.dumps(made, indent=0).splitlines() if '"$ref"' in line]
    assert references
    assert {each.rpartition("/")[2] for each in references} <= set(schemas)
    for (_, path), operation in operations().items():
        in_path = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert in_path == {piece.strip("{}") for piece in path.split("/") if piece.startswith("{")}
        assert "422" not in operation["responses"]
        needs_token = operation.get("security") == [{"token": []}]
        assert needs_token == (operation["operationId"] not in {"signIn", "health", "openapi"})
