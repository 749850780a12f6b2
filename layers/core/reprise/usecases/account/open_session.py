"""Begin a session for somebody who has proved who they are (`S1x-82`…`84`, `S1x-90`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from reprise.domain.accounts import Session, SessionKind, User, token_hash
from reprise.usecases.account.ports import TokenPorts

LIFETIME = timedelta(hours=24)

# Tokens say what they are, so that a scanner for leaked secrets can tell.
PREFIX = "rps_"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A new session. `token` is nowhere else in the clear, and is left out of this object's repr."""

    token: str
    expires_at: datetime
    user: User

    def __repr__(self) -> str:
        return f"OpenedSession(user_id={self.user.user_id!r}, expires_at={self.expires_at.isoformat()})"


def open_session(user: User, password_number: int, ports: TokenPorts) -> OpenedSession:
    """Returns a session of 24 hours, come by with the password of that number.

    The caller has proved that this is the user: nothing is checked here.
    """
    now = ports.clock()
    token = PREFIX + ports.new_token()
    expires_at = now + LIFETIME
    ports.sessions.add(
        Session(
            token_hash=token_hash(token),
            user_id=user.user_id,
            kind=SessionKind.SIGN_IN,
            label="sign-in",
            created_at=now,
            expires_at=expires_at,
            password_number=password_number,
        )
    )
    return OpenedSession(token=token, expires_at=expires_at, user=user)
