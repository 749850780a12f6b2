"""The api function as API Gateway calls it: real events and the real adapters, with AWS played by moto."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from api.app import app, handler
from api.document import document
from api.parts import parts
from reprise.domain.accounts import Session, SessionKind, User, token_hash, user_id_of
from reprise.domain.connections import SignInWay
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.observability import logger
from reprise.ports.targets import RemotePlaylist, ServerInfo
from reprise_dev.doubles.cloud import Cached, Cloud, Context, opened_cloud

SERVER_URL = "https://music.test"
PASSWORD = "canary-Pa55word-7f3e"
CONTEXT: Any = Context("api", remaining_ms=30_000)  # Any: as much of Lambda's as is asked for


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    """One cloud for all of these tests; each has users and addresses of its own."""
    with people_cloud() as opened:
        yield opened


def people_cloud(*cached: Cached) -> AbstractContextManager[Cloud]:
    """The cloud before a music server, with the functions that people ask."""
    settings = {"MUSIC_SERVER_URL": SERVER_URL, "ADMINISTRATORS": "root-by-name"}
    return opened_cloud(parts, *cached, settings=settings)


@dataclass
class Gate:
    """Stands at the music server's door: lets in whoever has the password, or fails as it is told to. `lists` are what
    whoever is in sees there, and `waits` how many seconds somebody was kept waiting before it was asked.
    """

    accounts: dict[str, str] = field(default_factory=dict)
    failure: SyncFailure | None = None
    admin: bool | None = False
    lists: list[RemotePlaylist] = field(default_factory=list)
    asked: int = 0
    waits: list[float] = field(default_factory=list)
    closed: int = 0

    def open(
        self, username: str, password: str, sign_in_way: SignInWay | None
    ) -> Any:  # Any: only the methods that the API needs
        gate = self

        class Account:
            def _ask(self) -> None:
                gate.asked += 1
                if gate.failure is not None:
                    raise gate.failure
                if gate.accounts.get(username) != password:
                    raise SyncFailure(FailureKind.AUTH_INVALID, code=40)

            def check(self) -> ServerInfo:
                self._ask()
                return ServerInfo(product="navidrome", version="0.63.2", admin=gate.admin)

            def playlists(self) -> list[RemotePlaylist]:
                self._ask()
                return list(gate.lists)

            def close(self) -> None:
                gate.closed += 1

        return Account()


@pytest.fixture
def gate(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    # Limits count in windows of the clock: none may end in the midst of a test.
    now = parts().clock()
    monkeypatch.setattr(parts(), "clock", lambda: now)
    # These were gathered with whatever stood there then.
    for gathered in ("sign_in", "account"):
        parts().__dict__.pop(gathered, None)
    monkeypatch.setattr(parts(), "open_server", made.open)
    monkeypatch.setattr(parts(), "sleep", made.waits.append)
    return made


@dataclass
class Answer:
    """What API Gateway would send on. `json` raises for a body that is none."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def json(self) -> Any:  # Any: a JSON document
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.headers["Content-Type"] if self.body else ""


@dataclass
class Client:
    """Sends requests as API Gateway forwards them; `address` is where they come from."""

    token: str | None = None
    user_id: str = ""
    username: str = ""
    address: str = "203.0.113.7"

    def __call__(
        self,
        method: str,
        path: str,
        *,
        json_body: object = None,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        base64_encoded: bool | None = None,
    ) -> Answer:
        sent = {"host": "api.example.test", "user-agent": "curl/8.5.0", "accept": "*/*", **(headers or {})}
        if self.token is not None:
            sent.setdefault("authorization", f"Bearer {self.token}")
        if json_body is not None:
            body = json.dumps(json_body)
            sent.setdefault("content-type", "application/json")
        event = self.event(method, path, body=body, headers=sent, query=query or {}, base64_encoded=base64_encoded)
        answer = self.handle(event)
        text = answer.get("body") or ""
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text).decode("latin-1")
        answered = Answer(status=answer["statusCode"], headers=answer["headers"], body=text)
        self.check(method, path, answered)
        return answered

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, CONTEXT)

    def check(self, method: str, path: str, answer: Answer) -> None:
        assert_as_documented(method, path, answer)

    def event(
        self,
        method: str,
        path: str,
        *,
        body: str | bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        base64_encoded: bool | None,
    ) -> dict[str, Any]:
        encoded = isinstance(body, bytes) if base64_encoded is None else base64_encoded
        raw = body.encode() if isinstance(body, str) and encoded else body
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "&".join(f"{name}={value}" for name, value in query.items()),
            "headers": dict(headers),
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "feedbeef",
                "domainName": "feedbeef.execute-api.us-east-1.amazonaws.com",
                "domainPrefix": "feedbeef",
                "http": {
                    "method": method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": self.address,
                    "userAgent": headers.get("user-agent", ""),
                },
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": "$default",
                "stage": "$default",
                "time": "21/Nov/2026:10:00:00 +0000",
                "timeEpoch": 1795255200000,
            },
            "isBase64Encoded": encoded,
        }
        if query:
            event["queryStringParameters"] = dict(query)
        if raw is not None:
            event["body"] = base64.b64encode(raw).decode() if isinstance(raw, bytes) else raw
        return event


@cache
def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation of the OpenAPI document by method and path template."""
    paths = json.loads(document(app))["paths"]
    return {(method.upper(), path): operation for path, each in paths.items() for method, operation in each.items()}


def assert_as_documented(method: str, path: str, answer: Answer) -> None:
    """Every answer these tests ever see is one that the OpenAPI document lists for that route, in that form."""
    for (documented, template), operation in operations().items():
        if documented == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            responses = operation["responses"]
            assert str(answer.status) in responses, f"{method} {template} answers {answer.status}, undocumented"
            assert answer.kind.partition(";")[0] in {*responses[str(answer.status)].get("content", {}), ""} - (
                {""} if answer.body else set()
            )
            return
    assert answer.status in {404, 405}


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """Every line logged so far, by the function and by the inner rooms, as it goes to CloudWatch."""
    written = io.StringIO()
    catcher = logging.StreamHandler(written)
    catcher.setFormatter(logger.registered_formatter)
    rooms = logging.getLogger("reprise")
    logger.addHandler(catcher)
    rooms.addHandler(catcher)
    yield written.getvalue
    logger.removeHandler(catcher)
    rooms.removeHandler(catcher)


@pytest.fixture
def anyone(cloud: Cloud) -> Client:
    """Nobody in particular, from an address of their own."""
    return Client(address=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1")


@pytest.fixture
def person(cloud: Cloud) -> Callable[[], Client]:
    """Makes people who are signed in, each new to the instance."""

    def make(kind: SessionKind = SessionKind.SIGN_IN, ends_in: timedelta | None = timedelta(hours=1)) -> Client:
        username = f"user-{secrets.token_hex(6)}"
        user_id = user_id_of(SERVER_URL, username)
        now = datetime.now(UTC)
        parts().users.upsert(User(user_id=user_id, username=username, server_url=SERVER_URL, created_at=now))
        return Client(token=give_token(user_id, kind, ends_in), user_id=user_id, username=username)

    return make


def give_token(user_id: str, kind: SessionKind, ends_in: timedelta | None) -> str:
    now = datetime.now(UTC)
    token = ("rps_" if kind is SessionKind.SIGN_IN else "rpt_") + secrets.token_urlsafe(32)
    parts().sessions.add(
        Session(
            token_hash=token_hash(token),
            user_id=user_id,
            kind=kind,
            label="test",
            created_at=now,
            expires_at=None if ends_in is None else now + ends_in,
        )
    )
    return token


@pytest.fixture
def alice(person: Callable[[], Client]) -> Client:
    return person()


@pytest.fixture
def bob(person: Callable[[], Client]) -> Client:
    return person()
