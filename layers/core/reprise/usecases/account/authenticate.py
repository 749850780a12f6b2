"""Whose token this is."""

from __future__ import annotations

import re

from reprise.domain.accounts import Session, token_hash
from reprise.usecases.account.ports import SessionPorts

_SHAPE = re.compile(r"rp[st]_[A-Za-z0-9_-]{20,200}")


def authenticate(token: str, ports: SessionPorts) -> Session | None:
    """Returns the session of a token, or None when it is unknown, expired or not a token at all.

    Looked up by its hash, so how long the look-up takes says nothing about any stored token. The end is compared
    here: the store may keep expired sessions for days.
    """
    if not _SHAPE.fullmatch(token):
        return None
    session = ports.sessions.get(token_hash(token))
    return session if session is not None and session.valid_at(ports.clock()) else None
