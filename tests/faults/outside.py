"""Everything the sync function asks of the outside passes one place here: it is counted, and any of it can go wrong.

A call is one thing that is wanted, however often the product's own clients repeat it: an AWS operation, or a method of
a port that stands before AWS; a Subsonic request; a look at a web address. What goes wrong with a call goes wrong with
each of these attempts, unless its name says otherwise.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl

import httpx
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber

from reprise.http.errors import DeadlineExceeded
from reprise.http.messages import Response
from reprise_dev.doubles.interleaving import Killed

_R = TypeVar("_R")
_AUTHENTICATION = frozenset("utspvcf")
# How often a call of a port that went wrong is tried again: what botocore's retries come to.
PORT_RETRIES = 2
_TABLE_NAMES = re.compile(r"faults-[a-z]+")


class Fault(StrEnum):
    """What goes wrong with one call."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    # Once: it took effect, and whoever asks again is answered.
    REPLY_LOST = "reply lost"
    # However often it is asked again, and each time it takes effect.
    REPLIES_LOST = "replies lost"
    SERVER_ERROR = "5xx"
    # Once: it took effect, and a proxy in between answers 502.
    SERVER_ERROR_AFTER = "5xx after"
    TIMEOUT = "timeout"
    THROTTLED = "throttled"
    # From this call on, everything at the same place times out until the run is over.
    OUTAGE = "outage"
    # The message is delivered a second time just before this call, and done as far as it can be.
    DOUBLED = "doubled"
    # The lease runs out just before this call, and another run takes over and ends.
    TAKEN_OVER = "taken over"

    @property
    def kills(self) -> bool:
        return self in (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)

    @property
    def has_company(self) -> bool:
        return self in (Fault.DOUBLED, Fault.TAKEN_OVER)


@dataclass(frozen=True)
class Call:
    """`number` counts from 1. `place` is the AWS service, "subsonic" or "web"; `name` what is asked of it."""

    number: int
    place: str
    name: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.place} {self.name}{self.detail and ' '}{self.detail}"


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How the place of one attempt says that something went wrong."""

    lost: Callable[[], Exception]
    server_error: Callable[[], Any]  # Any: what an attempt at this place returns
    throttled: Callable[[], Any]  # Any: likewise


@dataclass(kw_only=True)
class Plan:
    """`fault` happens to call number `at`; `happened` tells whether it came to that. `meanwhile` is the company's."""

    at: int
    fault: Fault
    meanwhile: Callable[[], None] | None = None
    happened: Call | None = None
    spent: bool = False


@dataclass
class Outside:
    """`after_request` is called whenever the music server has done something. `writes` are its writing requests."""

    after_request: Callable[[], None] = lambda: None
    calls: list[Call] = field(default_factory=list)
    writes: list[Call] = field(default_factory=list)
    plan: Plan | None = None
    # Of each thread: `pass_`, if there is one, is called before every call. `standing` tells before which.
    gate: threading.local = field(default_factory=threading.local)
    standing: dict[int, Call] = field(default_factory=dict)
    # Every message that a queue took: its address, and the body.
    sent: list[tuple[str, str]] = field(default_factory=list)
    # What was sent to AWS, as text, while this is a list: nothing secret may be in it.
    seen: list[str] | None = None
    _listening: bool = False
    _dead: bool = False
    _repeats: object = None
    _on_calls: list[tuple[Any, tuple[Any, ...]]] = field(default_factory=list)  # Any: botocore's emitters

    # ---- a run

    @contextmanager
    def run(self, plan: Plan | None = None) -> Iterator[None]:
        """One delivery: its calls are counted from 1 on, and `plan` is carried out."""
        before = self.calls, self.writes, self.plan, self._listening, self._dead, self._repeats
        self.calls, self.writes, self.plan = [], [], plan
        self._listening, self._dead, self._repeats = True, False, None
        try:
            yield
        finally:
            last = self.calls, self.writes
            self.calls, self.writes, self.plan, self._listening, self._dead, self._repeats = before
            if not self._listening:
                self.calls, self.writes = last

    # ---- one call, one attempt

    def _begin(self, place: str, name: str, detail: str = "") -> Call:
        call = Call(len(self.calls) + 1, place, name, detail)
        self.calls.append(call)
        if hasattr(self.gate, "pass_"):
            self.standing[threading.get_ident()] = call
            self.gate.pass_()
        return call

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """What the test itself asks for in the middle of a run is not the run's."""
        before, self._listening = self._listening, False
        try:
            yield
        finally:
            self._listening = before

    def _attempt(self, call: Call, send: Callable[[], _R], ways: Ways) -> _R:
        if self._dead:
            raise Killed
        plan = self.plan
        if plan is None or plan.spent or not self._hits(plan, call):
            return send()
        plan.happened = plan.happened or call
        if plan.fault in (Fault.REPLY_LOST, Fault.SERVER_ERROR_AFTER) or plan.fault.has_company:
            plan.spent = True
        result: _R = _HAPPENS[plan.fault](self, plan, send, ways)
        return result

    @staticmethod
    def _hits(plan: Plan, call: Call) -> bool:
        if plan.fault is Fault.OUTAGE and plan.happened is not None:
            return call.place == plan.happened.place
        return call.number == plan.at

    def die(self) -> Killed:
        """What ends the function. Whatever it would still ask for on its way out is not answered."""
        self._dead = True
        return Killed()

    # ---- AWS

    def attach(self, client: Any) -> None:  # Any: boto3's clients are made at run time
        """Stand between `client` and moto, until `detach_all`."""
        events = client.meta.events
        service = client.meta.service_model.service_name
        current = threading.local()

        def begin(model: Any, params: dict[str, Any], **_: object) -> None:  # Any: botocore's models
            if self._listening:
                current.call = self._begin(service, model.name, _about(params))

        def send(request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse | None:
            if not self._listening:
                return self._to_moto(event_name, request)
            if self.seen is not None:
                self.seen.append(_text(request.body))
            ways = Ways(
                lost=lambda: ReadTimeoutError(endpoint_url="https://aws.test"),
                server_error=lambda: _aws_error(request, 503, "ServiceUnavailable"),
                throttled=lambda: _aws_throttled(request, service),
            )
            return self._attempt(current.call, lambda: self._to_moto(event_name, request), ways)

        events.register_first("before-call", begin)
        events.unregister("before-send", botocore_stubber)
        events.register("before-send", send)
        self._on_calls.append((events, (begin, send)))

    def _to_moto(self, event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
        answer = botocore_stubber(event_name, request)
        if event_name.endswith(".SendMessageBatch"):
            batch = json.loads(_text(request.body))
            self.sent += [(batch["QueueUrl"], entry["MessageBody"]) for entry in batch["Entries"]]
        return answer

    def detach_all(self) -> None:
        for events, (begin, send) in self._on_calls:
            events.unregister("before-call", begin)
            events.unregister("before-send", send)
            events.register("before-send", botocore_stubber)
        self._on_calls.clear()

    # ---- a port, in place of AWS

    def port(self, place: str, port: _R) -> _R:
        """`port`, which some `place` of AWS stands behind: what goes wrong there goes wrong with its methods."""
        return cast("_R", _Port(self, place, port))

    def method(self, place: str, name: str, send: Callable[[], object]) -> object:
        """One call of a port's method, tried again as botocore tries it."""
        if not self._listening:
            return send()
        call = self._begin(place, name)
        ways = Ways(
            lost=lambda: ReadTimeoutError(endpoint_url="https://aws.test"),
            server_error=_raising(name, 503, "ServiceUnavailable"),
            throttled=_raising(name, 400, "ThrottlingException"),
        )
        for _ in range(PORT_RETRIES):
            try:
                return self._attempt(call, send, ways)
            except (ReadTimeoutError, ClientError):
                continue
        return self._attempt(call, send, ways)

    # ---- the music server

    def transport(self, inner: httpx.BaseTransport) -> httpx.BaseTransport:
        return _Transport(self, inner)

    def subsonic(self, request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        form = [(key, value) for key, value in parse_qsl(request.read().decode()) if key not in _AUTHENTICATION]
        method = request.url.path.rpartition("/")[2].removesuffix(".view")
        asked = (method, *form)
        call = self.calls[-1] if asked == self._repeats else self._begin("subsonic", method, _short(form))
        self._repeats = None
        if method in ("createPlaylist", "updatePlaylist", "deletePlaylist"):
            self.writes.append(call)

        def send() -> httpx.Response:
            response = inner.handle_request(request)
            self.after_request()
            return response

        def again(answer: Callable[[], _R]) -> Callable[[], _R]:
            """The client will ask the same again, and that is the same call."""

            def failing() -> _R:
                self._repeats = asked
                return answer()

            return failing

        ways = Ways(
            lost=again(lambda: httpx.ReadTimeout("timed out")),
            server_error=again(lambda: httpx.Response(502, stream=httpx.ByteStream(b"<html>Bad Gateway</html>"))),
            throttled=again(lambda: httpx.Response(429, stream=httpx.ByteStream(b"slow down"))),
        )
        return self._attempt(call, send, ways)

    # ---- a playlist's address

    def web(self, send: Callable[[], Response]) -> Response:
        ways = Ways(
            lost=DeadlineExceeded,
            server_error=lambda: Response(status=503, headers={}, body=b""),
            throttled=lambda: Response(status=429, headers={}, body=b""),
        )
        return self._attempt(self._begin("web", "GET"), send, ways)


class _Port:
    """Stands before any port: its methods are calls to the outside."""

    def __init__(self, outside: Outside, place: str, port: object) -> None:
        self._outside = outside
        self._place = place
        self._port = port

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._port, name)

        def call(*args: object, **kwargs: object) -> object:
            return self._outside.method(self._place, name, lambda: method(*args, **kwargs))

        return call


def _raising(operation: str, status: int, code: str) -> Callable[[], Any]:  # Any: it returns nothing
    """What botocore raises when it was answered so to the last."""

    def refuse() -> Any:  # Any: as above
        error: Any = {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(error, operation)

    return refuse


class _Transport(httpx.BaseTransport):
    def __init__(self, outside: Outside, inner: httpx.BaseTransport) -> None:
        self._outside = outside
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._outside.subsonic(request, self._inner)


Send = Callable[[], Any]  # Any: what an attempt at any place returns


def _killed_before(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    raise outside.die()


def _killed_after(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    send()
    raise outside.die()


def _lost(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    send()
    raise ways.lost()


def _timeout(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    raise ways.lost()


def _error_after(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    send()
    return ways.server_error()


def _company(outside: Outside, plan: Plan, send: Send, ways: Ways) -> Any:  # Any: as above
    assert plan.meanwhile is not None
    plan.meanwhile()
    return send()


_HAPPENS: dict[Fault, Callable[[Outside, Plan, Send, Ways], Any]] = {  # Any: as above
    Fault.KILLED_BEFORE: _killed_before,
    Fault.KILLED_AFTER: _killed_after,
    Fault.REPLY_LOST: _lost,
    Fault.REPLIES_LOST: _lost,
    Fault.SERVER_ERROR: lambda outside, plan, send, ways: ways.server_error(),
    Fault.SERVER_ERROR_AFTER: _error_after,
    Fault.TIMEOUT: _timeout,
    Fault.THROTTLED: lambda outside, plan, send, ways: ways.throttled(),
    Fault.OUTAGE: _timeout,
    Fault.DOUBLED: _company,
    Fault.TAKEN_OVER: _company,
}


def _aws_error(request: AWSPreparedRequest, status: int, code: str) -> AWSResponse:
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-query-error": f"{code};Sender"}
    body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "No."})
    return _answer(request, status, headers, body)


def _answer(request: AWSPreparedRequest, status: int, headers: dict[str, str], body: str) -> AWSResponse:
    raw: Any = MockRawResponse(body)  # Any: moto's, which botocore takes as urllib3's
    return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), raw)


def _aws_throttled(request: AWSPreparedRequest, service: str) -> AWSResponse:
    if service == "s3":
        body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
        return _answer(request, 503, {"Content-Type": "application/xml"}, body)
    return _aws_error(request, 400, "RequestThrottled" if service == "sqs" else "ThrottlingException")


def _about(params: dict[str, Any]) -> str:  # Any: botocore's own, before sending
    """Which tables, or what kind of object (`reports/*.gz`)."""
    key = str(params.get("url_path", "")).strip("/")
    if key:
        return f"{key.partition('/')[0]}/*.{key.rpartition('.')[2]}"
    return " ".join(sorted(set(_TABLE_NAMES.findall(_text(params.get("body", ""))))))


def _short(form: list[tuple[str, str]]) -> str:
    named = dict(form)
    return " ".join(key for key in ("playlistId", "name", "comment", "songOffset") if key in named)


def _text(body: object) -> str:
    if isinstance(body, str):
        return body
    return body.decode("utf-8", "replace") if isinstance(body, (bytes, bytearray)) else repr(body)
