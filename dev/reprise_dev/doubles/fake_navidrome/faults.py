"""Bad days, scripted: what the next requests meet instead of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

_HTML = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, with the first matching request.

    `method` limits it to one Subsonic method, None takes any. `applied` says whether the request still has its
    effect. `drop` cuts the connection instead of answering; `keep_bytes` cuts the real answer after that many
    bytes, None leaves it whole. Otherwise `status`, `body` and `headers` are the answer.
    """

    method: str | None = None
    applied: bool = False
    drop: bool = False
    keep_bytes: int | None = None
    status: int = 502
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=(("Content-Type", "text/html"),))

    @classmethod
    def http(
        cls, status: int, *, retry_after: str | None = None, method: str | None = None, applied: bool = False
    ) -> Fault:
        """A proxy answers for the server, with a page of its own."""
        headers = [("Content-Type", "text/html")]
        if retry_after is not None:
            headers.append(("Retry-After", retry_after))
        body = _HTML.format(title=f"{status} from a proxy").encode()
        return cls(method=method, applied=applied, status=status, body=body, headers=tuple(headers))

    @classmethod
    def login_page(cls, *, method: str | None = None) -> Fault:
        """A single sign-on proxy shows its page, with status 200."""
        return cls(method=method, status=200, body=_HTML.format(title="Please sign in").encode())

    @classmethod
    def redirect(cls, location: str, *, method: str | None = None) -> Fault:
        return cls(method=method, status=302, headers=(("Location", location), ("Content-Type", "text/html")))

    @classmethod
    def refused(cls, *, method: str | None = None) -> Fault:
        """The connection is cut before the request has any effect."""
        return cls(method=method, drop=True)

    @classmethod
    def lost_reply(cls, *, method: str | None = None) -> Fault:
        """The request has its effect, and the connection is cut before the answer."""
        return cls(method=method, drop=True, applied=True)

    @classmethod
    def truncated(cls, keep_bytes: int = 40, *, method: str | None = None) -> Fault:
        """The request has its effect, and the answer ends early though HTTP says it is whole."""
        return cls(method=method, applied=True, keep_bytes=keep_bytes)

    @classmethod
    def api(cls, code: int, message: str, *, method: str | None = None, status: int = 200) -> Fault:
        """The server itself refuses, in its own format."""
        answer = {"status": "failed", "version": "1.16.1", "error": {"code": code, "message": message}}
        return cls(
            method=method,
            status=status,
            body=json.dumps({"subsonic-response": answer}).encode(),
            headers=(("Content-Type", "application/json"),),
        )

    @classmethod
    def database_locked(cls, *, method: str | None = None) -> Fault:
        return cls.api(0, "Internal Server Error: database is locked", method=method)
