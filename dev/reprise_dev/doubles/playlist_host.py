"""A web server on loopback that hosts playlist files, and misbehaves on request.

Answers are bytes on the wire and not what a framework makes of them: half of what has to be shown here is what a client
does with answers that no framework would send.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

# What to send for a request, piece by piece.
Script = Callable[["Request"], Iterable[bytes]]

_TLS_GREETING = b"\x16\x03"
_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent. Header names are in lower case."""

    target: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


def reply(status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Script:
    """An orderly answer. The length is added where `headers` do not give one."""

    def script(_: Request) -> Iterator[bytes]:
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Something')}"]
        lines += [
            f"{name}: {value}" for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items()
        ]
        yield ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body

    return script


def validated(body: bytes, *, etag: str = "", last_modified: str = "") -> Script:
    """An answer to conditional requests: 304 while the client knows the present validators, else the file."""
    sent = {"ETag": etag, "Last-Modified": last_modified}
    headers = {name: value for name, value in sent.items() if value}

    def script(request: Request) -> Iterable[bytes]:
        asked = request.headers
        if "if-none-match" in asked:
            known = asked["if-none-match"] == etag
        else:
            known = bool(last_modified) and asked.get("if-modified-since") == last_modified
        return (reply(304, headers=headers) if known else reply(200, body, headers))(request)

    return script


def dripping(*pieces: bytes, every_s: float) -> Script:
    """`pieces`, and a pause before each."""

    def script(_: Request) -> Iterator[bytes]:
        for piece in pieces:
            time.sleep(every_s)
            yield piece

    return script


@dataclass
class PlaylistHost:
    """Use as a context manager. `files` maps paths (without query) to scripts; others are not found.

    `tls` is a server's context, None for plain HTTP. `requests` are those that came as a whole, oldest first, and
    `greetings` the host names that clients asked for in TLS.
    """

    files: dict[str, Script] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    at: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    greetings: list[str | None] = field(default_factory=list)

    def __enter__(self) -> Self:
        host = self
        if self.tls is not None:
            self.tls.sni_callback = lambda _socket, name, _context: self.greetings.append(name)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            address_family = socket.AF_INET6 if ":" in self.at else socket.AF_INET

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # A client that hangs up in the middle is what several tests are about.
                with suppress(OSError):
                    host._serve(self.request)

        self._server = Server((self.at, 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, target: str, *, name: str = "") -> str:
        """The address of `target` ("/mix.m3u?token=…") here, or at this port of the host called `name`."""
        shown = name or (f"[{self.at}]" if ":" in self.at else self.at)
        return f"{'https' if self.tls else 'http'}://{shown}:{self.port}{target}"

    def _serve(self, connection: socket.socket) -> None:
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection:
            request = _read(connection)
            self.requests.append(request)
            script = self.files.get(request.target.partition("?")[0], reply(404))
            for piece in script(request):
                connection.sendall(piece)


def _read(connection: socket.socket) -> Request:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if piece.startswith(_TLS_GREETING):
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")  # as web servers do
            raise ConnectionAbortedError
        if not piece:
            raise ConnectionResetError
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        if not (piece := connection.recv(65536)):
            raise ConnectionResetError
        body += piece
    method, target, _ = first.split(" ")
    return Request(target=target, headers=headers, method=method, body=body)
