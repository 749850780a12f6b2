"""Whether a form comes from a page of our own."""

from __future__ import annotations

from collections.abc import Mapping


def from_our_own_page(headers: Mapping[str, str], domain_name: str) -> bool:
    """False for a form that another site made the browser send. `domain_name` is where API Gateway says it was sent.

    `Sec-Fetch-Site` is the browser's own word and holds behind any proxy. Older browsers send `Origin` only: its host
    must be one this request was addressed to. Programs send neither, and have no one's cookies or trust to abuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return True
    addressed = {headers.get("host", ""), headers.get("x-forwarded-host", ""), domain_name}
    return origin.partition("://")[2] in addressed - {""}
