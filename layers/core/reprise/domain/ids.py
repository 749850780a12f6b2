"""Identifiers. Randomness and time are handed in, so that laws can be tested."""

from __future__ import annotations

from datetime import datetime

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(now: datetime, randomness: bytes) -> str:
    """A ULID (26 characters, sorts by time) of `now` and 10 random bytes. https://github.com/ulid/spec"""
    if len(randomness) != 10:
        raise ValueError("a ULID takes 10 random bytes")
    number = int(now.timestamp() * 1000) << 80 | int.from_bytes(randomness, "big")
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
