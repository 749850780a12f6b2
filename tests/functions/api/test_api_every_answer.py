"""Every answer the OpenAPI document lists can be had, and none can be had that it does not list.

The second half is checked by the client itself at every request of every test.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.app import app
from api.document import document
from api.parts import parts
from reprise.domain.accounts import SessionKind
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.matches import Override
from reprise.domain.playlists import SourceRef, SyncState
from reprise.ports.channels import ChannelRejected, ChannelUnavailable
from reprise.ports.sources import FoundPlaylist
from reprise.ports.targets import RemotePlaylist
from reprise_dev.doubles.fakes import MemoryJobQueue, MemoryLibraryIndexes

from .conftest import PASSWORD, Answer, Client, Gate, give_token, operations
from .playlist_world import M3U, begin, connect, end, held_back, previewed, read_library, snapshot, take_in

BY_NAME = {operation["operationId"]: (method, path) for (method, path), operation in operations().items()}
DOCUMENTED = sorted(
    (operation["operationId"], int(status)) for operation in operations().values() for status in operation["responses"]
)
GOOD_BODY: dict[str, Any] = {  # Any: JSON documents
    "createToken": {"label": "x"},
    "setEmail": {"email": "ann@example.org"},
    "signIn": {"username": "", "password": PASSWORD},
    "importPlaylistByUrl": {"url": "https://lists.example/mix.m3u"},
    "toggleSync": {"enabled": False},
    "changeSettings": {"enabled": False, "remote_name": "Evening, mine", "match_threshold": 0.9},
    "setRemoteName": {"name": "Evening, mine"},
    "setThreshold": {"threshold": 0.9},
    "setPlaylistThreshold": {"threshold": 0.9},
    "setUnmatchedTracks": {"include": True},
    "undo": {"report_id": "r-1"},
    "confirmHeld": {"report_id": "r-held"},
    "dismissHeld": {"report_id": "r-held"},
    "chooseMatch": {"library_id": "song-1"},
    "deleteMe": {"username": "", "password": PASSWORD},
}
WITH_FILE = {"importPlaylist", "replaceFile"}
WITH_KEY = {
    operation["operationId"]
    for operation in operations().values()
    if any(each["name"] == "idempotency-key" for each in operation.get("parameters", []))
}
CONDITIONAL = {"readPlaylist", "readSyncStatus"}
WITH_SERVER = {"listLinkCandidates", "linkPlaylist"}
QUERY = {"searchLibrary": {"query": "sinnerman"}}


class Mail:
    configured = True

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def send(self, message: object) -> None:
        if self.error is not None:
            raise self.error


class Web:
    """`PlaylistFinder` of one address, where there is a file or a failure."""

    def __init__(self) -> None:
        self.failure: SyncFailure | None = None

    def find(self, url: str) -> FoundPlaylist:
        if self.failure is not None:
            raise self.failure
        content, label = parts().reader.parse(M3U, filename="mix.m3u", content_type="")
        return FoundPlaylist(url=url, host="lists.example", content=content, format=label, name="mix")

    def keep(self, user_id: str, found: FoundPlaylist) -> SourceRef:
        return SourceRef(kind="web", locator=found.url, label=found.host, version=found.content.version)


class Exhausted:
    """`AttemptStore` of a person who has tried too often."""

    def count(self, key: str, *, window_s: int, now: datetime) -> int:
        return 1_000_000

    def take_back(self, key: str, *, window_s: int, now: datetime) -> None:
        """There is no end to how often they tried."""

    def remembers(self, key: str, *, now: datetime) -> bool:
        return False


@dataclass
class Scene:
    """One person with one synced playlist that is held back, one token, and everything in its place."""

    client: Client
    gate: Gate
    patch: pytest.MonkeyPatch
    playlist_id: str = ""
    token_id: str = ""

    def call(self, name: str, *, client: Client | None = None, foreign: bool = False, **sent: Any) -> Answer:
        method, path = BY_NAME[name]
        ids = {
            "playlist_id": self.playlist_id,
            "token_id": self.token_id,
            "remote_id": "remote-1",
            "track_key": "isrc:USPR36500001",
        }
        if foreign:
            ids |= {
                "playlist_id": "p-00000000000000000000000000",
                "token_id": "0" * 16,
                "track_key": "nokind",
            }
        if name in WITH_FILE and "body" not in sent:
            sent["body"] = M3U
        if name in QUERY:
            sent.setdefault("query", QUERY[name])
        if name in GOOD_BODY and "json_body" not in sent and "body" not in sent:
            sent["json_body"] = dict(GOOD_BODY[name])
            if name in {"signIn", "deleteMe"}:
                sent["json_body"]["username"] = self.client.username
        return (client or self.client)(method, path.format(**ids), **sent)

    def replace(self, part: str, by: object) -> None:
        self.patch.setitem(vars(parts()), part, by)


@pytest.fixture
def scene(request: pytest.FixtureRequest, alice: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """What the route of the test may need, and no more: each thing costs several calls."""
    name = request.node.callspec.params["name"] if hasattr(request.node, "callspec") else "readPlaylist"
    gate.accounts[alice.username] = PASSWORD
    gate.lists = [a_list()]
    alice.address = f"198.51.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
    made = Scene(client=alice, gate=gate, patch=monkeypatch)
    made.replace("finder", Web())
    made.replace("email", Mail())
    if "{playlist_id}" in BY_NAME[name][1] or name == "syncAll":
        made.playlist_id = take_in(alice)["id"]
        end(alice, made.playlist_id, SyncState.WARNING, held=held_back(), history=(snapshot("r-1"),))
    if name in NEEDS:
        NEEDS[name](made)
    return made


def with_token(scene: Scene) -> None:
    scene.token_id = scene.client("POST", "/api/v1/tokens", json_body={"label": "x"}).json["id"]


def with_choice(scene: Scene) -> None:
    override = Override(track_key="isrc:USPR36500001", never=frozenset({"song-2"}))
    parts().overrides.put(scene.client.user_id, override)


NEEDS: dict[str, Callable[[Scene], object]] = {
    "revokeToken": with_token,
    "testEmail": lambda scene: scene.client("PUT", "/api/v1/me/email", json_body={"email": "ann@example.org"}),
    "listLinkCandidates": lambda scene: connect(scene.client),
    "linkPlaylist": lambda scene: connect(scene.client),
    "setThreshold": lambda scene: connect(scene.client),
    "readPreview": lambda scene: previewed(scene.client, scene.playlist_id),
    "searchLibrary": lambda scene: read_library(scene.client),
    "chooseMatch": lambda scene: read_library(scene.client),
    "forgetMatch": with_choice,
}


def a_list(**changed: Any) -> RemotePlaylist:
    facts: dict[str, Any] = {"remote_id": "remote-1", "name": "Old", "owner": "me", "song_count": 3, "writable": True}
    return RemotePlaylist(**{**facts, **changed})


def bad_request(scene: Scene, name: str) -> Answer:
    if name in GOOD_BODY:
        return scene.call(name, body="{", headers={"content-type": "application/json"})
    if name in WITH_FILE:
        return scene.call(name, body=b"\x00")
    if name in WITH_KEY:
        return scene.call(name, headers={"idempotency-key": "x" * 256})
    if name in CONDITIONAL:
        return scene.call(name, headers={"if-none-match": "x" * 1025})
    if name == "downloadMissing":
        return scene.call(name, query={"format": "exe"})
    return scene.call(name, query={"limit": "0", **QUERY.get(name, {})})


def accepted(scene: Scene, name: str) -> Answer:
    if name == "toggleSync":
        return scene.call(name, json_body={"enabled": False, "navidrome_action": "delete"})
    return scene.call(name)


def not_modified(scene: Scene, name: str) -> Answer:
    return scene.call(name, headers={"if-none-match": scene.call(name).headers["ETag"]})


def without_a_token(scene: Scene, name: str) -> Answer:
    if name == "signIn":
        return scene.call(name, json_body={"username": "ann", "password": "wrong"})
    return scene.call(name, client=Client())


def not_allowed(scene: Scene, name: str) -> Answer:
    if name == "signIn":
        scene.gate.failure = SyncFailure(FailureKind.FORBIDDEN)
        return scene.call(name)
    if name in WITH_SERVER:
        scene.gate.failure = SyncFailure(FailureKind.FORBIDDEN)
        return scene.call(name)
    program = Client(token=give_token(scene.client.user_id, SessionKind.API_TOKEN, timedelta(hours=1)))
    return scene.call(name, client=program)


def conflict(scene: Scene, name: str) -> Answer:
    if name == "testEmail":
        scene.client("DELETE", "/api/v1/me/email")
        return scene.call(name)
    if name == "setThreshold":
        parts().connections.remove(scene.client.user_id, MUSIC_SERVER)
        return scene.call(name)
    if name == "createToken":
        return [scene.call(name) for _ in range(51)][-1]
    if name in {"importPlaylist", "importPlaylistByUrl"}:
        scene.call(name, headers={"idempotency-key": "k"})
        other = {"body": M3U + b"y.mp3\n"} if name in WITH_FILE else {"json_body": {"url": "https://lists.example/2"}}
        return scene.call(name, headers={"idempotency-key": "k"}, **other)
    if name == "replaceFile":
        scene.playlist_id = scene.call("importPlaylistByUrl").json["id"]
        return scene.call(name)
    if name in {"confirmHeld", "dismissHeld"}:
        return scene.call(name, json_body={"report_id": "r-another"})
    if name == "searchLibrary":
        scene.replace("indexes", MemoryLibraryIndexes())
        return scene.call(name)
    if name == "listLinkCandidates":
        scene.gate.accounts.clear()
        return scene.call(name)
    begin(scene.client, scene.playlist_id)
    return accepted(scene, name)


def too_large(scene: Scene, name: str) -> Answer:
    return scene.call(name, body="x" * (4 * 1024 * 1024 + 1 if name in WITH_FILE else 16 * 1024 + 1))


def wrong_content_type(scene: Scene, name: str) -> Answer:
    return scene.call(name, body="a=b", headers={"content-type": "application/x-www-form-urlencoded"})


def too_many(scene: Scene, name: str) -> Answer:
    if name == "testEmail":
        return [scene.call(name) for _ in range(6)][-1]
    scene.replace("attempts", Exhausted())
    answer = accepted(scene, name) if name == "toggleSync" else scene.call(name)
    assert int(answer.headers["Retry-After"]) > 0
    return answer


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
    parts().finder.failure = SyncFailure(FailureKind.NOT_FOUND)  # type: ignore[attr-defined]  # this scene's own
    scene.gate.failure = SyncFailure(FailureKind.SERVER_ERROR)
    scene.replace("email", Mail(ChannelRejected("The relay refuses.")))
    return scene.call(name)


def unavailable(scene: Scene, name: str) -> Answer:
    scene.gate.failure = SyncFailure(FailureKind.UNREACHABLE)
    scene.replace("email", Mail(ChannelUnavailable("The relay does not answer.")))
    queue = MemoryJobQueue()
    queue.refusing = True
    scene.replace("jobs", queue)
    return accepted(scene, name)


PROVOKE: dict[int, Callable[[Scene, str], Answer]] = {
    200: lambda scene, name: scene.call(name),
    201: lambda scene, name: scene.call(name),
    202: accepted,
    204: lambda scene, name: scene.call(name),
    304: not_modified,
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
    assert bool(answer.body) == (status not in {204, 304})
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


def test_every_route_has_a_line_in_the_docs() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    lines = {f"`{method} {path.removeprefix('/api/v1')}`" for method, path in operations()}
    assert {line for line in lines if line not in page} == set()


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
        assert needs_token == (operation["operationId"] not in {"signIn", "health", "openapi", "docs"})


JSON_SCHEMA = {
    "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum", "format", "items", "maxItems",
    "maxLength", "maximum", "minLength", "minimum", "pattern", "properties", "required", "title", "type",
}  # fmt: skip


def keywords_of(schema: dict[str, Any]) -> set[str]:
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    inner += [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]
    return set(schema).union(*map(keywords_of, inner))


def test_the_document_says_nothing_that_programs_would_not_understand() -> None:
    for schema in json.loads(document(app))["components"]["schemas"].values():
        assert keywords_of(schema) <= JSON_SCHEMA
    for operation in operations().values():
        for parameter in operation.get("parameters", []):
            assert keywords_of(parameter["schema"]) <= JSON_SCHEMA
        for status in {"204", "304"} & set(operation["responses"]):
            assert "content" not in operation["responses"][status], "such answers never have a body"


def test_every_operation_stands_in_a_section_and_every_section_holds_some() -> None:
    sections = [tag["name"] for tag in json.loads(document(app))["tags"]]
    assert {name for operation in operations().values() for name in operation["tags"]} == set(sections)
