"""The address of a playlist: taken apart once, and by one parser. What is judged here is what is called later."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv6Address
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx

from reprise.domain.reach import Reach
from reprise.sources.web.failures import bad_address

URL_MAX = 2_000
PORTS = {"http": 80, "https": 443}
FILE_NAMES = frozenset({".jspf", ".xspf", ".xml", ".json", ".m3u", ".m3u8", ".csv", ".tsv", ".txt"})
"""Endings by which the last part of a path is a file's name. Any other may be a token, and is shown to nobody."""
FILE_NAME_MAX = 80

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """`host` is a name in ASCII or a numeric address without brackets; `target` is path and query as sent.

    `url` is the whole in its canonical form. It and `target` may hold a token: neither is ever shown.
    """

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)
    url: str = field(repr=False)

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def file_name(self) -> str:
        """The last part of the path, where that is the name of a file; else ""."""
        path = PurePosixPath(unquote(self.target.partition("?")[0]))
        shown = path.name.isprintable() and len(path.name) <= FILE_NAME_MAX and path.suffix.lower() in FILE_NAMES
        return path.name if shown else ""

    @property
    def place(self) -> str:
        """As much of the address as a person may be shown: "example.org/…/mix.jspf"."""
        if not self.file_name:
            return self.host
        nested = self.target.partition("?")[0].count("/") > 1
        return f"{self.host}/{'…/' if nested else ''}{self.file_name}"


def parse_address(text: str, reach: Reach) -> WebAddress:
    """The address in `text`. Raises `SyncFailure` (misconfigured) with the reason, which never repeats it."""
    bare = text.strip()
    if len(bare) > URL_MAX:
        raise bad_address(f"The address is longer than {URL_MAX:,} characters.")
    try:
        url = httpx.URL(bare).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise bad_address("This is not an address on the web.") from None
    if url.scheme not in PORTS:
        raise bad_address("The address must begin with http:// or https://.")
    if "@" in re.split(r"[/?#]", bare.partition("//")[2])[0] or url.userinfo or "\\" in bare:
        raise bad_address("The address must hold no user name and no password.")
    return WebAddress(
        scheme=url.scheme,
        host=_host(url),
        port=_port(url, reach),
        target=url.raw_path.decode("ascii"),
        url=str(url),
    )


def _host(url: httpx.URL) -> str:
    host = url.raw_host.decode("ascii").lower().removesuffix(".")
    if ":" in host:
        try:
            literal = IPv6Address(host)
        except AddressValueError:
            raise bad_address("The address names no host.") from None
        if literal.scope_id is not None:
            raise bad_address("The address is bound to one network interface.")
        return str(literal)
    if not _HOST.fullmatch(host):
        raise bad_address("The address names no host.")
    return host


def _port(url: httpx.URL, reach: Reach) -> int:
    port = PORTS[url.scheme] if url.port is None else url.port
    if reach is Reach.PUBLIC and port not in PORTS.values():
        raise bad_address("The address must use port 80 or 443.")
    if not 0 < port < 65536:
        raise bad_address("The address has no usable port.")
    return port
