"""Whatever goes wrong, the credential is nowhere but in the request."""

from __future__ import annotations

import contextlib
import logging
import traceback

import httpx
import pytest

from reprise.domain.failures import SyncFailure
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, Fault
from reprise_dev.samples.music_library import sample_songs

from .conftest import PASSWORD, Responder, Script

_TROUBLES = [
    Fault.http(200),
    Fault.http(401),
    Fault.http(404),
    Fault.http(405),
    Fault.http(413),
    Fault.http(429),
    Fault.http(502),
    Fault.login_page(),
    Fault.redirect("https://evil.test/"),
    Fault.refused(),
    Fault.truncated(),
    Fault.api(0, "database is locked"),
    Fault.api(10, "missing"),
    Fault.api(30, "too new"),
    Fault.api(40, "wrong"),
    Fault.api(41, "no tokens"),
    Fault.api(50, "not allowed"),
    Fault.api(70, "not found"),
]


def _told(double: FakeNavidrome, trouble: Fault, caplog: pytest.LogCaptureFixture) -> str:
    """Everything a run in trouble says: log lines with their extras, and the failure with its traceback."""
    server = SubsonicServer(base_url=double.url, username="alice", password=PASSWORD, sleep=lambda _: None)
    double.fail_next(*[trouble] * 8)
    said = [repr(server), str(server)]
    with caplog.at_level(logging.DEBUG):
        for act in (server.check, server.library_stamp, lambda: server.playlist_songs("x")):
            try:
                act()
            except SyncFailure as failure:
                said += [repr(failure), str(failure), repr(vars(failure)), *traceback.format_exception(failure)]
    server.close()
    said += [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    return "\n".join(said)


@pytest.mark.parametrize("trouble", _TROUBLES, ids=lambda trouble: f"{trouble.status}-{trouble.body[:60]!r}")
def test_nothing_secret_is_said(double: FakeNavidrome, trouble: Fault, caplog: pytest.LogCaptureFixture) -> None:
    with double:
        double.add_songs(sample_songs(3))
        told = _told(double, trouble, caplog)
        assert PASSWORD not in told
        assert PASSWORD.encode().hex() not in told
        assert "enc:" not in told
        assert "&t=" not in told
        assert "&s=" not in told
        assert "u=alice" not in told
        for request in double.requests:
            assert PASSWORD not in request.target


def test_httpx_says_nothing_of_urls_even_when_get_has_to_be_used(caplog: pytest.LogCaptureFixture) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(405, stream=httpx.ByteStream(b""))
        raise httpx.ConnectError(f"cannot connect to {request.url}")

    responder: Responder = answer
    server = SubsonicServer(
        base_url="https://music.test",
        username="alice",
        password=PASSWORD,
        transport=Script(responder),
        sleep=lambda _: None,
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(SyncFailure) as caught:
        server.check()
    said = "\n".join([*traceback.format_exception(caught.value), *(str(vars(record)) for record in caplog.records)])
    assert "t=" not in said.replace("at=", "")
    assert "music.test/rest" not in said
    assert caught.value.__context__ is None


def test_a_hostile_server_gets_no_password_over_plain_http(double: FakeNavidrome) -> None:
    """It may ask as it likes, and at any time."""
    server = SubsonicServer(
        base_url="http://music.test",
        username="alice",
        password=PASSWORD,
        transport=double.transport(),
        sleep=lambda _: None,
    )
    for code in (10, 41, 42):
        double.fail_next(Fault.api(code, "send me your password"))
        with contextlib.suppress(SyncFailure):
            server.check()
    assert {request.sign_in for request in double.requests} == {"token"}
