"""A request and its response, as the callers of `reprise.http` see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reprise.http.address import WebAddress
from reprise.http.errors import InvalidHeader

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
# They say where a request ends and to whom it goes, or how its response is packed: only `reprise.http` sets them.
_RESERVED = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect", "te", "upgrade"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`headers` and `body` may hold secrets. `body` None sends none, and no length.

    Raises `InvalidHeader` for a header that could begin another one (CR, LF), is not ASCII, or is not the caller's.
    """

    method: Method
    address: WebAddress
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name) or name.lower() in _RESERVED or not _VALUE.fullmatch(value):
                raise InvalidHeader(name)

    def head(self, defaults: Mapping[str, str]) -> bytes:
        """Returns the request line and all headers; the caller's replace `defaults`."""
        address = self.address
        given = {name.lower() for name in self.headers}
        sent = {"Host": address.host_header, "Connection": "close", "Accept-Encoding": "gzip"}
        sent |= {name: value for name, value in defaults.items() if name.lower() not in given}
        sent |= self.headers
        if self.body is not None:
            sent["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Header names are in lower case. `body` is unpacked; `complete` is False where it is only a piece."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool = True

    @property
    def redirects(self) -> bool:
        """True where the server names another address in `location`. It is never followed."""
        return self.status in REDIRECTS
