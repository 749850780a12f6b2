"""An address on the web: taken apart once, and by one parser. What is judged here is what is called later."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv6Address

import httpx

from reprise.domain.reach import Reach
from reprise.http.errors import InvalidAddress

URL_MAX = 2_000
PORTS = {"http": 80, "https": 443}

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


def parse_address(text: str, reach: Reach) -> WebAddress:
    """Returns the address in `text`. Raises `InvalidAddress` with the reason, which never repeats it."""
    bare = text.strip()
    if len(bare) > URL_MAX:
        raise InvalidAddress(f"The address is longer than {URL_MAX:,} characters.")
    try:
        url = httpx.URL(bare).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise InvalidAddress("This is not an address on the web.") from None
    if url.scheme not in PORTS:
        raise InvalidAddress("The address must begin with http:// or https://.")
    if "@" in re.split(r"[/?#]", bare.partition("//")[2])[0] or url.userinfo or "\\" in bare:
        raise InvalidAddress("The address must hold no user name and no password.")
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
            raise InvalidAddress("The address names no host.") from None
        if literal.scope_id is not None:
            raise InvalidAddress("The address is bound to one network interface.")
        return str(literal)
    if not _HOST.fullmatch(host):
        raise InvalidAddress("The address names no host.")
    return host


def _port(url: httpx.URL, reach: Reach) -> int:
    port = PORTS[url.scheme] if url.port is None else url.port
    if reach is Reach.PUBLIC and port not in PORTS.values():
        raise InvalidAddress("The address must use port 80 or 443.")
    if not 0 < port < 65536:
        raise InvalidAddress("The address has no usable port.")
    return port
