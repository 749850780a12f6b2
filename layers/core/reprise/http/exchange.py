"""One request to a vetted address, and the bytes of its answer.

Sockets and not httpx: that one resolves names by itself, and its limits are for each read, so that a server which sends
a byte now and then is never given up. Nothing here follows, remembers or looks up anything: no redirects, no cookies,
no proxies, no `.netrc`.
"""

from __future__ import annotations

import io
import socket
import ssl
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, cast

from reprise.sources.web.address import WebAddress
from reprise.sources.web.guard import Deadline, OutOfTime

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import WriteableBuffer

CONNECT_S = 5.0
"""For each of a host's addresses, so that one that swallows everything leaves time for the next."""
ADDRESSES_MAX = 4
HEADERS_MAX_BYTES = 64 * 1024
_PIECE = 64 * 1024
_GZIP = 31  # zlib's name for "with a gzip header"


class TooLarge(Exception):
    """More than is accepted, as sent or once unpacked."""


class BreaksOff(Exception):
    """The answer ends before its end."""


class StrangePacking(Exception):
    """Packed in a way that was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Headers in lower case. `body` is unpacked, and empty for every status but 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def system_trust() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, and against the host's name."""
    return ssl.create_default_context()


def ask(
    address: WebAddress,
    numbers: Sequence[str],
    headers: Mapping[str, str],
    *,
    deadline: Deadline,
    max_bytes: int,
    tls: ssl.SSLContext | None,
) -> Answer:
    """GET `address` from the first of `numbers` that takes the connection. `tls` None means the system's trust.

    Raises `OutOfTime`, `TooLarge`, `BreaksOff`, `StrangePacking`, `OSError` (with `ssl.SSLError`), `zlib.error` and
    `http.client.HTTPException`.
    """
    with _connected(address, numbers, deadline, tls) as connection:
        connection.settimeout(deadline.left_s())
        connection.sendall(_request(address, headers))
        return _answer(_Wire(connection, deadline, HEADERS_MAX_BYTES), max_bytes)


def _request(address: WebAddress, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {address.target} HTTP/1.1", f"Host: {address.host_header}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _connected(
    address: WebAddress, numbers: Sequence[str], deadline: Deadline, tls: ssl.SSLContext | None
) -> socket.socket:
    connection = _dialled(numbers[:ADDRESSES_MAX], address.port, deadline)
    if not address.secure:
        return connection
    try:
        connection.settimeout(deadline.left_s())
        # Without close_notify nobody knows whether an answer without a length is whole: that must not pass for an end.
        return (tls or system_trust()).wrap_socket(connection, server_hostname=address.host, suppress_ragged_eofs=False)
    except BaseException:
        connection.close()
        raise


def _dialled(numbers: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    refused: OSError | None = None
    for number in numbers:
        try:
            return _dial(number, port, min(CONNECT_S, deadline.left_s()))
        except OSError as error:
            refused = error
    raise refused or OSError("no address to connect to")


def _dial(number: str, port: int, timeout_s: float) -> socket.socket:
    connection = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        connection.connect((number, port))
    except BaseException:
        connection.close()
        raise
    return connection


class _Wire(io.RawIOBase):
    """What a server sends, until the time is over or it is too much. Stands in for the socket that `http.client` wants
    to read from."""

    def __init__(self, connection: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._room = max_bytes

    def allow(self, more_bytes: int) -> None:
        self._room += more_bytes

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._connection.settimeout(self._deadline.left_s())
        try:
            received = self._connection.recv_into(buffer)
        except TimeoutError:
            raise OutOfTime from None
        except ssl.SSLEOFError:
            raise BreaksOff from None
        self._room -= received
        if self._room < 0:
            raise TooLarge
        return received


def _answer(wire: _Wire, max_bytes: int) -> Answer:
    with HTTPResponse(cast("socket.socket", wire), method="GET") as response:  # it asks only for `makefile`
        try:
            response.begin()
        except TooLarge:  # it reads interim answers (100 Continue) for as long as a server sends them
            raise HTTPException("endless headers") from None
        wire.allow(max_bytes)
        try:
            body = _body(response, max_bytes) if response.status == 200 else b""
        except ValueError:  # it takes the lengths of chunks at their word, negative ones too
            raise HTTPException("impossible chunks") from None
        return Answer(
            status=response.status,
            headers={name.lower(): value.strip() for name, value in response.getheaders()},
            body=body,
        )


def _body(response: HTTPResponse, max_bytes: int) -> bytes:
    packing = response.getheader("content-encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise StrangePacking
    unpack = zlib.decompressobj(_GZIP) if packing.endswith("gzip") else None
    body = bytearray()
    while piece := response.read(_PIECE):
        # One byte above the limit tells that it was passed, without unpacking the rest: a kilobyte can hold a gigabyte.
        body += unpack.decompress(piece, max_bytes + 1 - len(body)) if unpack else piece
        if len(body) > max_bytes:
            raise TooLarge
    # To `http.client`, a connection cut within the headers is an answer without any: one of no length and no content.
    cut_short = bool(response.length) or (unpack is not None and not unpack.eof)
    if cut_short or (response.length is None and not response.chunked and not body):
        raise BreaksOff
    return bytes(body)
