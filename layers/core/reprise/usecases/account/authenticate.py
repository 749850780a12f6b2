"""Whose token this is."""

from __future__ import annotations

import re

from reprise.domain.accounts import Session, token_hash
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind
from reprise.domain.refusals import SignInAgain
from reprise.usecases.account.ports import SessionPorts

_SHAPE = re.compile(r"rp[st]_[A-Za-z0-9_-]{20,200}")
_REFUSED = (
    "The music server refuses the stored password, so no session and no API token works at present. "
    "Sign in with the password that holds now."
)


def authenticate(token: str, ports: SessionPorts) -> Session | None:
    """Returns the session of a token, or None when it is unknown, expired, of an earlier password or no token at all.

    Raises `SignInAgain` while the server refuses the stored password for good: who holds no more than a token must not
    have more than who knows the password. Looked up by its hash, so how long the look-up takes says nothing about any
    stored token. The end is compared here: the store may keep expired sessions for days.
    """
    if not _SHAPE.fullmatch(token):
        return None
    session = ports.sessions.get(token_hash(token))
    if session is None or not session.valid_at(ports.clock()):
        return None
    connection = ports.connections.get(session.user_id, MUSIC_SERVER)
    if connection is None:  # its owner is leaving, was cut off, and has to be able to ask again
        return session
    if session.password_number != connection.password_number:
        return None
    if ports.health.get(session.user_id, MUSIC_SERVER).last_kind is FailureKind.AUTH_INVALID:
        raise SignInAgain(_REFUSED)
    return session
