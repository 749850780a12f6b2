"""A session or a token opens nothing that the password of its making does not open any more."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from api.parts import parts
from reprise.domain.accounts import SessionKind
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise_dev.doubles.cloud import Cloud

from .conftest import PASSWORD, Answer, Client, Gate, give_token
from .playlist_world import take_in

ME, SESSIONS, TOKENS, EVENTS = "/api/v1/me", "/api/v1/sessions", "/api/v1/tokens", "/api/v1/events"
NEW = "another-canary-9c1d"


def sign_in(client: Client, password: str) -> Answer:
    return client("POST", SESSIONS, json_body={"username": client.username, "password": password})


def leave(client: Client, password: str) -> Answer:
    return client("DELETE", ME, json_body={"username": client.username, "password": password})


def fail(client: Client, kind: FailureKind) -> None:
    """A sync met this failure of the music server."""
    before = parts().health.get(client.user_id, MUSIC_SERVER)
    after = before.failed(SyncFailure(kind), parts().clock(), 1.0, BreakerPolicy())
    parts().health.record_failure(before, after)


@pytest.fixture
def ann(alice: Client, gate: Gate) -> Client:
    """Somebody who signed in as people do, from an address of their own."""
    alice.address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    gate.accounts[alice.username] = PASSWORD
    alice.token = sign_in(alice, PASSWORD).json["token"]
    return alice


@pytest.fixture
def thief(ann: Client) -> list[Client]:
    """Whoever had her password once: a session, and a token made with it."""
    session = Client(token=sign_in(ann, PASSWORD).json["token"], username=ann.username)
    program = Client(token=session("POST", TOKENS, json_body={"label": "mine"}).json["token"], username=ann.username)
    assert [each("GET", ME).status for each in (session, program)] == [200, 200]
    return [session, program]


def test_another_password_ends_what_was_come_by_with_the_old_one(ann: Client, gate: Gate, thief: list[Client]) -> None:
    gate.accounts[ann.username] = NEW
    signed = sign_in(ann, NEW)
    assert (signed.status, signed.json["others_ended"]) == (201, True)
    for each in (*thief, Client(token=ann.token, username=ann.username)):
        refused = each("GET", ME)
        assert (refused.status, refused.json["type"]) == (401, "urn:reprise:problem:unauthorised")
        assert leave(each, PASSWORD).status == 401
    ann.token = signed.json["token"]
    assert ann("GET", ME).status == 200
    assert ann("GET", TOKENS).json == {"tokens": []}
    made = ann("POST", TOKENS, json_body={"label": "new"}).json
    assert Client(token=made["token"])("GET", ME).status == 200
    assert [token["id"] for token in ann("GET", TOKENS).json["tokens"]] == [made["id"]]


def test_the_trail_tells_of_it_once(ann: Client, gate: Gate) -> None:
    take_in(ann)
    gate.accounts[ann.username] = NEW
    ann.token = sign_in(ann, NEW).json["token"]
    assert sign_in(ann, NEW).json["others_ended"] is False
    told = [event for event in ann("GET", EVENTS).json["events"] if event["type"] == "sessions_ended"]
    assert [event["message"] for event in told] == [
        "Signed in with another password than before: every other session and API token has ended."
    ]


def test_the_same_password_ends_nothing(ann: Client, thief: list[Client]) -> None:
    assert sign_in(ann, PASSWORD).json["others_ended"] is False
    assert [each("GET", ME).status for each in (ann, *thief)] == [200, 200, 200]


def test_a_first_sign_in_ends_nothing_and_says_so(anyone: Client, gate: Gate) -> None:
    anyone.username = f"new-{anyone.address}"
    gate.accounts[anyone.username] = PASSWORD
    assert sign_in(anyone, PASSWORD).json["others_ended"] is False


def test_a_stored_password_that_cannot_be_read_counts_as_another(ann: Client, thief: list[Client]) -> None:
    connection = parts().connections.get(ann.user_id, MUSIC_SERVER)
    assert connection is not None
    foreign = parts().cipher.encrypt(PASSWORD, user_id="u-somebody", connection_id=MUSIC_SERVER)
    parts().connections.put(replace(connection, ciphertext=foreign))
    assert sign_in(ann, PASSWORD).json["others_ended"] is True
    assert [each("GET", ME).status for each in thief] == [401, 401]


def test_what_was_made_before_there_were_numbers_goes_on_until_another_password(ann: Client, gate: Gate) -> None:
    connection = parts().connections.get(ann.user_id, MUSIC_SERVER)
    assert connection is not None
    parts().connections.put(replace(connection, password_number=0))
    old = Client(token=give_token(ann.user_id, SessionKind.API_TOKEN, None))
    assert sign_in(ann, PASSWORD).json["others_ended"] is False
    assert old("GET", ME).status == 200
    gate.accounts[ann.username] = NEW
    sign_in(ann, NEW)
    assert old("GET", ME).status == 401


def test_while_the_server_refuses_the_stored_password_nothing_works_and_nothing_is_lost(
    ann: Client, gate: Gate, thief: list[Client]
) -> None:
    playlist = take_in(ann)["id"]
    fail(ann, FailureKind.AUTH_INVALID)
    for each in (ann, *thief):
        refused = each("GET", "/api/v1/playlists")
        assert (refused.status, refused.json["type"]) == (401, "urn:reprise:problem:sign-in-again")
        assert "Sign in with the password that holds now." in refused.json["detail"]
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="reprise"'
        assert each("POST", TOKENS, json_body={"label": "x"}).status == 401
        assert leave(each, PASSWORD).status == 401
    gate.accounts[ann.username] = NEW
    ann.token = sign_in(ann, NEW).json["token"]
    assert [each["id"] for each in ann("GET", "/api/v1/playlists").json["playlists"]] == [playlist]
    assert [each("GET", ME).status for each in thief] == [401, 401]


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - {FailureKind.AUTH_INVALID}))
def test_any_other_failure_of_the_server_ends_nothing(ann: Client, kind: FailureKind) -> None:
    fail(ann, kind)
    assert ann("GET", ME).status == 200


def test_leaving_needs_the_password_that_the_server_takes(ann: Client, gate: Gate, cloud: Cloud) -> None:
    gate.accounts[ann.username] = NEW
    wrong = leave(ann, PASSWORD)
    assert (wrong.status, wrong.json["type"]) == (401, "urn:reprise:problem:wrong-credentials")
    assert ann("DELETE", ME, json_body={"username": ann.username}).status == 400
    assert ann.user_id in repr(cloud.items("Connections"))
    assert leave(ann, NEW).status == 204
    assert ann.user_id not in repr(cloud.items("Connections"))


@pytest.mark.parametrize(("kind", "status"), [(FailureKind.UNREACHABLE, 503), (FailureKind.SERVER_ERROR, 502)])
def test_nobody_leaves_while_the_server_cannot_say(ann: Client, gate: Gate, kind: FailureKind, status: int) -> None:
    gate.failure = SyncFailure(kind)
    assert leave(ann, PASSWORD).status == status
    gate.failure = None
    assert ann("GET", ME).status == 200


def test_leaving_is_no_way_round_the_limits_of_guessing(ann: Client) -> None:
    """Who holds a session guesses at the password under the same limits as at the door."""
    statuses = [leave(ann, f"guess {number}").status for number in range(11)]
    assert statuses == [401] * 10 + [429]


def test_a_token_from_before_leaving_opens_nothing_after_coming_back(
    ann: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the index had not shown it yet when everything was deleted."""
    program = Client(token=ann("POST", TOKENS, json_body={"label": "x"}).json["token"])
    with monkeypatch.context() as patch:
        patch.setattr(parts().sessions, "of_user", lambda _: ())
        assert leave(ann, PASSWORD).status == 204
    later = parts().clock() + timedelta(milliseconds=1)
    monkeypatch.setattr(parts(), "clock", lambda: later)
    parts().__dict__.pop("sign_in", None)
    assert sign_in(ann, PASSWORD).status == 201
    assert program("GET", ME).status == 401
