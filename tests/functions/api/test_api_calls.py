"""How many AWS calls each route makes: what a request costs, and how long it waits.

What shows a playlist reads its owner's threshold for it, once; what is made for polling does not.
"""

from __future__ import annotations

import pytest

from reprise.domain.playlists import SyncState

from .conftest import PASSWORD, Client, Gate
from .playlist_world import PLAYLISTS, connect, end, take_in

# The session, the account it came of, and whether the music server refuses it.
WHO = ["GetItem", "GetItem", "GetItem"]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/health", []),
        ("GET", "/api/v1/openapi.json", []),
        ("GET", "/api/v1/docs", []),
        ("GET", "/api/v1/me", [*WHO, "GetItem", "GetItem", "GetItem"]),
        ("GET", "/api/v1/tokens", [*WHO, "GetItem", "Query"]),
        ("GET", PLAYLISTS, [*WHO, "Query", "GetItem"]),
        ("POST", "/api/v1/sync", [*WHO, "Query", "UpdateItem", "UpdateItem", "SendMessageBatch"]),
        ("GET", PLAYLISTS + "/{id}", [*WHO, "GetItem", "GetItem"]),
        ("GET", PLAYLISTS + "/{id}/sync-status", [*WHO, "GetItem"]),
        ("GET", PLAYLISTS + "/{id}/match-report", [*WHO, "GetItem", "GetObject"]),
        ("GET", PLAYLISTS + "/{id}/events", [*WHO, "GetItem", "Query"]),
        ("POST", PLAYLISTS + "/{id}/sync", [*WHO, "GetItem", "UpdateItem", "UpdateItem", "SendMessageBatch"]),
        ("POST", PLAYLISTS + "/{id}/disable", [*WHO, "GetItem", "TransactWriteItems", "GetItem"]),
        ("POST", PLAYLISTS + "/{id}/enable", [*WHO, "GetItem", "GetItem"]),
        (
            "DELETE",
            PLAYLISTS + "/{id}",
            [
                *WHO,
                "GetItem",
                *("ListObjectsV2", "DeleteObjects"),
                *("ListObjectsV2", "DeleteObjects"),
                "DeleteObjects",
                "TransactWriteItems",
            ],
        ),
        ("DELETE", "/api/v1/me/email", [*WHO, "UpdateItem"]),
        ("DELETE", "/api/v1/sessions/current", [*WHO, "DeleteItem"]),
    ],
)
def test_a_route_makes_these_calls_and_no_others(
    alice: Client, calls: list[str], method: str, path: str, expected: list[str]
) -> None:
    connect(alice)
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING)
    calls.clear()
    assert alice(method, path.format(id=playlist_id)).status < 300
    assert calls == expected


def test_a_press_while_a_job_waits_only_reads(alice: Client, calls: list[str]) -> None:
    connect(alice)
    playlist_id = take_in(alice)["id"]
    alice("POST", f"{PLAYLISTS}/{playlist_id}/sync")
    calls.clear()
    alice("POST", f"{PLAYLISTS}/{playlist_id}/sync")
    assert calls == [*WHO, "GetItem"]


def test_an_import_makes_one_call_for_each_thing_it_stores(alice: Client, calls: list[str]) -> None:
    connect(alice)
    calls.clear()
    take_in(alice)
    assert calls == [*WHO, "UpdateItem", "Query", "PutObject", "TransactWriteItems", "GetItem"]


def test_signing_in_makes_one_call_for_each_thing_it_counts_or_stores(
    anyone: Client, gate: Gate, calls: list[str]
) -> None:
    gate.accounts["ann"] = PASSWORD
    anyone("POST", "/api/v1/sessions", json_body={"username": "ann", "password": PASSWORD})
    assert calls == [
        "UpdateItem",  # counted, unless it is known, in three ways
        "GetItem",
        "UpdateItem",
        "UpdateItem",
        "GetItem",  # whether a token of theirs was ever taken
        "UpdateItem",  # it was, from now on
        "UpdateItem",  # the attempt is taken back, since it was no failure
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",  # known from now on
        "Encrypt",
        "UpdateItem",
        "GetItem",
        "UpdateItem",
        "DeleteItem",
        "SendMessageBatch",
        "PutItem",
    ]


def test_a_request_without_a_token_asks_aws_nothing(calls: list[str], anyone: Client) -> None:
    anyone("GET", PLAYLISTS)
    anyone("GET", PLAYLISTS, headers={"authorization": "Bearer no-token-of-ours"})
    assert calls == []
