"""Signing in against a music server that really answers HTTP: a double of Navidrome, on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.parts import parts
from reprise_dev.doubles.cloud import Cloud
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault

from .conftest import PASSWORD, Answer, Client


@pytest.fixture
def server(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNavidrome]:
    with FakeNavidrome(users={"ann": PASSWORD, "root": PASSWORD}, admins={"root"}) as running:
        monkeypatch.setenv("MUSIC_SERVER_URL", running.url)
        parts.cache_clear()
        yield running
    monkeypatch.undo()
    parts.cache_clear()


def sign_in(client: Client, username: str = "ann", password: str = PASSWORD) -> Answer:
    return client("POST", "/api/v1/sessions", json_body={"username": username, "password": password})


def test_in_and_out(server: FakeNavidrome, anyone: Client) -> None:
    signed = sign_in(anyone)
    assert (signed.status, signed.json["user"]["admin"]) == (201, False)
    anyone.token = signed.json["token"]
    assert anyone("GET", "/api/v1/me").json["username"] == "ann"
    assert anyone("DELETE", "/api/v1/sessions/current").status == 204
    assert anyone("GET", "/api/v1/me").status == 401


def test_the_servers_administrator_is_ours(server: FakeNavidrome, anyone: Client) -> None:
    assert sign_in(anyone, "root").json["user"]["admin"] is True


@pytest.mark.parametrize(("username", "password"), [("ann", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    server: FakeNavidrome, anyone: Client, username: str, password: str
) -> None:
    assert sign_in(anyone, username, password).json["type"] == "urn:reprise:problem:wrong-credentials"


def test_a_login_page_in_front_of_the_server_is_not_a_wrong_password(server: FakeNavidrome, anyone: Client) -> None:
    server.fail_next(*[Fault.login_page()] * 4)
    assert sign_in(anyone).status == 502


def test_a_server_that_is_not_there_is_503(server: FakeNavidrome, anyone: Client) -> None:
    server.stop()
    answer = sign_in(anyone)
    assert (answer.status, answer.json["type"]) == (503, "urn:reprise:problem:server-unreachable")
    assert PASSWORD not in answer.body


NO_TOKENS = Fault.api(41, "Token authentication not supported")


def shown_passwords(server: FakeNavidrome) -> int:
    return sum(request.sign_in == "plain" for request in server.requests)


def test_somebody_new_at_a_server_without_tokens_gets_in_by_the_password_itself(
    server: FakeNavidrome, anyone: Client
) -> None:
    server.add_user("lee", PASSWORD)
    server.fail_next(NO_TOKENS)
    assert sign_in(anyone, "lee").status == 201
    assert shown_passwords(server) == len(server.requests) - 1


@pytest.mark.parametrize("typed", ["mia", "Mia"])
@pytest.mark.parametrize("code", [10, 41, 42])
def test_whoever_answers_at_the_servers_name_later_gets_no_password(
    server: FakeNavidrome, anyone: Client, typed: str, code: int
) -> None:
    server.add_user("mia", PASSWORD)
    assert sign_in(anyone, "mia").status == 201
    server.fail_next(*[Fault.api(code, "Show me")] * 9)
    assert sign_in(anyone, typed).status == 502
    assert shown_passwords(server) == 0
