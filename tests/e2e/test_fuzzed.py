"""Requests made from the OpenAPI document, good ones and bad ones, to the deployed API: no mistakes, and no answer that
the document does not tell of.

The same on the function alone is in tests/functions/api, with more of them. Here the way is the whole one: HTTP, the
gateway's idea of an event, real roles and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reprise_dev.local.world import World

from .calling import Caller
from .kept import rows
from .lists import SONGS, a_file
from .queues import held_still, messages

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOUNDED = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Somebody:
    """A person of these tests alone, with a playlist that has been through everything once."""

    caller: Caller
    playlist_id: str

    def token_for(self, operation: str) -> str:
        """Signing out ends what it is done with: so it is done with a token for this one time."""
        if operation != "signOut":
            return self.caller.token
        return str(self.caller("POST", "/tokens", {"label": "for once"})["token"])

    def playlist_for(self, operation: str) -> str:
        if operation != "removePlaylist":
            return self.playlist_id
        return str(self.caller("POST", "/playlists", a_file(*SONGS[:2]))["id"])


@pytest.fixture
def somebody(world: World, newcomer: Callable[..., Caller]) -> Iterator[Somebody]:
    """Their jobs are not carried out: what is under test answers before, and nobody else shall wait for them."""
    caller = newcomer("somebody")
    playlist_id = str(caller("POST", "/playlists", a_file(*SONGS[:4]))["id"])
    caller.synced(playlist_id)
    caller.done(playlist_id, caller("POST", f"/playlists/{playlist_id}/preview"))
    with held_still(world, "SyncFunction", "SyncJobsQueue"):
        yield Somebody(caller, playlist_id)
        messages(world, "SyncJobsQueue", taken=True)
    _forget_attempts(world)


def _forget_attempts(world: World) -> None:
    """Everybody here comes from one address, and after so many guesses it may sign in no more."""
    dynamodb = world.stack.emulator.client("dynamodb")
    for row in rows(world, "AttemptsTable"):
        dynamodb.delete_item(TableName=world.stack["AttemptsTable"], Key={"attempt_key": row["attempt_key"]})


def test_every_answer_is_as_the_document_says(world: World, somebody: Somebody, subtests: pytest.Subtests) -> None:
    schema = schemathesis.openapi.from_url(f"{world.address}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    left_out = {each.name for each in somebody.caller.operations} - {_name(operation) for operation in operations}
    assert left_out == {"openapi"}, "by schemathesis, because that one it has called already"
    for operation in operations:
        with subtests.test(operation.label):
            _fuzz(operation, somebody)


def _name(operation: schemathesis.schemas.APIOperation) -> str:
    return str(operation.definition.raw["operationId"])


def _fuzz(operation: schemathesis.schemas.APIOperation, somebody: Somebody) -> None:
    name = _name(operation)

    @given(case=_cases(operation))
    @BOUNDED
    def ask(case: schemathesis.Case) -> None:
        if "playlist_id" in case.path_parameters:
            case.path_parameters["playlist_id"] = somebody.playlist_for(name)
        response = case.call(headers={"authorization": f"Bearer {somebody.token_for(name)}"})
        case.validate_response(response, checks=CHECKS)

    ask()


def _cases(operation: schemathesis.schemas.APIOperation) -> st.SearchStrategy[schemathesis.Case]:
    """Good requests, and bad ones where there is anything to send that could be bad."""
    good, bad = (operation.as_strategy(mode) for mode in schemathesis.GenerationMode)
    return good | bad if operation.query or operation.headers or operation.body else good
