"""A track's key as it stands in addresses.

Keys may hold any characters (`uri:https://…?id=…`), and what API Gateway hands over is decoded already, cut off at a
decoded “?”. So a key that is more than letters, digits and a few marks is shown in base64 and needs no other encoding.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

_MARK = "b64:"
_PLAIN = re.compile(r"[A-Za-z0-9:._-]{1,300}")


def shown_key(key: str) -> str:
    """What stands for a track's key in answers and addresses."""
    if _PLAIN.fullmatch(key) and not key.startswith(_MARK):
        return key
    return _MARK + base64.urlsafe_b64encode(key.encode(errors="surrogatepass")).decode().rstrip("=")


def key_of(shown: str) -> str:
    """The key that `shown` stands for, also when ":" came as "%3A"; "", which is no key, for what cannot be one."""
    text = unquote(shown)
    if not text.startswith(_MARK):
        return text
    packed = text.removeprefix(_MARK)
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
