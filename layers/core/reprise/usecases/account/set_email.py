"""Where failure emails go: only ever an address the person entered themselves (`S0-02`, `S0-03`, `S0x-05`)."""

from __future__ import annotations

from collections.abc import Callable

from reprise.domain.short_texts import check_text
from reprise.ports.people import UserStore

EMAIL_MAX = 320

NormaliseEmail = Callable[[str], str]
"""An address in its normal form. Raises `InvalidInput` with what is wrong with it; looks nothing up."""


def set_email(*, user_id: str, email: str, users: UserStore, normalise: NormaliseEmail) -> str:
    """The address as stored. Raises `InvalidInput`; then the old one stays (`S0x-03`)."""
    address = normalise(check_text("email", email.strip(), max_chars=EMAIL_MAX))
    check_text("email", address, max_chars=EMAIL_MAX)
    users.set_email(user_id, address)
    return address


def clear_email(*, user_id: str, users: UserStore) -> None:
    """No address any more: later emails are skipped, and the history says why (`S0x-02`)."""
    users.set_email(user_id, None)
