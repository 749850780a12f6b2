"""Thresholds, what a list's comment tells, and several settings at once, through the handler."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from api.app import app
from api.document import document
from api.parts import parts
from api.shapes.operations import SettingsRequest
from reprise.domain.settings import SETTINGS
from reprise.matching.policy import DEFAULT_THRESHOLD

from .conftest import PASSWORD, Client, Gate
from .playlist_world import PLAYLISTS, connect, take_in

MINE = "/api/v1/me/match-threshold"
NOTHING_SET = {"own": None, "in_force": DEFAULT_THRESHOLD, "set_by": "instance"}


@pytest.fixture
def mix(alice: Client) -> str:
    """The address of a playlist of hers; she has signed in once."""
    connect(alice)
    return f"{PLAYLISTS}/{take_in(alice)['id']}"


@pytest.fixture
def strict_instance() -> Iterator[None]:
    os.environ["MATCH_THRESHOLD"] = "0.97"
    parts.cache_clear()
    yield
    del os.environ["MATCH_THRESHOLD"]
    parts.cache_clear()


def in_force(client: Client, mix: str) -> tuple[float, str]:
    shown = client("GET", mix).json["match_threshold"]
    assert client("GET", PLAYLISTS).json["playlists"][0]["match_threshold"] == shown
    return shown["in_force"], shown["set_by"]


def test_the_playlists_comes_before_the_persons_before_the_instances(alice: Client, mix: str) -> None:
    assert alice("GET", "/api/v1/me").json["match_threshold"] == NOTHING_SET
    assert alice("GET", mix).json["match_threshold"] == NOTHING_SET
    answer = alice("PUT", MINE, json_body={"threshold": 0.9})
    assert (answer.status, answer.json) == (200, {"own": 0.9, "in_force": 0.9, "set_by": "user"})
    assert alice("GET", "/api/v1/me").json["match_threshold"] == answer.json
    assert alice("GET", mix).json["match_threshold"] == {"own": None, "in_force": 0.9, "set_by": "user"}
    answer = alice("PUT", f"{mix}/match-threshold", json_body={"threshold": 0.5})
    assert answer.status == 200
    assert answer.json["match_threshold"] == {"own": 0.5, "in_force": 0.5, "set_by": "playlist"}
    assert in_force(alice, mix) == (0.5, "playlist")
    assert alice("PUT", f"{mix}/match-threshold", json_body={"threshold": None}).status == 200
    assert in_force(alice, mix) == (0.9, "user")
    assert alice("PUT", MINE, json_body={"threshold": None}).json == NOTHING_SET
    assert in_force(alice, mix) == (DEFAULT_THRESHOLD, "instance")


def test_the_instances_is_what_its_operator_set(strict_instance: None, alice: Client, mix: str) -> None:
    assert in_force(alice, mix) == (0.97, "instance")
    assert alice("GET", "/api/v1/me").json["match_threshold"]["in_force"] == 0.97


def test_a_persons_is_nobody_elses(alice: Client, bob: Client, mix: str) -> None:
    connect(bob)
    bob("PUT", MINE, json_body={"threshold": 1})
    assert alice("GET", "/api/v1/me").json["match_threshold"] == NOTHING_SET
    assert in_force(alice, mix) == (DEFAULT_THRESHOLD, "instance")


def test_it_outlives_signing_in_again_and_goes_with_the_person(alice: Client, gate: Gate, mix: str) -> None:
    gate.accounts[alice.username] = PASSWORD
    alice("PUT", MINE, json_body={"threshold": 0.9})
    signing_in = {"username": alice.username, "password": PASSWORD}
    assert alice("POST", "/api/v1/sessions", json_body=signing_in).status == 201
    assert in_force(alice, mix) == (0.9, "user")
    assert alice("DELETE", "/api/v1/me", json_body=signing_in).status == 204
    alice.token = alice("POST", "/api/v1/sessions", json_body=signing_in).json["token"]
    assert alice("GET", "/api/v1/me").json["match_threshold"] == NOTHING_SET


def test_without_an_account_on_the_music_server_there_is_nothing_to_set(alice: Client) -> None:
    answer = alice("PUT", MINE, json_body={"threshold": 0.9})
    assert (answer.status, answer.json["detail"]) == (409, "Sign in again first.")
    assert alice("GET", "/api/v1/me").json["match_threshold"] == NOTHING_SET


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"threshold": 1.01}', "threshold: This must not be more than 1.0."),
        ('{"threshold": -0.01}', "threshold: This must not be less than 0.0."),
        ('{"threshold": "0.9"}', "threshold: This must be a number."),
        ('{"threshold": true}', "threshold: This must be a number."),
        ('{"threshold": NaN}', "threshold: This must be a number."),
        ('{"threshold": Infinity}', "threshold: This must be a number."),
        ("{}", "threshold: This is required."),
        ('{"threshold": 0.9, "also": 1}', "also: There is no such field."),
    ],
)
def test_what_is_no_threshold_is_refused_and_changes_nothing(alice: Client, mix: str, body: str, detail: str) -> None:
    for where in (MINE, f"{mix}/match-threshold"):
        answer = alice("PUT", where, body=body, headers={"content-type": "application/json"})
        assert (answer.status, answer.json["detail"]) == (400, detail)
    assert in_force(alice, mix) == (DEFAULT_THRESHOLD, "instance")


@pytest.mark.parametrize("whole", [0, 1, 0.0, 1.0])
def test_whole_numbers_are_thresholds(alice: Client, mix: str, whole: float) -> None:
    assert (
        alice("PUT", f"{mix}/match-threshold", json_body={"threshold": whole}).json["match_threshold"]["own"] == whole
    )
    assert alice("PUT", MINE, json_body={"threshold": whole}).json["own"] == whole


def test_what_the_comment_tells_is_off_until_it_is_switched_on(alice: Client, mix: str) -> None:
    assert alice("GET", mix).json["include_unmatched_tracks"] is False
    answer = alice("PUT", f"{mix}/unmatched-tracks", json_body={"include": True})
    assert (answer.status, answer.json["include_unmatched_tracks"]) == (200, True)
    assert alice("GET", mix).json == answer.json
    assert (
        alice("PUT", f"{mix}/unmatched-tracks", json_body={"include": False}).json["include_unmatched_tracks"] is False
    )


@pytest.mark.parametrize("body", [{}, {"include": "yes"}, {"include": 1}, {"include": None}, {"include": True, "x": 1}])
def test_what_is_neither_on_nor_off_changes_nothing(alice: Client, mix: str, body: dict[str, object]) -> None:
    assert alice("PUT", f"{mix}/unmatched-tracks", json_body=body).status == 400
    assert alice("GET", mix).json["include_unmatched_tracks"] is False


# --- several at once ---------------------------------------------------------------------------------------------


def test_any_number_of_settings_change_at_once_and_what_is_left_out_stays(alice: Client, mix: str) -> None:
    answer = alice("PATCH", mix, json_body={"enabled": False, "remote_name": " Lundi ", "match_threshold": 0.5})
    assert answer.status == 200
    assert alice("GET", mix).json == answer.json
    assert (answer.json["enabled"], answer.json["remote_name"]) == (False, "Lundi")
    assert answer.json["match_threshold"] == {"own": 0.5, "in_force": 0.5, "set_by": "playlist"}
    assert answer.json["include_unmatched_tracks"] is False

    answer = alice("PATCH", mix, json_body={"remote_name": None, "include_unmatched_tracks": True})
    assert (answer.json["enabled"], answer.json["remote_name"]) == (False, None)
    assert answer.json["match_threshold"]["own"] == 0.5
    assert answer.json["include_unmatched_tracks"] is True
    assert alice("PATCH", mix, json_body={}).json == answer.json
    events = alice("GET", f"{mix}/events").json["events"]
    assert sorted(event["type"] for event in events) == [
        "playlist_disabled",
        "playlist_imported",
        "playlist_renamed",
        "playlist_renamed",
        "settings_changed",
        "settings_changed",
    ]


def test_settings_of_the_document_are_the_settings_there_are(alice: Client, mix: str) -> None:
    assert list(SettingsRequest.model_fields) == list(SETTINGS)
    schema = json.loads(document(app))["components"]["schemas"]["SettingsRequest"]
    assert list(schema["properties"]) == list(SETTINGS)
    assert "required" not in schema
    assert [name for name, each in schema["properties"].items() if "default" in each] == []
    assert set(SETTINGS) <= set(alice("GET", mix).json)


@pytest.mark.parametrize(
    ("bad", "detail"),
    [
        ({"remote_name": "a\nb"}, "remote_name: This must not hold a control character."),
        ({"remote_name": "   "}, "remote_name: This must not be empty."),
        ({"remote_name": ""}, "remote_name: This must not be empty."),
        ({"remote_name": 5}, "remote_name: This must be a text."),
        ({"match_threshold": 1.5}, "match_threshold: This must not be more than 1.0."),
        ({"match_threshold": "0.5"}, "match_threshold: This must be a number."),
        ({"include_unmatched_tracks": None}, "include_unmatched_tracks: This must be true or false."),
        ({"enabled": "yes"}, "enabled: This must be true or false."),
        ({"name": "Lundi"}, "name: There is no such field."),
        ({"playlist_id": "p-2"}, "playlist_id: There is no such field."),
    ],
)
def test_one_that_cannot_be_used_leaves_all_as_they_were(
    alice: Client, mix: str, bad: dict[str, object], detail: str
) -> None:
    before, trail = alice("GET", mix).json, alice("GET", f"{mix}/events").json
    answer = alice("PATCH", mix, json_body={"enabled": False, "include_unmatched_tracks": True} | bad)
    assert (answer.status, answer.json["detail"]) == (400, detail)
    assert answer.json["type"] == "urn:reprise:problem:invalid-input"
    assert (alice("GET", mix).json, alice("GET", f"{mix}/events").json) == (before, trail)


def test_a_name_of_a_list_that_cannot_be_used_is_told_as_the_field_that_was_sent(alice: Client, mix: str) -> None:
    answer = alice("PUT", f"{mix}/remote-name", json_body={"name": " "})
    assert (answer.status, answer.json["where"]) == (400, "name")


def test_each_change_of_a_playlist_is_in_its_trail_once(alice: Client, mix: str) -> None:
    for _ in range(2):
        alice("PUT", f"{mix}/match-threshold", json_body={"threshold": 0.5})
        alice("PUT", f"{mix}/unmatched-tracks", json_body={"include": True})
    events = alice("GET", f"{mix}/events").json["events"]
    assert [(event["type"], event["metadata"]) for event in events[:-1]] == [
        ("settings_changed", {"setting": "include_unmatched_tracks", "value": True}),
        ("settings_changed", {"setting": "match_threshold", "value": 0.5}),
    ]
