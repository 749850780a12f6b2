"""Transports that stand between the adapter and a server: one counts, one breaks the n-th request."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from enum import StrEnum
from functools import cache

import httpx

_WRITING = ("createPlaylist", "updatePlaylist", "deletePlaylist")


class CrashError(Exception):
    """The process dies here. Nothing in the product catches it."""


class Mischief(StrEnum):
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    LOST_REPLY = "lost reply"
    BAD_GATEWAY = "502"


class Watched(httpx.BaseTransport):
    """Passes requests on and keeps the names of their methods. `after_write` is called when one may have written."""

    def __init__(self, after_write: Callable[[], None] | None = None) -> None:
        self.methods: list[str] = []
        self._after_write = after_write
        self._inner = httpx.HTTPTransport(verify=_trust())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.url.path.rpartition("/")[2].removesuffix(".view"))
        response = self._inner.handle_request(request)
        if self._after_write is not None and self.methods[-1] in _WRITING:
            self._after_write()
        return response

    def close(self) -> None:
        self._inner.close()


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class Broken(Watched):
    """Does `mischief` to request number `at`, counted from 1; `done` tells whether it came to that.

    A lost reply and a 502 come from a proxy that passed the request on: the server did what it was asked.
    """

    def __init__(self, mischief: Mischief, at: int, after_write: Callable[[], None] | None = None) -> None:
        super().__init__(after_write)
        self.mischief = mischief
        self.at = at
        self.done = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if len(self.methods) + 1 != self.at:
            return super().handle_request(request)
        self.done = True
        if self.mischief is Mischief.CRASH_BEFORE:
            self.methods.append("crashed")
            raise CrashError
        response = super().handle_request(request)
        response.read()
        response.close()
        if self.mischief is Mischief.CRASH_AFTER:
            raise CrashError
        if self.mischief is Mischief.LOST_REPLY:
            raise httpx.ReadTimeout("lost")
        return httpx.Response(502, stream=httpx.ByteStream(b"<html>bad gateway</html>"))
