"""A server that says what it is told to, and clients of it that do not wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qsl

import httpx
import pytest

from reprise.domain.connections import SignInWay
from reprise.targets.subsonic.client import SubsonicClient
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.fake_navidrome import FakeNavidrome

PASSWORD = "sésame; & open"

Responder = Callable[[httpx.Request], httpx.Response]


class Script(httpx.BaseTransport):
    """Plays responders in turn, the last one for ever; keeps requests and their parameters."""

    def __init__(self, *responders: Responder) -> None:
        self.responders = list(responders)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        responder = self.responders.pop(0) if len(self.responders) > 1 else self.responders[0]
        return responder(request)

    def params(self, number: int = -1) -> dict[str, str]:
        request = self.requests[number]
        return dict(parse_qsl((request.content or request.url.query).decode(), keep_blank_values=True))


class Say(Protocol):
    """Builds responders."""

    def __call__(self, *, http: int = 200, body: bytes | None = None, **content: object) -> Responder: ...


def _say(*, http: int = 200, body: bytes | None = None, **content: object) -> Responder:
    headers = {"Retry-After": str(content.pop("retry_after"))} if "retry_after" in content else {}
    if body is None:
        body = json.dumps({"subsonic-response": {"status": "ok", "version": "1.16.1", **content}}).encode()
    return lambda request: httpx.Response(http, headers=headers, stream=httpx.ByteStream(body))


@pytest.fixture
def say() -> Say:
    return _say


@pytest.fixture
def refuse() -> Callable[..., Responder]:
    """Builds a responder that answers with a Subsonic error."""

    def build(code: int | str, message: str = "", http: int = 200, version: str = "1.16.1") -> Responder:
        return _say(http=http, status="failed", version=version, error={"code": code, "message": message})

    return build


@pytest.fixture
def waits() -> list[float]:
    """Every wait between attempts, in seconds."""
    return []


class ClientMaker(Protocol):
    def __call__(
        self,
        transport: httpx.BaseTransport,
        url: str = ...,
        time_budget_s: float | None = None,
        sign_in_way: SignInWay | None = None,
    ) -> SubsonicClient: ...


@pytest.fixture
def client(waits: list[float]) -> ClientMaker:
    def make(
        transport: httpx.BaseTransport,
        url: str = "https://music.test",
        time_budget_s: float | None = None,
        sign_in_way: SignInWay | None = None,
    ) -> SubsonicClient:
        return SubsonicClient(
            base_url=url,
            username="alice",
            password=PASSWORD,
            sign_in_way=sign_in_way,
            transport=transport,
            time_budget_s=time_budget_s,
            sleep=waits.append,
            clock=lambda: sum(waits),
            jitter=lambda: 1.0,
        )

    return make


@pytest.fixture
def double() -> FakeNavidrome:
    return FakeNavidrome(users={"alice": PASSWORD, "bob": "b0b"})


@pytest.fixture
def server(double: FakeNavidrome) -> SubsonicServer:
    """The adapter, talking to the double in process."""
    return SubsonicServer(
        base_url="http://127.0.0.1:4533",
        username="alice",
        password=PASSWORD,
        transport=double.transport(),
        sleep=lambda _: None,
    )
