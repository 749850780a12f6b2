"""Which API tokens a person has given out."""

from __future__ import annotations

from reprise.domain.accounts import Session, SessionKind
from reprise.usecases.account.ports import SessionPorts


def list_tokens(user_id: str, ports: SessionPorts) -> tuple[Session, ...]:
    """Returns the user's API tokens that still work, oldest first. Sign-in sessions are not among them."""
    now = ports.clock()
    tokens = (
        session
        for session in ports.sessions.of_user(user_id)
        if session.kind is SessionKind.API_TOKEN and session.valid_at(now)
    )
    return tuple(sorted(tokens, key=lambda session: (session.created_at, session.token_hash)))
