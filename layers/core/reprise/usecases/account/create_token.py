"""Make an API token: a session for programs, shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.accounts import LONGEST, Session, SessionKind, token_hash
from reprise.domain.refusals import Conflict, InvalidInput, NotAllowed
from reprise.domain.short_texts import check_text
from reprise.usecases.account.list_tokens import list_tokens
from reprise.usecases.account.ports import TokenPorts

PREFIX = "rpt_"
LABEL_MAX = 100
TOKENS_MAX = 50
DAYS_DEFAULT = 90
DAYS_MAX = LONGEST.days


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiToken:
    """A token and what is stored of it. `token` is left out of this object's repr."""

    token: str
    session: Session

    def __repr__(self) -> str:
        return f"NewApiToken(id={self.session.public_id!r})"


def create_token(caller: Session, label: str, expires_in_days: int | None, ports: TokenPorts) -> NewApiToken:
    """Returns a new token of the caller's, good for `expires_in_days` days, 90 where that is None.

    Raises `NotAllowed` when the caller is an API token itself (a leaked one must not be able to outlive its being
    revoked), `InvalidInput`, and `Conflict` when the caller has 50 already.
    """
    require_sign_in(caller)
    check_text("label", label, max_chars=LABEL_MAX)
    days = DAYS_DEFAULT if expires_in_days is None else expires_in_days
    if not 1 <= days <= DAYS_MAX:
        raise InvalidInput("expires_in_days", f"This must be from 1 to {DAYS_MAX}.")
    if len(list_tokens(caller.user_id, ports)) >= TOKENS_MAX:
        raise Conflict(f"There are {TOKENS_MAX} tokens already. Revoke one that is no longer used.")
    now = ports.clock()
    token = PREFIX + ports.new_token()
    session = Session(
        token_hash=token_hash(token),
        user_id=caller.user_id,
        kind=SessionKind.API_TOKEN,
        label=label,
        created_at=now,
        expires_at=now + timedelta(days=days),
        password_number=caller.password_number,
    )
    ports.sessions.add(session)
    return NewApiToken(token=token, session=session)


def require_sign_in(caller: Session) -> None:
    """Raises `NotAllowed` for an API token."""
    if caller.kind is not SessionKind.SIGN_IN:
        raise NotAllowed("API tokens can be made and revoked only with a token from signing in.")
