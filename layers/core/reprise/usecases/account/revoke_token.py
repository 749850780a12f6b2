"""Make an API token worthless."""

from __future__ import annotations

from reprise.domain.accounts import Session
from reprise.domain.refusals import NotFound
from reprise.ports.clock import Clock
from reprise.ports.people import SessionStore
from reprise.usecases.account.create_token import require_sign_in
from reprise.usecases.account.list_tokens import list_tokens


def revoke_token(*, caller: Session, public_id: str, sessions: SessionStore, clock: Clock) -> None:
    """Raises `NotFound` when the caller has no such token, `NotAllowed` when the caller is an API token itself."""
    require_sign_in(caller)
    for session in list_tokens(user_id=caller.user_id, sessions=sessions, clock=clock):
        if session.public_id == public_id:
            sessions.remove(session.token_hash)
            return
    raise NotFound("There is no such token.")
