"""Make an API token worthless."""

from __future__ import annotations

from reprise.domain.accounts import Session
from reprise.domain.refusals import NotFound
from reprise.usecases.account.create_token import require_sign_in
from reprise.usecases.account.list_tokens import list_tokens
from reprise.usecases.account.ports import SessionPorts


def revoke_token(caller: Session, public_id: str, ports: SessionPorts) -> None:
    """Ends the token.

    Raises `NotFound` when the caller has no such token, and `NotAllowed` when the caller is an API token itself.
    """
    require_sign_in(caller)
    for session in list_tokens(caller.user_id, ports):
        if session.public_id == public_id:
            ports.sessions.remove(session.token_hash)
            return
    raise NotFound("There is no such token.")
