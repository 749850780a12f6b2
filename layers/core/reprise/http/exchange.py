"""One request to a vetted address, and its response, whatever bytes the server sends."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Sequence
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any, cast

from reprise.http.body import BodyDecoder
from reprise.http.connection import connect
from reprise.http.deadline import Deadline
from reprise.http.errors import (
    BodyTooLarge,
    CertificateRejected,
    ConnectionFailed,
    ConnectTimeout,
    DeadlineExceeded,
    HttpError,
    NoResponse,
    ProtocolError,
    TlsFailed,
    Truncated,
)
from reprise.http.messages import Request, Response

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEADERS_MAX_BYTES = 64 * 1024

_PIECE = 64 * 1024

# The first that fits counts: particular ones stand before general ones.
_NEUTRAL: tuple[tuple[type[Exception], type[HttpError]], ...] = (
    (TimeoutError, ConnectTimeout),
    (IncompleteRead, Truncated),
    (RemoteDisconnected, NoResponse),
    (HTTPException, ProtocolError),
    (ssl.SSLCertVerificationError, CertificateRejected),
    (ssl.SSLError, TlsFailed),
    (OSError, ConnectionFailed),
)
_FOREIGN = (HTTPException, OSError)


def exchange(
    request: Request,
    head: bytes,
    numbers: Sequence[str],
    *,
    deadline: Deadline,
    max_bytes: int,
    whole: bool,
    tls: ssl.SSLContext | None,
) -> Response:
    """Sends `head` and the body of `request` to the first of `numbers` that takes the connection.

    `whole` asks for the whole body of a 200 and for no other; else a piece of any body is read. Raises `HttpError`.
    """
    sent = False
    try:
        with connect(request.address, numbers, deadline, tls) as connection:
            sent = True
            _send(connection, head + (request.body or b""), deadline)
            return _response(_Incoming(connection, deadline, HEADERS_MAX_BYTES), request.method, max_bytes, whole=whole)
    except HttpError as error:
        neutral = error
    except _FOREIGN as error:
        neutral = _neutral(error)
    neutral.request_sent = sent
    # Raised here, so that the error does not carry the other one, whose text is the server's, as its context.
    raise neutral


def _neutral(error: Exception) -> HttpError:
    return next(neutral() for foreign, neutral in _NEUTRAL if isinstance(error, foreign))


def _send(connection: socket.socket, data: bytes, deadline: Deadline) -> None:
    """Not `sendall`: under TLS its time limit is for each record, and a server can be slow to take them."""
    left = memoryview(data)
    while left:
        connection.settimeout(deadline.left_s())
        try:
            left = left[connection.send(left) :]
        except TimeoutError:
            raise DeadlineExceeded from None


class _Incoming(io.RawIOBase):
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
            raise DeadlineExceeded from None
        except ssl.SSLEOFError:
            raise Truncated from None
        self._room -= received
        if self._room < 0:
            raise BodyTooLarge
        return received


def _response(incoming: _Incoming, method: str, max_bytes: int, *, whole: bool) -> Response:
    with HTTPResponse(cast("socket.socket", incoming), method=method) as response:  # it asks only for `makefile`
        _begin(response)
        incoming.allow(max_bytes)
        if whole:
            body, complete = (_whole(response, max_bytes), True) if response.status == 200 else (b"", False)
        else:
            body, complete = _piece(response, max_bytes)
        return Response(
            status=response.status,
            headers={name.lower(): value.strip() for name, value in response.getheaders()},
            body=body,
            complete=complete,
        )


def _begin(response: HTTPResponse) -> None:
    """Reads up to the headers of the final response. `http.client` itself passes over 100 and no other interim one."""
    try:
        response.begin()
        while 100 < response.status < 200:
            if response.status == 101:  # nobody asked for another protocol
                raise ProtocolError
            cast("Any", response).headers = None  # Any: that is how `begin` knows that it has to read
            response.begin()
    except BodyTooLarge:
        raise ProtocolError from None


def _whole(response: HTTPResponse, max_bytes: int) -> bytes:
    decoder = BodyDecoder(response.getheader("content-encoding", ""), max_bytes)
    try:
        while piece := response.read(_PIECE):
            decoder.feed(piece)
    except ValueError:  # `http.client` takes the lengths of chunks at their word, negative ones too
        raise ProtocolError from None
    # To `http.client`, a connection cut within the headers is a response without any: no length and no content.
    nothing = response.length is None and not response.chunked and not decoder.received
    if response.length or not decoder.ended or nothing:
        raise Truncated
    return decoder.body


def _piece(response: HTTPResponse, max_bytes: int) -> tuple[bytes, bool]:
    """The body as far as it came, and whether that is all. `read1` hands out what is there without waiting for more."""
    declared = response.length
    try:
        decoder = BodyDecoder(response.getheader("content-encoding", ""), max_bytes)
    except HttpError:
        return b"", False
    try:
        while declared is None or decoder.received < declared:
            wanted = _PIECE if declared is None else min(_PIECE, declared - decoder.received)
            piece = response.read1(wanted)
            if not piece:
                break
            decoder.feed(piece)
    except (HttpError, *_FOREIGN, ValueError):
        return decoder.body, False
    return decoder.body, decoder.ended and (declared is None or decoder.received == declared)
