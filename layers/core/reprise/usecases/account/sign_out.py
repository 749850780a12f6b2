"""End a session at once."""

from __future__ import annotations

from reprise.domain.accounts import Session
from reprise.ports.people import SessionStore


def sign_out(session: Session, sessions: SessionStore) -> None:
    """Ends the session. Its token is worth nothing afterwards; for an API token this is revoking itself."""
    sessions.remove(session.token_hash)
