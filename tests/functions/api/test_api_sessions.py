"""Signing in and out (`S1x-82`…`84`, `S1x-90`, `S0-17`)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from reprise.domain.accounts import SessionKind, token_hash, user_id_of
from reprise.domain.failures import FailureKind, SyncFailure
from reprise_dev.doubles.cloud import Cloud
from reprise_dev.doubles.tables import TABLES

from .conftest import PASSWORD, SERVER_URL, Answer, Client, Gate, give_token

SESSIONS = "/api/v1/sessions"


def sign_in(client: Client, username: str = "ann", password: str = PASSWORD) -> Answer:
    return client("POST", SESSIONS, json_body={"username": username, "password": password})


@pytest.fixture
def ann(gate: Gate, anyone: Client) -> Client:
    anyone.username = f"ann-{secrets.token_hex(6)}"
    gate.accounts[anyone.username] = PASSWORD
    return anyone


def test_the_token_from_signing_in_opens_the_api(ann: Client, gate: Gate) -> None:
    signed = sign_in(ann, ann.username)

    assert signed.status == 201
    user = signed.json["user"]
    assert user == {
        "user_id": user_id_of(SERVER_URL, ann.username),
        "username": ann.username,
        "admin": False,
        "email": None,
    }
    ends = datetime.fromisoformat(signed.json["expires_at"])
    assert timedelta(hours=23, minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=24)
    ann.token = signed.json["token"]
    assert ann("GET", "/api/v1/me").json["user_id"] == user["user_id"]
    assert gate.closed == gate.asked == 1


def test_signing_in_leaves_the_password_encrypted_and_a_message_for_the_notifier(
    ann: Client, gate: Gate, cloud: Cloud
) -> None:
    cloud.messages("OUTCOMES_QUEUE_URL")
    user_id = sign_in(ann, ann.username).json["user"]["user_id"]

    (connection,) = [item for item in cloud.items("Connections") if item["user_id"]["S"] == user_id]
    assert PASSWORD not in repr(connection)
    (ciphertext,) = [value["B"] for value in connection.values() if "B" in value]
    opened = boto3.client("kms").decrypt(
        CiphertextBlob=ciphertext, EncryptionContext={"user_id": user_id, "connection_id": "navidrome"}
    )
    assert opened["Plaintext"] == PASSWORD.encode()
    (outcome,) = cloud.messages("OUTCOMES_QUEUE_URL")
    assert (outcome["reconnected"], outcome["user_id"], outcome["connection"]["id"]) == (True, user_id, "navidrome")


def test_neither_password_nor_token_is_anywhere_but_in_its_place(
    ann: Client, gate: Gate, cloud: Cloud, log: Callable[[], str]
) -> None:
    signed = sign_in(ann, ann.username)
    refused = sign_in(ann, ann.username, PASSWORD + "!")
    ann.token = signed.json["token"]
    answers = [ann("GET", "/api/v1/me"), ann("GET", "/api/v1/playlists"), ann("GET", "/api/v1/tokens"), refused]
    left_behind = repr([cloud.items(table) for table in TABLES])
    left_behind += repr(cloud.messages("OUTCOMES_QUEUE_URL")) + log() + repr(answers)

    assert signed.json["user"]["user_id"] in log()
    for secret in (PASSWORD, signed.json["token"], ann.address):
        assert secret not in left_behind
    assert PASSWORD not in signed.body
    assert token_hash(signed.json["token"]) in left_behind


def test_a_wrong_password_is_401_and_stores_nothing(ann: Client, gate: Gate, cloud: Cloud) -> None:
    refused = sign_in(ann, ann.username, "wrong")
    assert refused.status == 401
    assert refused.json["type"] == "urn:reprise:problem:wrong-credentials"
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert user_id_of(SERVER_URL, ann.username) not in repr(cloud.items("Users"))


@pytest.mark.parametrize(
    ("failure", "status", "retry_after"),
    [
        (SyncFailure(FailureKind.UNREACHABLE), 503, None),
        (SyncFailure(FailureKind.RATE_LIMITED, retry_after_s=42), 503, "42"),
        (SyncFailure(FailureKind.SERVER_ERROR, status=500), 502, None),
        (SyncFailure(FailureKind.MISCONFIGURED), 502, None),
        (SyncFailure(FailureKind.MALFORMED_RESPONSE), 502, None),
        (SyncFailure(FailureKind.FORBIDDEN, status=403), 403, None),
    ],
)
def test_a_server_that_cannot_say_is_told_apart_from_a_wrong_password(
    ann: Client, gate: Gate, failure: SyncFailure, status: int, retry_after: str | None
) -> None:
    gate.failure = failure
    answer = sign_in(ann, ann.username)
    assert answer.status == status
    assert "music server" in answer.json["detail"]
    assert answer.headers.get("Retry-After") == retry_after


def test_what_stands_in_front_of_the_server_is_told_to_whoever_signs_in(ann: Client, gate: Gate) -> None:
    gate.failure = SyncFailure(FailureKind.MISCONFIGURED, "A login page is there.", status=401)
    detail = sign_in(ann, ann.username).json["detail"]
    assert detail.startswith("The address set for your music server does not answer as your music server does. A login")
    assert "without a login page" in detail


def test_too_many_attempts_are_429_before_the_server_is_asked(ann: Client, gate: Gate) -> None:
    for _ in range(10):
        assert sign_in(ann, ann.username, "wrong").status == 401
    asked = gate.asked

    refused = sign_in(ann, ann.username)

    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 900
    assert re.fullmatch(r"Too many attempts\. Try again in \d+ minutes?\.", refused.json["detail"])
    assert gate.asked == asked


@pytest.mark.parametrize("named", ["root-by-name", "root-by-role"])
def test_administrators(anyone: Client, gate: Gate, named: str) -> None:
    gate.accounts[named], gate.admin = PASSWORD, named == "root-by-role"
    assert sign_in(anyone, named).json["user"]["admin"] is True


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "username"),
        ({"username": "", "password": "x"}, "username"),
        ({"username": "a" * 256, "password": "x"}, "username"),
        ({"username": "ann"}, "password"),
        ({"username": "ann", "password": ""}, "password"),
        ({"username": "ann", "password": "x" * 1025}, "password"),
        ({"username": 7, "password": "x"}, "username"),
        ({"username": "a\x00b", "password": "x"}, "username"),
        ({"username": "ann", "password": "x", "remember": True}, "remember"),
        ({"username": "ann", "password": "x", "<script>": True}, "(unnamed)"),
    ],
)
def test_what_cannot_be_a_sign_in_is_400_and_names_the_field(
    anyone: Client, gate: Gate, body: dict[str, object], where: str
) -> None:
    refused = anyone("POST", SESSIONS, json_body=body)
    assert (refused.status, refused.json["where"]) == (400, where)
    assert gate.asked == 0


def test_a_lone_surrogate_is_400(anyone: Client, gate: Gate) -> None:
    refused = anyone("POST", SESSIONS, body='{"username": "a\\ud800", "password": "x\\udfff"}')
    assert refused.status == 400


def test_no_answer_repeats_what_was_sent(anyone: Client, gate: Gate) -> None:
    canary = "s3cret-canary"
    for body in (
        {"username": {"password": canary}, "password": canary},
        {"username": canary * 50, "password": canary * 200},
        {"username": [canary], "password": [canary]},
        [{"username": canary, "password": canary}],
        canary,
    ):
        refused = anyone("POST", SESSIONS, json_body=body)
        assert refused.status == 400
        assert canary not in refused.body


def test_signing_out_ends_this_session_and_no_other(alice: Client) -> None:
    other = Client(token=give_token(alice.user_id, SessionKind.SIGN_IN, timedelta(hours=1)))
    assert alice("DELETE", "/api/v1/sessions/current").status == 204
    assert alice("GET", "/api/v1/me").status == 401
    assert other("GET", "/api/v1/me").status == 200


def test_an_api_token_can_end_itself(person: Callable[[SessionKind], Client]) -> None:
    program = person(SessionKind.API_TOKEN)
    assert program("DELETE", "/api/v1/sessions/current").status == 204
    assert program("GET", "/api/v1/me").status == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YW5uOnNlc2FtZQ==", "{token}", "Bearer {token}x", "Bearer x{token}",
     "Bearer {token} {token}", "Bearer rps_" + "A" * 5000, "Bearer rps_☃", "bearer\u00a0{token}", "Token {token}"],
)  # fmt: skip
def test_what_is_no_bearer_token_that_works_is_401(alice: Client, header: str) -> None:
    answer = Client()("GET", "/api/v1/me", headers={"authorization": header.format(token=alice.token)})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="reprise"')
    assert alice.token is not None
    assert alice.token not in answer.body


def test_the_scheme_is_case_insensitive_and_the_token_is_not(alice: Client) -> None:
    assert alice.token is not None
    assert Client()("GET", "/api/v1/me", headers={"authorization": f"bearer {alice.token}"}).status == 200
    assert Client(token=alice.token.swapcase())("GET", "/api/v1/me").status == 401


def test_a_token_in_the_address_or_a_cookie_opens_nothing(alice: Client) -> None:
    query, cookie = {"access_token": alice.token or "", "token": alice.token or ""}, f"token={alice.token}"
    assert Client()("GET", "/api/v1/me", query=query, headers={"cookie": cookie}).status == 401


def test_an_expired_session_is_401_though_the_table_still_has_it(person: Callable[..., Client], cloud: Cloud) -> None:
    late = person(ends_in=timedelta(seconds=-1))
    assert late("GET", "/api/v1/me").status == 401
    assert late.user_id in repr(cloud.items("Sessions"))


def test_the_hash_of_a_token_is_no_token(alice: Client) -> None:
    assert alice.token is not None
    assert Client(token=token_hash(alice.token))("GET", "/api/v1/me").status == 401
