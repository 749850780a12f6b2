"""A person at the deployed API, by plain HTTP. What was called and all that was answered is kept, to be looked at."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reprise_dev.local.world import World, troubles

Json = dict[str, Any]  # Any: a JSON document

PREFIX = "/api/v1"
WITHIN_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A line of the OpenAPI document: `path` is a template, without the prefix; `schemas` are the document's."""

    method: str
    path: str
    written: Json
    schemas: Json = field(repr=False)

    @property
    def name(self) -> str:
        return str(self.written["operationId"])

    def is_meant_by(self, method: str, address: str) -> bool:
        template = re.sub(r"\{\w+\}", "[^/]+", self.path)
        return method == self.method and re.fullmatch(template, address.partition("?")[0]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`asked` is the method and the address."""

    asked: str
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # Any: a JSON document
        return json.loads(self.text)


@dataclass
class Caller:
    """Nobody until `sign_in`, or until it is given a token."""

    world: World
    token: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    answers: list[Answer] = field(default_factory=list)

    @cached_property
    def operations(self) -> list[Operation]:
        """Every operation of the running instance; the most exact of those that fit an address stands first."""
        document = self.ask("GET", "/openapi.json").json
        schemas = document["components"]["schemas"]
        found = [
            Operation(method=method.upper(), path=path.removeprefix(PREFIX), written=written, schemas=schemas)
            for path, methods in document["paths"].items()
            for method, written in methods.items()
        ]
        return sorted(found, key=lambda each: each.path.count("{"))

    def sign_in(self, username: str, password: str) -> None:
        answer = self("POST", "/sessions", {"username": username, "password": password})
        self.token, self.username, self.password = str(answer["token"]), username, password

    def __call__(self, method: str, path: str, body: Json | bytes | None = None) -> Json:
        """The answer's JSON; {} where it has none. Fails when the answer is a refusal."""
        answer = self.ask(method, path, body)
        logged = troubles(self.world.stack)[-3:] if answer.status >= 500 else []
        assert answer.status < 400, "\n".join([f"{answer.asked}: {answer.status} {answer.text}", *logged])
        found: Json = answer.json if answer.text else {}
        return found

    def ask(
        self, method: str, path: str, body: Json | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Whatever the answer is. Bytes go as they are, all else as JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            sent["Content-Type"] = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        address = self.world.address + PREFIX + path
        request = urllib.request.Request(address, data, {**sent, **(headers or {})}, method=method)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=WITHIN_S) as found:  # noqa: S310
                status, headers, text = found.status, dict(found.headers), found.read().decode()
        except urllib.error.HTTPError as refused:
            status, headers, text = refused.code, dict(refused.headers), refused.read().decode()
        answer = Answer(asked=f"{method} {path}", status=status, headers=headers, text=text)
        self.answers.append(answer)
        return answer

    @property
    def done_well(self) -> set[str]:
        """Names of the operations that did what was asked, at least once."""
        well = (answer.asked.split(" ") for answer in tuple(self.answers) if answer.status < 400)
        meant = (next((each for each in self.operations if each.is_meant_by(*asked)), None) for asked in well)
        return {operation.name for operation in meant if operation is not None}

    def done(self, playlist_id: str, job: Json) -> Json:
        """The playlist's status when the job is over."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            status = self("GET", f"/playlists/{playlist_id}/sync-status")
            if status["last_job_id"] == job["job_id"]:
                return status
            assert time.monotonic() < deadline, f"{job} is not over: {status}"
            time.sleep(0.2)

    def refused(self) -> None:
        """Wait until the music server's refusal of the stored password has made the token useless."""
        deadline = time.monotonic() + WITHIN_S
        while (answer := self.ask("GET", "/me")).status != 401:
            assert time.monotonic() < deadline, "the token works, whatever the music server says"
            time.sleep(0.2)
        assert answer.json["type"] == "urn:reprise:problem:sign-in-again"

    def synced(self, playlist_id: str) -> Json:
        """The playlist's status after a sync."""
        return self.done(playlist_id, self("POST", f"/playlists/{playlist_id}/sync"))
