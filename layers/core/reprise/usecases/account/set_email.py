"""Where failure emails go: only ever an address the person entered themselves (`S0-02`, `S0-03`, `S0x-05`)."""

from __future__ import annotations

from reprise.domain.short_texts import check_text
from reprise.ports.people import UserStore
from reprise.usecases.account.ports import EmailPorts

EMAIL_MAX = 320


def set_email(user_id: str, email: str, ports: EmailPorts) -> str:
    """Returns the address as stored. Raises `InvalidInput`; then the old one stays (`S0x-03`)."""
    address = ports.normalise(check_text("email", email.strip(), max_chars=EMAIL_MAX))
    check_text("email", address, max_chars=EMAIL_MAX)
    ports.users.set_email(user_id, address)
    return address


def clear_email(user_id: str, users: UserStore) -> None:
    """Forgets the address: later emails are skipped, and the history says why (`S0x-02`)."""
    users.set_email(user_id, None)
