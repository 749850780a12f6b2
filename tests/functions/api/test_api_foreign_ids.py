"""Another person's id on every route: it is not there, nothing of theirs is shown, and nothing of theirs changes.

The routes come from the OpenAPI document. One that is added is tried here by itself, and one with a kind of id that is
not known here fails.
"""

from __future__ import annotations

from typing import Any

import pytest

from api.parts import parts
from reprise.domain.matches import Override
from reprise.domain.playlists import SyncState
from reprise_dev.doubles.cloud import Cloud

from .conftest import PASSWORD, Client, Gate, operations
from .playlist_world import M3U, PLAYLISTS, connect, end, held_back, previewed, read_library, snapshot, take_in
from .test_api_every_answer import GOOD_BODY, QUERY, WITH_FILE, a_list

TRACK = "isrc:USPR36500001"
NOBODYS = {
    "playlist_id": "p-00000000000000000000000000",
    "token_id": "0" * 16,
    "track_key": "isrc:USPR36599999",
    "remote_id": "remote-0",
}
# A track's key is the same for everybody: who chooses with it chooses for themselves.
OWN_CHOICE = "chooseMatch"
WITH_ID = sorted(
    (operation["operationId"], method, path)
    for (method, path), operation in operations().items()
    if "{" in path and operation["operationId"] != OWN_CHOICE
)
PAGED = sorted(
    (operation["operationId"], path)
    for (_, path), operation in operations().items()
    if any(each["name"] == "cursor" for each in operation.get("parameters", []))
)


@pytest.fixture
def ids(alice: Client, bob: Client, cloud: Cloud, gate: Gate) -> dict[str, str]:
    """One of each kind, all alice's. Bob has as much as she, so that for want of something he is refused nothing."""
    for client in (alice, bob):
        gate.accounts[client.username] = PASSWORD
        connect(client)
        read_library(client)
        client("PUT", "/api/v1/me/email", json_body={"email": "somebody@example.org"})
    gate.lists = [a_list()]
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING, held=held_back(), history=(snapshot("r-1"),))
    previewed(alice, playlist_id)
    parts().overrides.put(alice.user_id, Override(track_key=TRACK, chosen="song-1"))
    token = alice("POST", "/api/v1/tokens", json_body={"label": "hers"}).json["id"]
    cloud.messages("SYNC_JOBS_QUEUE_URL")
    return {"playlist_id": playlist_id, "token_id": token, "track_key": TRACK, "remote_id": "remote-1"}


def everything(client: Client, playlist_id: str) -> list[Any]:  # Any: JSON documents
    own = [f"{PLAYLISTS}/{playlist_id}{rest}" for rest in ("", "/history", "/events", "/match-report", "/preview")]
    return [client("GET", path).json for path in (*own, PLAYLISTS, "/api/v1/tokens", "/api/v1/matches")]


@pytest.mark.parametrize(("name", "method", "path"), WITH_ID)
def test_another_persons_id_is_not_there_and_nothing_of_theirs_changes(
    alice: Client, bob: Client, cloud: Cloud, gate: Gate, ids: dict[str, str], name: str, method: str, path: str
) -> None:
    before, asked = everything(alice, ids["playlist_id"]), gate.asked

    hers, nobodys = (
        bob(
            method,
            path.format(**each),
            json_body=GOOD_BODY.get(name),
            body=M3U if name in WITH_FILE else None,
            query=QUERY.get(name),
        )
        for each in (ids, NOBODYS)
    )

    assert (hers.status, hers.json["type"]) == (404, "urn:reprise:problem:not-found")
    assert hers.json == nobodys.json, "what is somebody else's looks like what is not there"
    assert everything(alice, ids["playlist_id"]) == before
    assert cloud.messages("SYNC_JOBS_QUEUE_URL") == []
    assert gate.asked == asked, "for an id that is nobody's the music server is not troubled"


def test_there_is_no_kind_of_id_that_is_not_tried_here() -> None:
    in_paths = {piece.strip("{}") for _, path in operations() for piece in path.split("/") if piece.startswith("{")}
    assert in_paths == set(NOBODYS)


def test_a_choice_with_a_key_that_others_chose_with_is_ones_own(
    alice: Client, bob: Client, ids: dict[str, str]
) -> None:
    before = everything(alice, ids["playlist_id"])
    chosen = bob("PUT", f"/api/v1/matches/{TRACK}", json_body={"library_id": "song-2"})
    assert chosen.json == {"key": TRACK, "library_id": "song-2", "never": []}
    assert everything(alice, ids["playlist_id"]) == before


def test_a_list_on_the_music_server_that_one_cannot_see_there_is_not_there(
    bob: Client, gate: Gate, ids: dict[str, str]
) -> None:
    own = f"{PLAYLISTS}/{take_in(bob)['id']}"
    gate.lists = []
    answer = bob("POST", f"{own}/link/{ids['remote_id']}")
    assert (answer.status, bob("GET", own).json["remote_id"]) == (404, None)


@pytest.mark.parametrize(("name", "status"), [("undo", 404), ("held/confirm", 409), ("held/dismiss", 409)])
def test_a_report_of_another_person_is_none_of_ones_own_playlist(
    bob: Client, cloud: Cloud, ids: dict[str, str], name: str, status: int
) -> None:
    own = f"{PLAYLISTS}/{take_in(bob)['id']}"
    reports = {"undo": "r-1", "held/confirm": "r-held", "held/dismiss": "r-held"}
    assert bob("POST", f"{own}/{name}", json_body={"report_id": reports[name]}).status == status
    assert cloud.messages("SYNC_JOBS_QUEUE_URL") == []


@pytest.mark.parametrize(("name", "path"), PAGED)
def test_the_cursor_of_another_person_opens_nothing_of_theirs(
    alice: Client, bob: Client, ids: dict[str, str], name: str, path: str
) -> None:
    for client in (alice, bob):
        take_in(client)
        parts().overrides.put(client.user_id, Override(track_key=f"text:{client.username}", chosen="song-1"))
    cursor = alice("GET", path.format(**ids), query={"limit": "1"}).json["cursor"]
    assert cursor
    own = {"playlist_id": take_in(bob)["id"]}

    answer = bob("GET", path.format(**own), query={"cursor": cursor})

    assert answer.status in {200, 400}
    theirs = [client("GET", path.format(**mine)).json for client, mine in ((alice, ids), (bob, own))]
    hers, his = (_named(page) for page in theirs)
    shown = _named(answer.json)
    assert not shown & hers
    assert answer.status == 400 or shown <= his


def _named(page: dict[str, Any]) -> set[str]:  # Any: a JSON document
    """Everything on a page, by what tells it from others."""
    return {each.get("id") or each["key"] for rows in page.values() if isinstance(rows, list) for each in rows}
