"""Answers that are too much: for the memory, for the patience."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import httpx
import pytest

from reprise.domain.failures import FailureKind
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.exchange import ANSWER_MAX_S, Exchange, Verb

LIMIT = 100_000


class Sending(httpx.BaseTransport):
    """Answers 200 with `chunks`, packed as `packing` claims."""

    def __init__(self, chunks: Callable[[], Iterator[bytes]], packing: str = "") -> None:
        self._chunks = chunks
        self._packing = packing
        self.closed = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {"Content-Encoding": self._packing} if self._packing else {}
        return httpx.Response(200, headers=headers, stream=_Stream(self._chunks(), self._close))

    def _close(self) -> None:
        self.closed += 1


class _Stream(httpx.SyncByteStream):
    def __init__(self, chunks: Iterator[bytes], on_close: Callable[[], None]) -> None:
        self._chunks = chunks
        self._on_close = on_close

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        self._on_close()


def _send(transport: httpx.BaseTransport, clock: Callable[[], float] = lambda: 0.0) -> bytes:
    exchange = Exchange(
        "https://music.test", transport=transport, clock=clock, connect_timeout_s=1, answer_max_bytes=LIMIT
    )
    return exchange.send(Verb.POST, "ping", "a=b", timeout_s=1).body


def _failure(transport: httpx.BaseTransport, clock: Callable[[], float] = lambda: 0.0) -> SubsonicFailure:
    with pytest.raises(SubsonicFailure) as caught:
        _send(transport, clock)
    return caught.value


@pytest.mark.parametrize("packing", ["gzip", "x-gzip", "GZIP"])
def test_packed_answers_are_unpacked(packing: str) -> None:
    packed = gzip.compress(b"x" * 5_000, mtime=0)
    pieces = [packed[start : start + 7] for start in range(0, len(packed), 7)]
    transport = Sending(lambda: iter(pieces), packing)
    assert _send(transport) == b"x" * 5_000
    assert transport.closed == 1


def test_a_gigabyte_in_a_kilobyte_is_not_unpacked() -> None:
    packed = gzip.compress(bytes(50_000_000), mtime=0)
    transport = Sending(lambda: iter([packed]), "gzip")
    tracemalloc.start()
    failure = _failure(transport)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 20 * LIMIT
    assert (failure.kind, failure.retry_now) == (FailureKind.MALFORMED_RESPONSE, False)
    assert transport.closed == 1


def test_an_endless_answer_is_cut() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1_000

    assert _failure(Sending(endless)).kind is FailureKind.MALFORMED_RESPONSE


def test_as_much_as_the_limit_is_read() -> None:
    assert len(_send(Sending(lambda: iter([b"x" * LIMIT])))) == LIMIT
    assert len(_send(Sending(lambda: iter([gzip.compress(b"x" * LIMIT, mtime=0)]), "gzip"))) == LIMIT


def test_a_dripping_answer_is_given_up() -> None:
    ticks = iter(range(0, 10_000, 10))

    def drip() -> Iterator[bytes]:
        while True:
            yield b"x"

    failure = _failure(Sending(drip), lambda: float(next(ticks)))
    assert (failure.kind, failure.retry_now) == (FailureKind.UNREACHABLE, True)
    assert next(ticks) <= ANSWER_MAX_S + 30


@pytest.mark.parametrize("packing", ["br", "deflate", "gzip, gzip", "zstd"])
def test_packings_nobody_asked_for(packing: str) -> None:
    assert _failure(Sending(lambda: iter([b"x"]), packing)).kind is FailureKind.MALFORMED_RESPONSE


@pytest.mark.parametrize("body", [gzip.compress(b"x" * 500, mtime=0)[:-5], b"\x1f\x8b", b"no gzip at all"])
def test_packed_answers_that_break_off(body: bytes) -> None:
    failure = _failure(Sending(lambda: iter([body]), "gzip"))
    assert (failure.kind, failure.retry_now) == (FailureKind.MALFORMED_RESPONSE, True)


def test_an_empty_body_may_claim_to_be_packed() -> None:
    assert _send(Sending(lambda: iter([]), "gzip")) == b""


def test_a_failure_does_not_carry_the_error_it_came_from() -> None:
    def break_off() -> Iterator[bytes]:
        yield b"x"
        raise httpx.ReadError("https://music.test/?p=secret")

    failure = _failure(Sending(break_off))
    assert failure.__cause__ is None
    assert failure.__context__ is None
    garbled = _failure(Sending(lambda: iter([b"garbled"]), "gzip"))
    assert not isinstance(garbled.__context__, zlib.error)
