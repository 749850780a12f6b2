"""A fixed address for the API. The emulator serves it under a path of its own; no link in an email should have that."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from reprise_dev.local.processes import LOOPBACK

ANSWER_WITHIN_S = 60
# What belongs to one connection and is not passed on (RFC 9110, 7.6.1), and what is computed anew.
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
}


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    backend_port: int
    backend_path: str

    # The base class types the request loosely, because UDP servers share it.
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who hangs up is no trouble of ours; everything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _forward(self) -> None:
        proxy = cast("_Proxy", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        backend = http.client.HTTPConnection(LOOPBACK, proxy.backend_port, timeout=ANSWER_WITHIN_S)
        try:
            backend.request(self.command, proxy.backend_path + self.path, body=body or None, headers=headers)
            answer = backend.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
        except (OSError, http.client.HTTPException) as failure:
            text = f"The local API does not answer ({type(failure).__name__}).\n".encode()
            self._answer(502, [("Content-Type", "text/plain; charset=utf-8")], text)
        finally:
            backend.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the API's own log lines say more."""


@contextmanager
def running_proxy(port: int, *, backend_port: int, backend_path: str) -> Iterator[str]:
    """Serve on loopback; yields the address. Raises `OSError` when the port is taken."""
    proxy = _Proxy((LOOPBACK, port), _Handler)
    proxy.backend_port = backend_port
    proxy.backend_path = backend_path
    serving = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    serving.start()
    try:
        yield f"http://{LOOPBACK}:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()
        serving.join()
