"""Sign in with the account on the music server (`S1x-82`…`84`, `S1x-90`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reprise.domain.accounts import Session, SessionKind, User, token_hash
from reprise.ports.people import SessionStore
from reprise.usecases.connections.renew_connection import SignInPorts, renew_connection

LIFETIME = timedelta(hours=24)
PREFIX = "rps_"
"""Tokens say what they are, so that a scanner for leaked secrets can tell."""

NewToken = Callable[[], str]
"""A new unguessable text of at least 256 bits at each call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A new session. `token` is nowhere else in the clear, and is left out of this object's repr."""

    token: str
    expires_at: datetime
    user: User

    def __repr__(self) -> str:
        return f"SignedIn(user_id={self.user.user_id!r}, expires_at={self.expires_at.isoformat()})"


def sign_in(
    *,
    username: str,
    password: str,
    source_address: str,
    ports: SignInPorts,
    sessions: SessionStore,
    new_token: NewToken,
) -> SignedIn:
    """A session of 24 hours for whoever these credentials belong to. Raises what `renew_connection` raises."""
    user = renew_connection(username=username, password=password, source_address=source_address, ports=ports)
    now = ports.clock()
    token = PREFIX + new_token()
    expires_at = now + LIFETIME
    sessions.add(
        Session(
            token_hash=token_hash(token),
            user_id=user.user_id,
            kind=SessionKind.SIGN_IN,
            label="sign-in",
            created_at=now,
            expires_at=expires_at,
        )
    )
    return SignedIn(token=token, expires_at=expires_at, user=user)
