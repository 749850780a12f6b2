"""Signing in, agreeing on a version, trying again: each only where it is safe."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

import httpx
import pytest

from reprise.domain.connections import SignInWay
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.targets.subsonic.client import GET_MAX_BYTES, SubsonicClient
from reprise.targets.subsonic.errors import SubsonicFailure

from .conftest import PASSWORD, ClientMaker, Responder, Say, Script

Refuse = Callable[..., Responder]
K = FailureKind


def _failing(client: SubsonicClient, method: str = "getPlaylists", *, repeatable: bool = True) -> SubsonicFailure:
    with pytest.raises(SubsonicFailure) as caught:
        client.call(method, repeatable=repeatable)
    return caught.value


# ---- signing in


def test_everything_is_in_the_body_and_nothing_in_the_url(client: ClientMaker, say: Say) -> None:
    script = Script(say())
    client(script).call("getPlaylist", [("id", "a;b & c"), ("id", "é")])
    request = script.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://music.test/rest/getPlaylist.view")
    assert b"id=a%3Bb+%26+c&id=%C3%A9" in request.content
    assert script.params()["c"] == "Reprise"
    assert script.params()["f"] == "json"
    assert request.headers["user-agent"] == "Reprise"
    assert "cookie" not in request.headers


def test_a_token_is_made_with_a_fresh_salt_each_time(client: ClientMaker, say: Say) -> None:
    script = Script(say())
    it = client(script)
    it.call("ping")
    it.call("ping")
    salts = [script.params(number)["s"] for number in (0, 1)]
    assert len(set(salts)) == 2
    assert len(salts[0]) >= 6
    for number, salt in enumerate(salts):
        expected = hashlib.md5((PASSWORD + salt).encode(), usedforsecurity=False).hexdigest()
        assert script.params(number)["t"] == expected
        assert "p" not in script.params(number)


def test_cookies_are_not_kept(client: ClientMaker) -> None:
    body = b'{"subsonic-response":{"status":"ok"}}'
    script = Script(lambda _: httpx.Response(200, headers={"Set-Cookie": "x=y"}, stream=httpx.ByteStream(body)))
    it = client(script)
    it.call("ping")
    it.call("ping")
    assert "cookie" not in script.requests[1].headers


@pytest.mark.parametrize("code", [10, 41, 42])
@pytest.mark.parametrize(
    "url",
    ["https://music.test", "http://127.0.0.1:4533", "http://127.8.9.1", "http://localhost:1", "http://[::1]:4533"],
)
def test_the_password_itself_is_sent_where_nobody_can_read_along(
    client: ClientMaker, say: Say, refuse: Refuse, code: int, url: str
) -> None:
    script = Script(refuse(code), say())
    it = client(script, url)
    it.call("ping")
    it.call("ping")
    assert script.params(1)["p"] == "enc:" + PASSWORD.encode().hex()
    assert script.params(2)["p"]
    assert "t" not in script.params(1)
    assert len(script.requests) == 3


@pytest.mark.parametrize("code", [10, 41, 42])
@pytest.mark.parametrize(
    "url",
    [
        "http://music.test",
        "http://192.168.1.5:4533",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.test",
        "http://localhost.evil.test",
        "http://[2001:db8::1]",
    ],
)
def test_and_nowhere_else_whatever_the_server_says(client: ClientMaker, refuse: Refuse, code: int, url: str) -> None:
    script = Script(refuse(code))
    failure = _failing(client(script, url))
    assert failure.kind is K.MISCONFIGURED
    assert "https" in failure.detail
    assert len(script.requests) == 1
    assert "p" not in script.params()


@pytest.mark.parametrize("code", [10, 41, 42])
def test_where_tokens_are_the_way_no_refusal_gets_the_password_out_of_us(
    client: ClientMaker, refuse: Refuse, code: int
) -> None:
    script = Script(refuse(code))
    it = client(script, sign_in_way=SignInWay.TOKEN)
    failures = [_failing(it) for _ in range(2)]
    assert {failure.kind for failure in failures} == {K.MISCONFIGURED}
    assert "takes no tokens" in failures[0].detail
    assert [("t" in script.params(number), "p" in script.params(number)) for number in (0, 1)] == [(True, False)] * 2


def test_a_server_known_to_take_no_tokens_is_shown_the_password_at_once(client: ClientMaker, say: Say) -> None:
    script = Script(say())
    client(script, sign_in_way=SignInWay.PLAIN).call("ping")
    assert script.params()["p"] == "enc:" + PASSWORD.encode().hex()
    assert len(script.requests) == 1


def test_and_not_where_others_read_along(client: ClientMaker, say: Say) -> None:
    script = Script(say())
    assert _failing(client(script, "http://music.test", sign_in_way=SignInWay.PLAIN)).kind is K.MISCONFIGURED
    assert script.requests == []


def test_what_the_server_takes_is_told(client: ClientMaker, say: Say, refuse: Refuse) -> None:
    for script, way in ((Script(say()), SignInWay.TOKEN), (Script(refuse(41), say()), SignInWay.PLAIN)):
        it = client(script)
        it.call("ping")
        assert it.sign_in_way is way


@pytest.mark.parametrize("code", [0, 20, 30, 40, 43, 44, 50, 60, 70])
def test_no_other_refusal_gets_the_password_out_of_us(client: ClientMaker, refuse: Refuse, code: int) -> None:
    script = Script(refuse(code))
    _failing(client(script))
    assert all("p" not in script.params(number) for number in range(len(script.requests)))


def test_a_server_that_took_the_token_once_gets_no_password_later(
    client: ClientMaker, say: Say, refuse: Refuse
) -> None:
    script = Script(say(), refuse(10))
    it = client(script)
    it.call("ping")
    assert _failing(it).kind is K.MALFORMED_RESPONSE
    assert len(script.requests) == 2


def test_nor_one_that_refused_for_a_reason_only_the_signed_in_hear(client: ClientMaker, refuse: Refuse) -> None:
    script = Script(refuse(50), refuse(41))
    it = client(script)
    _failing(it)
    assert _failing(it).kind is K.AUTH_INVALID
    assert len(script.requests) == 2


def test_a_wrong_password_is_tried_once_more_at_most(client: ClientMaker, refuse: Refuse, waits: list[float]) -> None:
    script = Script(refuse(41), refuse(40))
    assert _failing(client(script)).kind is K.AUTH_INVALID
    assert len(script.requests) == 2
    assert waits == []


# ---- agreeing on a version


def test_the_version_a_server_names_is_spoken_from_then_on(client: ClientMaker, say: Say, refuse: Refuse) -> None:
    script = Script(refuse(30, version="1.15.0"), say())
    it = client(script)
    it.call("ping")
    it.call("ping")
    assert [script.params(number)["v"] for number in range(3)] == ["1.16.1", "1.15.0", "1.15.0"]


@pytest.mark.parametrize("named", ["1.16.1", "", "latest", "1.15.0; drop", "9" * 30])
def test_a_version_that_helps_nothing_is_not_tried(client: ClientMaker, refuse: Refuse, named: str) -> None:
    script = Script(refuse(30, version=named))
    assert _failing(client(script)).kind is K.MISCONFIGURED
    assert len(script.requests) == 1


def test_a_server_that_always_names_another_version_is_left(client: ClientMaker, refuse: Refuse) -> None:
    script = Script(refuse(30, version="1.15.0"), refuse(30, version="1.14.0"), refuse(30, version="1.13.0"))
    assert _failing(client(script)).kind is K.MISCONFIGURED
    assert len(script.requests) == 2


def test_version_and_sign_in_may_both_have_to_change(client: ClientMaker, say: Say, refuse: Refuse) -> None:
    script = Script(refuse(30, version="1.12.0"), refuse("10"), say(type="Gonic", serverVersion="0.16"))
    it = client(script)
    it.call("createPlaylist", [("name", "x")], repeatable=False)
    assert (it.product, it.server_version) == ("gonic", "0.16")
    assert len(script.requests) == 3


# ---- POST and GET


@pytest.mark.parametrize("status", [405, 501])
def test_get_is_used_where_post_is_refused(client: ClientMaker, say: Say, status: int) -> None:
    script = Script(say(http=status, body=b""), say())
    it = client(script)
    it.call("getPlaylist", [("id", "1")])
    it.call("getPlaylist", [("id", "2")])
    assert [request.method for request in script.requests] == ["POST", "GET", "GET"]
    assert script.params(1)["id"] == "1"
    assert script.params(2)["t"]


def test_get_is_not_used_for_what_is_long(client: ClientMaker, say: Say) -> None:
    script = Script(say(http=405, body=b""))
    long = [("songId", "x" * 20)] * (GET_MAX_BYTES // 20)
    with pytest.raises(SyncFailure) as caught:
        client(script).call("createPlaylist", long, scope=Scope.PLAYLIST)
    assert (caught.value.kind, caught.value.scope) == (K.TOO_LARGE, Scope.PLAYLIST)
    assert len(script.requests) == 1


def test_where_get_is_refused_too_there_is_no_subsonic(client: ClientMaker, say: Say) -> None:
    script = Script(say(http=405, body=b""))
    it = client(script)
    assert _failing(it).kind is K.MISCONFIGURED
    _failing(it)
    assert [request.method for request in script.requests] == ["POST", "GET", "POST", "GET"]


def test_other_refusals_do_not_lead_to_get(client: ClientMaker, say: Say) -> None:
    script = Script(say(http=404, body=b"not here"))
    assert _failing(client(script)).kind is K.MISCONFIGURED
    assert len(script.requests) == 1


def test_redirects_are_not_followed(client: ClientMaker) -> None:
    elsewhere = httpx.Response(302, headers={"Location": "https://evil.test/"}, stream=httpx.ByteStream(b""))
    script = Script(lambda _: elsewhere)
    failure = _failing(client(script))
    assert failure.kind is K.MISCONFIGURED
    assert "evil" not in str(failure)
    assert len(script.requests) == 1


# ---- trying again


def _raise(error: Exception) -> Responder:
    def respond(_: httpx.Request) -> httpx.Response:
        raise error

    return respond


def test_passing_troubles_are_waited_out(client: ClientMaker, say: Say, refuse: Refuse, waits: list[float]) -> None:
    script = Script(
        _raise(httpx.ConnectError("refused")), say(http=502, body=b"<html>"), refuse(0, "database is locked"), say()
    )
    client(script).call("ping")
    assert waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (_raise(httpx.ReadTimeout("slow")), K.UNREACHABLE),
        (lambda _: httpx.Response(503, stream=httpx.ByteStream(b"")), K.SERVER_ERROR),
        (lambda _: httpx.Response(429, stream=httpx.ByteStream(b"")), K.RATE_LIMITED),
        (lambda _: httpx.Response(200, stream=httpx.ByteStream(b'{"subsonic-resp')), K.MALFORMED_RESPONSE),
    ],
)
def test_four_attempts_are_enough(
    client: ClientMaker, waits: list[float], trouble: Responder, kind: FailureKind
) -> None:
    script = Script(trouble)
    assert _failing(client(script)).kind is kind
    assert len(script.requests) == 4
    assert len(waits) == 3


def test_what_must_not_happen_twice_is_sent_once(client: ClientMaker, waits: list[float]) -> None:
    script = Script(_raise(httpx.ReadTimeout("slow")))
    failure = _failing(client(script), "createPlaylist", repeatable=False)
    assert failure.retry_now
    assert len(script.requests) == 1
    assert waits == []


@pytest.mark.parametrize("code", [0, 10, 40, 50, 70])
def test_refusals_are_not_repeated(client: ClientMaker, say: Say, refuse: Refuse, code: int) -> None:
    script = Script(say(), refuse(code, "no"))
    it = client(script)
    it.call("ping")
    _failing(it)
    assert len(script.requests) == 2


def test_a_short_pause_that_is_asked_for_is_made(client: ClientMaker, say: Say, waits: list[float]) -> None:
    script = Script(say(http=429, body=b"", retry_after=3), say())
    client(script).call("ping")
    assert waits == [3.0]


def test_a_long_one_is_left_to_the_next_run(client: ClientMaker, say: Say, waits: list[float]) -> None:
    script = Script(say(http=429, body=b"", retry_after=120), say())
    failure = _failing(client(script))
    assert (failure.kind, failure.retry_after_s) == (K.RATE_LIMITED, 120)
    assert waits == []


def test_no_wait_goes_beyond_the_time_there_is(client: ClientMaker, waits: list[float]) -> None:
    script = Script(_raise(httpx.ConnectError("refused")))
    assert _failing(client(script, time_budget_s=1.2)).kind is K.UNREACHABLE
    assert waits == [0.5]
    assert len(script.requests) == 2


def test_nothing_is_sent_when_the_time_is_over(client: ClientMaker, say: Say, waits: list[float]) -> None:
    script = Script(say())
    it = client(script, time_budget_s=5)
    it.call("ping")
    waits.append(5)
    assert _failing(it).kind is K.UNREACHABLE
    assert len(script.requests) == 1


def test_the_last_attempt_gets_only_the_time_that_is_left(client: ClientMaker, say: Say, waits: list[float]) -> None:
    script = Script(say())
    it = client(script, time_budget_s=50)
    it.call("ping")
    waits.append(48)
    it.call("ping")
    first, second = (request.extensions["timeout"] for request in script.requests)
    assert first == {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}
    assert second == {"connect": 2.0, "read": 2.0, "write": 2.0, "pool": 2.0}


# ---- what comes back


@pytest.mark.parametrize("error", [None, {}, [], [{"code": "70"}], {"code": 70}, "text"])
def test_failed_answers_of_every_shape_are_failures(client: ClientMaker, say: Say, error: object) -> None:
    script = Script(say(status="failed", error=error))
    _failing(client(script))


def test_an_answer_without_a_status_is_no_success(client: ClientMaker, say: Say) -> None:
    script = Script(say(body=b'{"subsonic-response":{"playlists":{}}}'))
    _failing(client(script))


def test_attempts_are_logged_without_anything_secret(
    client: ClientMaker, say: Say, caplog: pytest.LogCaptureFixture
) -> None:
    script = Script(say(http=502, body=b""), say())
    with caplog.at_level(logging.DEBUG):
        client(script).call("getPlaylists")
    [record] = caplog.records
    assert record.__dict__["method"] == "getPlaylists"
    assert record.__dict__["status"] == 502


@pytest.mark.parametrize(
    "url",
    [
        "",
        "music.test",
        "ftp://music.test",
        "https://",
        "https://u:p@music.test",
        "https://music.test/?x=1",
    ],
)
def test_unusable_addresses(client: ClientMaker, say: Say, url: str) -> None:
    with pytest.raises(SyncFailure) as caught:
        client(Script(say()), url)
    assert caught.value.kind is K.MISCONFIGURED
    assert "music.test" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "sent_to"),
    [
        ("https://music.test/", "https://music.test/rest/ping.view"),
        ("https://music.test/rest", "https://music.test/rest/ping.view"),
        ("https://music.test/rest/", "https://music.test/rest/ping.view"),
        ("https://music.test:8443/navi drome/", "https://music.test:8443/navi%20drome/rest/ping.view"),
    ],
)
def test_usable_addresses(client: ClientMaker, say: Say, url: str, sent_to: str) -> None:
    script = Script(say())
    client(script, url).call("ping")
    assert str(script.requests[0].url) == sent_to
