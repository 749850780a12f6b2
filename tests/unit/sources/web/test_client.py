"""One asking: what servers answer, and what they try."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reprise.domain.connections import of_host, source_party
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.reach import Reach
from reprise.sources.files.reader import MAX_BYTES
from reprise.sources.web.client import FILE_MAX_BYTES, WebClient, WebFile
from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.playlist_host import PlaylistHost, Request, Script, dripping, reply, validated
from tests.unit.sources.web.conftest import scope_of

from .conftest import LOOPBACK, NOON, Names

Fetch = Callable[[str], WebFile]
Fails = Callable[[str], SyncFailure]

FILE = b"#EXTM3U\n#EXTINF:261,Beyonce - Halo\nhalo.mp3\n"
OK = b"HTTP/1.1 200 OK\r\n"
KINDS = FailureKind


def raw(*pieces: bytes) -> Script:
    return lambda _: pieces


def endless(first: bytes, again: bytes) -> Script:
    def script(_: Request) -> Iterator[bytes]:
        yield first
        yield from repeat(again)

    return script


# --- what is asked -------------------------------------------------------------------------------------------------


def test_a_file_is_fetched(host: PlaylistHost, fetch: Fetch) -> None:
    modified = "Sat, 21 Nov 2026 10:00:00 GMT"
    host.files["/mix.m3u"] = reply(
        body=FILE, headers={"Content-Type": "audio/x-mpegurl", "ETag": '"v1"', "Last-Modified": modified}
    )

    assert fetch(host.url("/mix.m3u?token=abc")) == WebFile(
        data=FILE, content_type="audio/x-mpegurl", etag='"v1"', last_modified=modified
    )
    (request,) = host.requests
    assert request.target == "/mix.m3u?token=abc"
    assert request.headers == {
        "host": f"127.0.0.1:{host.port}",
        "connection": "close",
        "user-agent": "Reprise",
        "accept": "*/*",
        "accept-encoding": "gzip",
    }


def test_nothing_of_the_machine_or_of_earlier_answers_is_sent(
    host: PlaylistHost, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    host.files["/mix.m3u"] = reply(body=FILE, headers={"Set-Cookie": "a=b"})

    assert fetch(host.url("/mix.m3u")).data == fetch(host.url("/mix.m3u")).data == FILE
    assert all("cookie" not in request.headers for request in host.requests)


def test_an_unchanged_file_is_not_sent_again(host: PlaylistHost, client: WebClient) -> None:
    host.files["/mix.m3u"] = validated(FILE, etag='W/"1"')
    address = client.address(host.url("/mix.m3u"))

    assert client.fetch_if_changed(address, etag='W/"1"', last_modified="x") is None
    assert host.requests[-1].headers["if-none-match"] == 'W/"1"'
    assert host.requests[-1].headers["if-modified-since"] == "x"
    changed = client.fetch_if_changed(address, etag='"0"', last_modified="")
    assert changed is not None
    assert changed.etag == 'W/"1"'


def test_without_validators_the_whole_file_is_asked_for(host: PlaylistHost, client: WebClient) -> None:
    host.files["/mix.m3u"] = reply(body=FILE)
    assert client.fetch_if_changed(client.address(host.url("/mix.m3u")), etag="", last_modified="") is not None
    assert not {"if-none-match", "if-modified-since"} & set(host.requests[-1].headers)


def test_nothing_changed_is_no_answer_to_who_knows_nothing(host: PlaylistHost, client: WebClient) -> None:
    host.files["/mix.m3u"] = reply(304)
    with pytest.raises(SyncFailure) as caught:
        client.fetch_if_changed(client.address(host.url("/mix.m3u")), etag="", last_modified="")
    assert caught.value.kind is KINDS.MALFORMED_RESPONSE


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ETag", "unquoted"),
        ("ETag", '"a" "b"'),
        ("ETag", '"' + "x" * 600 + '"'),
        ("ETag", '"caf\xe9"'),
        ("Last-Modified", "yesterday"),
        ("Last-Modified", "-1"),
    ],
)
def test_validators_that_could_not_be_sent_back_are_dropped(
    host: PlaylistHost, fetch: Fetch, header: str, value: str
) -> None:
    host.files["/mix.m3u"] = reply(body=FILE, headers={header: value})
    found = fetch(host.url("/mix.m3u"))
    assert (found.etag, found.last_modified) == ("", "")


def test_an_ipv6_literal(names: Names) -> None:
    with PlaylistHost(at="::1") as host:
        host.files["/mix.m3u"] = reply(body=FILE)
        client = WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names)
        assert client.fetch(client.address(host.url("/mix.m3u"))).data == FILE
        assert host.requests[0].headers["host"] == f"[::1]:{host.port}"


def test_a_name_in_another_script(host: PlaylistHost, fetch: Fetch, names: Names) -> None:
    host.files["/mix.m3u"] = reply(body=FILE)
    assert fetch(host.url("/mix.m3u", name="straße.example")).data == FILE
    assert names.asked == [("xn--strae-oqa.example", host.port)]
    assert host.requests[0].headers["host"] == f"xn--strae-oqa.example:{host.port}"


# --- TLS -----------------------------------------------------------------------------------------------------------


def test_tls_asks_for_the_name_and_checks_it(secure_host: PlaylistHost, fetch: Fetch) -> None:
    secure_host.files["/mix.m3u"] = reply(body=FILE)
    assert fetch(secure_host.url("/mix.m3u", name="music.test")).data == FILE
    assert secure_host.greetings == ["music.test"]
    assert secure_host.requests[0].headers["host"] == f"music.test:{secure_host.port}"


@pytest.mark.parametrize("name", ["other.test", ""])
def test_a_certificate_for_another_name_is_refused(secure_host: PlaylistHost, fails: Fails, name: str) -> None:
    failure = fails(secure_host.url("/mix.m3u", name=name))
    assert failure.kind is KINDS.UNREACHABLE
    assert failure.detail == "Its certificate is not trusted, has expired, or bears another name."
    assert secure_host.requests == []


def test_an_authority_that_nobody_trusts_is_refused(secure_host: PlaylistHost, names: Names) -> None:
    client = WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names)
    with pytest.raises(SyncFailure) as caught:
        client.fetch(client.address(secure_host.url("/mix.m3u", name="music.test")))
    assert caught.value.detail == "Its certificate is not trusted, has expired, or bears another name."


def test_a_server_that_speaks_no_tls(host: PlaylistHost, fails: Fails) -> None:
    failure = fails(f"https://music.test:{host.port}/")
    assert (failure.kind, failure.detail) == (KINDS.UNREACHABLE, "No secure connection could be made.")


def test_a_cut_connection_is_no_end_of_a_file_under_tls(authority: Authority, fails: Fails) -> None:
    """Without a length only TLS can tell an end from a cut; half a playlist must not pass for a whole one."""
    with PlaylistHost(tls=authority.server_context("music.test")) as host:
        host.files["/mix.m3u"] = raw(OK + b"\r\n" + FILE)
        failure = fails(host.url("/mix.m3u", name="music.test"))
    assert (failure.kind, failure.detail) == (KINDS.UNREACHABLE, "The file broke off before its end.")


# --- what is answered ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind", "fatal"),
    [
        (401, KINDS.FORBIDDEN, True),
        (403, KINDS.FORBIDDEN, True),
        (407, KINDS.FORBIDDEN, True),
        (451, KINDS.FORBIDDEN, True),
        (404, KINDS.NOT_FOUND, True),
        (410, KINDS.NOT_FOUND, True),
        (400, KINDS.MISCONFIGURED, True),
        (405, KINDS.MISCONFIGURED, True),
        (418, KINDS.MISCONFIGURED, True),
        (408, KINDS.SERVER_ERROR, False),
        (425, KINDS.SERVER_ERROR, False),
        (429, KINDS.RATE_LIMITED, False),
        (500, KINDS.SERVER_ERROR, False),
        (502, KINDS.SERVER_ERROR, False),
        (503, KINDS.SERVER_ERROR, False),
        (599, KINDS.SERVER_ERROR, False),
        (204, KINDS.MALFORMED_RESPONSE, True),
        (206, KINDS.MALFORMED_RESPONSE, True),
        (304, KINDS.MALFORMED_RESPONSE, True),
        (300, KINDS.MALFORMED_RESPONSE, True),
    ],
)
def test_every_status_is_a_failure_of_the_playlist(
    host: PlaylistHost, fails: Fails, status: int, kind: FailureKind, fatal: bool
) -> None:
    host.files["/mix.m3u"] = reply(status, b"" if status in {204, 304} else b"SECRET-BODY")
    failure = fails(host.url("/mix.m3u"))
    assert (failure.kind, failure.fatal, failure.status) == (kind, fatal, status)
    assert failure.party == source_party(of_host("127.0.0.1"))
    assert "SECRET-BODY" not in str(failure)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        (str(10**30), 86_400),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 12:02:00 -0000", 120),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_limit_names_its_end(host: PlaylistHost, fails: Fails, header: str, seconds: int | None) -> None:
    host.files["/mix.m3u"] = reply(429, headers={"Retry-After": header})
    assert fails(host.url("/mix.m3u")).retry_after_s == seconds


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/iam", "It sends visitors on to 169.254.169.254,"),
        ("https://elsewhere.example/s3cret?token=s3cret", "It sends visitors on to elsewhere.example,"),
        ("//elsewhere.example:8443/s3cret", "It sends visitors on to elsewhere.example,"),
        ("https://u:s3cret@elsewhere.example/", "to another address of its own,"),
        ("/s3cret", "to another address of its own,"),
        ("https://127.0.0.1/mix.m3u", "to https://,"),
        ("file:///etc/s3cret", "to another address of its own,"),
        ("http://[s3cret", "to another address of its own,"),
        ("", "to another address of its own,"),
    ],
)
def test_no_redirect_is_followed_and_only_its_host_is_told(
    host: PlaylistHost, fails: Fails, status: int, location: str, said: str
) -> None:
    host.files["/mix.m3u"] = reply(status, headers={"Location": location})
    failure = fails(host.url("/mix.m3u"))
    assert failure.kind is KINDS.MISCONFIGURED
    assert said in failure.detail
    assert "s3cret" not in str(failure)
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (raw(), KINDS.UNREACHABLE),
        (raw(b"HTTP/1.1 200"), KINDS.UNREACHABLE),
        (raw(OK + b"Content-Ty"), KINDS.UNREACHABLE),
        (raw(OK + b"Content-Length: 1"), KINDS.UNREACHABLE),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), KINDS.MALFORMED_RESPONSE),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), KINDS.MALFORMED_RESPONSE),
        (raw(b"HTTP/1.1 nonsense\r\n\r\n"), KINDS.MALFORMED_RESPONSE),
        (raw(b"\x00" * 100_000), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"a: b\r\n" * 5_000), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"A: " + b"x" * 70_000), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Content-Length: 100\r\n\r\n" + FILE), KINDS.UNREACHABLE),
        (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc"), KINDS.UNREACHABLE),
        (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"), KINDS.UNREACHABLE),
        (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc"), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 70_000), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc"), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), KINDS.MALFORMED_RESPONSE),
        (raw(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(FILE)[:-9]), KINDS.UNREACHABLE),
    ],
)
def test_answers_that_are_none(host: PlaylistHost, fails: Fails, script: Script, kind: FailureKind) -> None:
    host.files["/mix.m3u"] = script
    failure = fails(host.url("/mix.m3u"))
    assert failure.kind is kind
    assert failure.detail


_LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 100 Continue",
        b"HTTP/9.9 200",
        b"Content-Length: 20",
        b"Content-Length: -1",
        b"Content-Encoding: gzip",
        b"Transfer-Encoding: chunked",
        b"Connection: keep-alive",
        b"Location: http://[",
        b"ETag: \x80",
        b"",
        b"5",
        b"-1",
        b"0",
        gzip.compress(FILE),
        FILE,
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_LINES | st.binary(max_size=30), max_size=12).map(b"\r\n".join), st.integers(0, 40))
def test_whatever_is_answered_is_a_file_or_a_failure(
    host: PlaylistHost, client: WebClient, answer: bytes, cut: int
) -> None:
    host.files["/mix.m3u"] = raw(OK + answer[: len(answer) - cut])
    failure: SyncFailure | None = None
    try:
        found = client.fetch(client.address(host.url("/mix.m3u")))
        assert len(found.data) <= FILE_MAX_BYTES
    except SyncFailure as error:
        failure = error
    if failure is not None:
        assert (failure.scope, failure.party) == (scope_of(failure.kind), source_party(of_host("127.0.0.1")))


@pytest.mark.parametrize(
    "script",
    [
        raw(b"HTTP/1.0 200 OK\r\n\r\n" + FILE),
        raw(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: %d\r\n\r\n" % len(FILE) + FILE),
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n" % len(FILE), FILE, b"\r\n0\r\n\r\n"),
        raw(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(FILE)),
        raw(OK + b"Content-Length: nonsense\r\n\r\n" + FILE),
        dripping(*(bytes([byte]) for byte in OK + b"\r\n"), FILE, every_s=0.001),
    ],
)
def test_answers_of_unusual_form(host: PlaylistHost, fetch: Fetch, script: Script) -> None:
    host.files["/mix.m3u"] = script
    assert fetch(host.url("/mix.m3u")).data == FILE


def test_nobody_there(fails: Fails, names: Names) -> None:
    with PlaylistHost() as host:
        url = host.url("/mix.m3u")
    failure = fails(url)
    assert (failure.kind, failure.status) == (KINDS.UNREACHABLE, None)


# --- too much, and too slow ----------------------------------------------------------------------------------------


def test_the_limit_is_that_of_an_upload() -> None:
    assert FILE_MAX_BYTES == MAX_BYTES


def test_a_file_of_just_the_limit_is_taken(host: PlaylistHost, fetch: Fetch) -> None:
    host.files["/mix.m3u"] = reply(body=b"#" * FILE_MAX_BYTES)
    assert len(fetch(host.url("/mix.m3u")).data) == FILE_MAX_BYTES


@pytest.mark.parametrize(
    "script",
    [
        reply(body=b"#" * (FILE_MAX_BYTES + 1)),
        endless(OK + b"\r\n", b"#" * 65536),
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"#" * 65536 + b"\r\n"),
        reply(body=gzip.compress(bytes(200 * 1024 * 1024), 1), headers={"Content-Encoding": "gzip"}),
        endless(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(bytes(1024 * 1024))),
    ],
    ids=["one byte", "endless", "endless chunks", "bomb", "chain of bombs"],
)
def test_more_than_the_limit_is_not_even_read(host: PlaylistHost, fails: Fails, script: Script) -> None:
    host.files["/mix.m3u"] = script
    tracemalloc.start()
    try:
        failure = fails(host.url("/mix.m3u"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (failure.kind, failure.detail) == (KINDS.TOO_LARGE, "The file is larger than 4 MB.")
    assert peak < 24 * 1024 * 1024


def hanging(_: Request) -> Iterator[bytes]:
    time.sleep(2.0)
    yield b""


@pytest.mark.parametrize(
    "script",
    [
        hanging,
        dripping(*(bytes([byte]) for byte in OK + b"X: " + b"y" * 200), every_s=0.1),
        dripping(OK + b"Content-Length: 1000\r\n\r\n", *([b"#"] * 200), every_s=0.1),
        dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", *([b"1\r\n#\r\n"] * 200), every_s=0.1),
    ],
    ids=["silent", "headers", "body", "chunks"],
)
def test_time_is_one_for_all_however_it_is_dripped(host: PlaylistHost, names: Names, script: Script) -> None:
    host.files["/mix.m3u"] = script
    client = WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names, total_s=0.5)
    began = time.monotonic()

    with pytest.raises(SyncFailure) as caught:
        client.fetch(client.address(host.url("/mix.m3u")))

    assert time.monotonic() - began < 1.5
    assert (caught.value.kind, caught.value.detail) == (
        KINDS.UNREACHABLE,
        "It did not deliver the file within 0.5 seconds.",
    )


def test_a_greeting_that_is_never_answered(names: Names, trust: ssl.SSLContext) -> None:
    """A TLS handshake with a server that listens and says nothing."""
    client = WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names, tls=trust, total_s=0.3)
    with socket.create_server((LOOPBACK, 0)) as silent:
        began = time.monotonic()
        with pytest.raises(SyncFailure) as caught:
            client.fetch(client.address(f"https://music.test:{silent.getsockname()[1]}/"))
    assert time.monotonic() - began < 1.3
    assert caught.value.kind is KINDS.UNREACHABLE


# --- secrets -------------------------------------------------------------------------------------------------------


def test_no_log_holds_more_of_an_address_than_its_host(
    host: PlaylistHost, fetch: Fetch, fails: Fails, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host.files["/c4nary/mix.m3u"] = reply(body=b"C4NARY", headers={"ETag": '"c4nary"', "X-Thing": "c4nary"})
    fetch(host.url("/c4nary/mix.m3u?token=c4nary"))
    fails(host.url("/c4nary/gone?token=c4nary"))

    assert [record.getMessage() for record in caplog.records] == ["asked for a playlist file"] * 2
    assert all("c4nary" not in str(vars(record)).lower() for record in caplog.records)
    assert {getattr(record, "host", None) for record in caplog.records} == {"127.0.0.1"}
