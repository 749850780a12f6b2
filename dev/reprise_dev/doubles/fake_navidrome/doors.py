"""The two ways into the double: HTTP on loopback, and an httpx transport."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Handle(Protocol):
    """Answers one request, None where the connection is to be cut. Header names are in lower case."""

    def __call__(self, *, verb: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply | None: ...


class TransportDoor(httpx.BaseTransport):
    """For httpx in the same process, without a socket."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._handle(
            verb=request.method,
            target=request.url.raw_path.decode("ascii"),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.read(),
        )
        if reply is None:
            raise httpx.ReadError("the connection was cut")
        return httpx.Response(reply.status, headers=list(reply.headers), stream=httpx.ByteStream(reply.body))


class HttpDoor:
    """A threaded HTTP server whose open connections can be cut from outside."""

    def __init__(self, handle: Handle) -> None:
        connections: set[socket.socket] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                connections.add(self.connection)

            def finish(self) -> None:
                connections.discard(self.connection)
                super().finish()

            def log_message(self, format: str, *args: Any) -> None:  # Any: the signature of the standard library
                """Says nothing: request lines may hold credentials."""

            def do_GET(self) -> None:
                self._respond(b"")

            def do_POST(self) -> None:
                self._respond(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _respond(self, body: bytes) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = handle(verb=self.command, target=self.path, headers=headers, body=body)
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            block_on_close = True
            request_queue_size = 64

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that goes away in the middle of an answer is nothing to report."""

        self._connections = connections
        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="fake-navidrome")
        self._thread.daemon = True
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        # Wakes the threads that wait for the next request on a connection kept alive.
        for connection in list(self._connections):
            # It may just have closed by itself.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
