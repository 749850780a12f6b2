"""Another person's id on every route of the deployed API: it is not there, and nothing of theirs changes.

What is in the document decides which routes there are, and what a good request to them is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reprise_dev.local.walkthrough import Told
from reprise_dev.local.world import World

from .calling import Caller, Operation
from .kept import rows
from .lists import SONGS, a_file

# A track's key is the same for everybody: who chooses with it chooses for themselves.
OWN_CHOICE = "chooseMatch"


@pytest.fixture(scope="module")
def owner(newcomer: Callable[..., Caller]) -> Caller:
    return newcomer("owner")


@pytest.fixture(scope="module")
def ids(owner: Caller) -> dict[str, str]:
    """One of each kind, all the owner's."""
    playlist_id = owner("POST", "/playlists", a_file(*SONGS[:2]))["id"]
    owner.synced(playlist_id)
    playlist = owner("GET", f"/playlists/{playlist_id}")
    track = owner("GET", f"/playlists/{playlist_id}/match-report")["tracks"][0]["key"]
    owner("PUT", f"/matches/{track}", {"never": ["a-song-of-no-library"]})
    token = owner("POST", "/tokens", {"label": "theirs"})["id"]
    return {"playlist_id": playlist_id, "remote_id": playlist["remote_id"], "track_key": track, "token_id": token}


def test_another_persons_id_is_not_there_on_any_route(
    world: World, told: Told, owner: Caller, ids: dict[str, str], newcomer: Callable[..., Caller]
) -> None:
    stranger = newcomer("stranger")
    before = _kept(world, owner)
    tried = [each for each in stranger.operations if "{" in each.path and each.name != OWN_CHOICE]

    answers = {each.name: stranger.ask(each.method, _address(each, ids), _body(each)) for each in tried}

    assert len(answers) > 20
    assert {name: answer.text for name, answer in answers.items() if answer.status != 404} == {}
    assert _kept(world, owner) == before


def _kept(world: World, owner: Caller) -> list[str]:
    user_id = str(owner("GET", "/me")["user_id"])
    tables = ("PlaylistsTable", "OverridesTable", "SessionsTable", "EventsTable")
    return sorted(str(row) for table in tables for row in rows(world, table) if user_id in str(row))


def _address(operation: Operation, ids: dict[str, str]) -> str:
    required = [each for each in operation.written.get("parameters", []) if each["in"] == "query" and each["required"]]
    query = "&".join(f"{each['name']}={_good(each['schema'])}" for each in required)
    return operation.path.format(**ids) + (f"?{query}" if query else "")


def _body(operation: Operation) -> dict[str, Any] | bytes | None:  # Any: a JSON document
    content = operation.written.get("requestBody", {}).get("content", {})
    if "application/octet-stream" in content:
        return a_file(*SONGS[:3])
    if not content:
        return None
    schema = operation.schemas[content["application/json"]["schema"]["$ref"].rpartition("/")[2]]
    return {name: _good(each) for name, each in schema["properties"].items()}


def _good(schema: dict[str, Any]) -> Any:  # Any: JSON documents
    """A value that the schema allows."""
    if "default" in schema:
        return schema["default"]
    if "anyOf" in schema:
        return _good(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    return {
        "string": "x" * schema.get("minLength", 1),
        "boolean": False,
        "integer": int(schema.get("minimum", 1)),
        "number": schema.get("minimum", 0),
        "array": [],
        "object": {},
    }[schema["type"]]
