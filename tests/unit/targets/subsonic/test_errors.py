"""One table from what servers and proxies say to what it means for a person."""

from __future__ import annotations

import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.failures import FailureKind, Scope
from reprise.targets.subsonic.errors import api_failure, http_failure, network_failure

K = FailureKind


@pytest.mark.parametrize(
    ("code", "message", "status", "kind", "scope", "retry_now"),
    [
        (0, "Internal Server Error: database is locked", 200, K.SERVER_ERROR, Scope.CONNECTION, True),
        (0, "The database is busy", 200, K.SERVER_ERROR, Scope.CONNECTION, True),
        (0, "", 500, K.SERVER_ERROR, Scope.CONNECTION, True),
        (0, "ValueError: badly formed hexadecimal UUID string", 200, K.SERVER_ERROR, Scope.PLAYLIST, False),
        (0, "number of URL query parameters exceeded limit", 200, K.TOO_LARGE, Scope.PLAYLIST, False),
        (0, "http: request body too large", 200, K.TOO_LARGE, Scope.PLAYLIST, False),
        (10, "missing parameter", 200, K.MALFORMED_RESPONSE, Scope.PLAYLIST, False),
        (20, "", 200, K.MISCONFIGURED, Scope.CONNECTION, False),
        (30, "", 200, K.MISCONFIGURED, Scope.CONNECTION, False),
        (40, "Wrong username or password", 200, K.AUTH_INVALID, Scope.CONNECTION, False),
        (41, "", 200, K.AUTH_INVALID, Scope.CONNECTION, False),
        (42, "", 200, K.AUTH_INVALID, Scope.CONNECTION, False),
        (43, "", 200, K.AUTH_INVALID, Scope.CONNECTION, False),
        (44, "", 200, K.AUTH_INVALID, Scope.CONNECTION, False),
        (40, "", 401, K.AUTH_INVALID, Scope.CONNECTION, False),
        (50, "", 200, K.FORBIDDEN, Scope.PLAYLIST, False),
        (60, "", 200, K.FORBIDDEN, Scope.CONNECTION, False),
        (70, "", 200, K.NOT_FOUND, Scope.PLAYLIST, False),
        (99, "never heard of", 200, K.SERVER_ERROR, Scope.PLAYLIST, False),
        (0, "too many requests", 429, K.RATE_LIMITED, Scope.CONNECTION, True),
        (70, "", 413, K.TOO_LARGE, Scope.PLAYLIST, False),
    ],
)
def test_subsonic_errors(
    code: int, message: str, status: int, kind: FailureKind, scope: Scope, retry_now: bool
) -> None:
    failure = api_failure(code=code, message=message, status=status, scope=Scope.PLAYLIST)
    assert (failure.kind, failure.scope, failure.retry_now) == (kind, scope, retry_now)
    assert (failure.code, failure.status) == (code, status)
    assert failure.from_api


def test_not_found_without_a_playlist_is_an_answer_that_makes_no_sense() -> None:
    failure = api_failure(code=70, message="", status=200, scope=Scope.CONNECTION)
    assert (failure.kind, failure.scope) == (K.MALFORMED_RESPONSE, Scope.CONNECTION)


def test_forbidden_without_a_playlist_concerns_the_account() -> None:
    failure = api_failure(code=50, message="", status=200, scope=Scope.CONNECTION)
    assert (failure.kind, failure.scope) == (K.FORBIDDEN, Scope.CONNECTION)


@pytest.mark.parametrize(
    ("status", "kind", "retry_now"),
    [
        (200, K.MISCONFIGURED, False),
        (301, K.MISCONFIGURED, False),
        (302, K.MISCONFIGURED, False),
        (308, K.MISCONFIGURED, False),
        (400, K.MISCONFIGURED, False),
        (401, K.MISCONFIGURED, False),
        (403, K.MISCONFIGURED, False),
        (404, K.MISCONFIGURED, False),
        (405, K.MISCONFIGURED, False),
        (407, K.MISCONFIGURED, False),
        (408, K.SERVER_ERROR, True),
        (410, K.MISCONFIGURED, False),
        (413, K.TOO_LARGE, False),
        (414, K.TOO_LARGE, False),
        (425, K.SERVER_ERROR, True),
        (429, K.RATE_LIMITED, True),
        (431, K.TOO_LARGE, False),
        (500, K.SERVER_ERROR, True),
        (501, K.MISCONFIGURED, False),
        (502, K.SERVER_ERROR, True),
        (503, K.SERVER_ERROR, True),
        (504, K.SERVER_ERROR, True),
    ],
)
def test_answers_that_are_not_the_servers_own(status: int, kind: FailureKind, retry_now: bool) -> None:
    failure = http_failure(status=status, scope=Scope.PLAYLIST)
    assert (failure.kind, failure.retry_now, failure.status, failure.code) == (kind, retry_now, status, None)
    assert not failure.from_api
    assert failure.scope is (Scope.PLAYLIST if kind is K.TOO_LARGE else Scope.CONNECTION)


@given(st.integers(200, 599))
def test_what_stands_in_front_of_the_server_fails_no_account_for_good(status: int) -> None:
    failure = http_failure(status=status, scope=Scope.CONNECTION)
    assert not failure.fatal
    assert failure.kind is not K.AUTH_INVALID


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, "a web page"),
        (302, "leads elsewhere"),
        (401, "asks for a sign-in of its own"),
        (403, "keeps Reprise out"),
        (404, "no Subsonic API"),
        (407, "asks for a sign-in of its own"),
        (451, "keeps Reprise out"),
    ],
)
def test_what_stands_there_is_told(status: int, says: str) -> None:
    assert says in http_failure(status=status, scope=Scope.CONNECTION).detail


@given(st.integers(-10, 200), st.text(max_size=40), st.sampled_from([200, 400, 403, 404, 429, 500, 503]))
def test_every_refusal_becomes_a_failure_that_quotes_nothing(code: int, message: str, status: int) -> None:
    failure = api_failure(code=code, message=f"<{message}>", status=status, scope=Scope.PLAYLIST)
    assert f"<{message}>" not in str(failure)
    assert not (failure.retry_now and failure.fatal)


def test_rate_limits_carry_the_wait_they_ask_for() -> None:
    assert http_failure(status=429, scope=Scope.CONNECTION, retry_after="12").retry_after_s == 12
    assert http_failure(status=503, scope=Scope.CONNECTION, retry_after="13").retry_after_s == 13


def _caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), K.UNREACHABLE),
        (httpx.ConnectTimeout("slow"), K.UNREACHABLE),
        (httpx.ReadTimeout("slow"), K.UNREACHABLE),
        (httpx.ReadError("reset"), K.UNREACHABLE),
        (httpx.RemoteProtocolError("cut"), K.UNREACHABLE),
        (httpx.InvalidURL("?"), K.MISCONFIGURED),
        (httpx.UnsupportedProtocol("ftp"), K.MISCONFIGURED),
        (_caused(httpx.ConnectError("tls"), ssl.SSLCertVerificationError("self-signed")), K.MISCONFIGURED),
        (_caused(httpx.ConnectError("tls"), _caused(OSError("x"), ssl.SSLError("wrong version"))), K.MISCONFIGURED),
        (_caused(httpx.ConnectError("tls"), ssl.SSLEOFError("cut in the handshake")), K.UNREACHABLE),
    ],
)
def test_network_errors(error: Exception, kind: FailureKind) -> None:
    failure = network_failure(error)
    assert failure.kind is kind
    assert failure.retry_now is (kind is K.UNREACHABLE)
    assert str(error) not in str(failure)
