"""Which API tokens a person has given out."""

from __future__ import annotations

from reprise.domain.accounts import Session, SessionKind
from reprise.domain.connections import MUSIC_SERVER
from reprise.usecases.account.ports import SessionPorts


def list_tokens(user_id: str, ports: SessionPorts) -> tuple[Session, ...]:
    """Returns the user's API tokens that still work, oldest first. Sign-in sessions are not among them."""
    now = ports.clock()
    connection = ports.connections.get(user_id, MUSIC_SERVER)
    tokens = (
        session
        for session in ports.sessions.of_user(user_id)
        if session.kind is SessionKind.API_TOKEN
        and session.valid_at(now)
        and (connection is None or session.password_number == connection.password_number)
    )
    return tuple(sorted(tokens, key=lambda session: (session.created_at, session.token_hash)))
