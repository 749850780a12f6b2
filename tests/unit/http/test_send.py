"""POST to servers that answer badly, slowly, or too much."""

from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Iterator

import pytest

from reprise.domain.reach import Reach
from reprise.http.client import HttpClient
from reprise.http.errors import DeadlineExceeded, HttpError, InvalidHeader, NoResponse, ProtocolError
from reprise.http.messages import Request, Response
from reprise_dev.doubles.playlist_host import PlaylistHost, Script, dripping, reply
from reprise_dev.doubles.playlist_host import Request as Received

from .conftest import Names

OK = b"HTTP/1.1 200 OK\r\n"


def post(host: PlaylistHost, names: Names, script: Script, trust: ssl.SSLContext | None = None) -> Response:
    host.files["/hook"] = script
    client = HttpClient(reach=Reach.MACHINE, total_s=0.6, resolve=names, tls=trust)
    address = client.address(host.url("/hook", name="music.test"))
    headers = {"Content-Type": "application/json", "X-Own": "a"}
    return client.send(Request(method="POST", address=address, headers=headers, body=b'{"a":1}'), max_bytes=1024)


def test_the_body_arrives_over_tls_at_the_name(secure_host: PlaylistHost, names: Names, trust: ssl.SSLContext) -> None:
    response = post(secure_host, names, reply(400, b"no_text", {"Retry-After": "7"}), trust)

    assert (response.status, response.body, response.complete) == (400, b"no_text", True)
    assert response.headers["retry-after"] == "7"
    (request,) = secure_host.requests
    assert (request.method, request.body, request.headers["content-length"]) == ("POST", b'{"a":1}', "7")
    assert (request.headers["x-own"], secure_host.greetings) == ("a", ["music.test"])


def hanging(_: Received) -> Iterator[bytes]:
    yield OK + b"\r\nok"
    time.sleep(1.5)


@pytest.mark.parametrize(
    ("script", "body", "complete"),
    [
        (reply(body=b"x" * 5_000_000), b"x" * 1024, False),
        (reply(body=gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}), bytes(1024), False),
        (reply(body=b"abc", headers={"Content-Encoding": "br"}), b"", False),
        (lambda _: [OK + b"Content-Length: 9\r\n\r\nok"], b"ok", False),
        (lambda _: [OK + b"\r\nok"], b"ok", True),
        (lambda _: [OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz"], b"ok", False),
        (lambda _: [b"HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok"], b"ok", True),
        (hanging, b"ok", False),
    ],
    ids=["huge", "bomb", "packing", "cut", "no length", "bad chunk", "interim", "hanging"],
)
def test_what_came_of_the_body_is_returned(
    host: PlaylistHost, names: Names, script: Script, body: bytes, complete: bool
) -> None:
    response = post(host, names, script)
    assert (response.status, response.body, response.complete) == (200, body, complete)


def test_a_redirect_is_reported_and_not_followed(host: PlaylistHost, names: Names) -> None:
    response = post(host, names, reply(307, headers={"Location": "/other"}))
    assert (response.redirects, response.headers["location"], len(host.requests)) == (True, "/other", 1)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (dripping(*([b"H"] * 100), every_s=0.05), DeadlineExceeded),
        (lambda _: [], NoResponse),
        (lambda _: [b"HTTP/1.1 101 Switch\r\n\r\n"], ProtocolError),
        (lambda _: [b"HTTP/1.1 103 Early\r\n\r\n"] * 10_000, ProtocolError),
    ],
    ids=["drip", "nothing", "upgrade", "endless interim"],
)
def test_no_response_says_that_the_request_may_have_arrived(
    host: PlaylistHost, names: Names, script: Script, error: type[HttpError]
) -> None:
    began = time.monotonic()
    with pytest.raises(error) as caught:
        post(host, names, script)
    assert caught.value.request_sent
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "a\r\nB: c"), ("X-A", "a\n"), ("X\r\nA", "b"), ("X-A", "\xe9"), ("Host", "b"), ("content-length", "0")],
)
def test_a_header_cannot_begin_another(names: Names, name: str, value: str) -> None:
    client = HttpClient(reach=Reach.MACHINE, total_s=0.6, resolve=names)
    with pytest.raises(InvalidHeader):
        Request(method="POST", address=client.address("http://music.test/"), headers={name: value})
