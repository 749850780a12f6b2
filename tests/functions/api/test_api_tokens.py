"""API tokens through the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from reprise.domain.accounts import SessionKind

from .conftest import Client

TOKENS = "/api/v1/tokens"


def test_a_token_is_shown_once_and_opens_the_api(alice: Client) -> None:
    made = alice("POST", TOKENS, json_body={"label": "cron job", "expires_in_days": 30})
    assert made.status == 201
    ends = datetime.fromisoformat(made.json["expires_at"])
    assert timedelta(days=29, hours=23) < ends - datetime.now(UTC) <= timedelta(days=30)

    assert Client(token=made.json["token"])("GET", "/api/v1/me").json["user_id"] == alice.user_id
    listed = alice("GET", TOKENS)
    assert made.json["token"] not in listed.body
    assert listed.json["tokens"] == [{name: made.json[name] for name in ("id", "label", "created_at", "expires_at")}]


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ({"label": "x"}, 90),
        ({"label": "x", "expires_in_days": None}, 90),
        ({"label": "x", "expires_in_days": 365}, 365),
    ],
)
def test_every_token_has_an_end(alice: Client, body: dict[str, object], days: int) -> None:
    made = alice("POST", TOKENS, json_body=body).json
    assert datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"]) == timedelta(days)


def test_a_token_that_was_made_without_an_end_tells_the_one_it_has(person: Callable[..., Client]) -> None:
    (old,) = person(SessionKind.API_TOKEN, None)("GET", TOKENS).json["tokens"]
    assert datetime.fromisoformat(old["expires_at"]) - datetime.fromisoformat(old["created_at"]) == timedelta(365)


def test_thirty_point_zero_is_thirty(alice: Client) -> None:
    assert alice("POST", TOKENS, json_body={"label": "x", "expires_in_days": 30.0}).status == 201


def test_a_revoked_token_opens_nothing(alice: Client) -> None:
    made = alice("POST", TOKENS, json_body={"label": "x"}).json
    assert alice("DELETE", f"{TOKENS}/{made['id']}").status == 204
    assert Client(token=made["token"])("GET", "/api/v1/me").status == 401
    assert alice("GET", TOKENS).json == {"tokens": []}
    assert alice("DELETE", f"{TOKENS}/{made['id']}").status == 404


def test_another_persons_token_is_404_and_goes_on_working(alice: Client, bob: Client) -> None:
    made = alice("POST", TOKENS, json_body={"label": "x"}).json
    assert bob("DELETE", f"{TOKENS}/{made['id']}").status == 404
    assert Client(token=made["token"])("GET", "/api/v1/me").status == 200
    assert bob("GET", TOKENS).json == {"tokens": []}


def test_a_token_neither_makes_nor_revokes_tokens(person: Callable[..., Client]) -> None:
    program = person(SessionKind.API_TOKEN, None)
    (own,) = program("GET", TOKENS).json["tokens"]
    for refused in (program("POST", TOKENS, json_body={"label": "x"}), program("DELETE", f"{TOKENS}/{own['id']}")):
        assert (refused.status, refused.json["type"]) == (403, "urn:reprise:problem:not-allowed")
    assert len(program("GET", TOKENS).json["tokens"]) == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "label"),
        ({"label": ""}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"label": "a\x1bb"}, "label"),
        ({"label": "x", "expires_in_days": 0}, "expires_in_days"),
        ({"label": "x", "expires_in_days": 366}, "expires_in_days"),
        ({"label": "x", "expires_in_days": 1.5}, "expires_in_days"),
        ({"label": "x", "expires_in_days": "30"}, "expires_in_days"),
        ({"label": "x", "expires_in_days": True}, "expires_in_days"),
        ({"label": "x", "expires_in_days": 10**400}, "expires_in_days"),
    ],
)
def test_what_cannot_be_a_token_is_400(alice: Client, body: dict[str, object], where: str) -> None:
    refused = alice("POST", TOKENS, json_body=body)
    assert (refused.status, refused.json["where"]) == (400, where)
    assert alice("GET", TOKENS).json == {"tokens": []}


def test_fifty_tokens_are_enough(alice: Client) -> None:
    for _ in range(50):
        assert alice("POST", TOKENS, json_body={"label": "x"}).status == 201
    assert alice("POST", TOKENS, json_body={"label": "x"}).status == 409
