"""See whether mail reaches a person: now, and not too often (`S0x-28`)."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.refusals import Conflict
from reprise.usecases.notify.ports import TrialPorts
from reprise.usecases.notify.send_test_email import send_test_email

PER_USER = Limit(attempts=5, window=timedelta(hours=1))


def request_test_email(user_id: str, ports: TrialPorts) -> str:
    """Returns the address a test was sent to. Raises `Conflict` without an address or without mail, `TooManyAttempts`,
    and what the channel raises.
    """
    user = ports.users.get(user_id)
    if user is None or not user.email:
        raise Conflict("There is no email address to send to. Enter one first.")
    now = ports.clock()
    limit_attempts(f"test-email:{user_id}", PER_USER, attempts=ports.attempts, now=now)
    send_test_email(user, ports.email, ports.emails, now)
    return user.email
