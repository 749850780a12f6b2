"""Send a person the test they asked for (`S0x-28`, `S0x-29`)."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from reprise.domain.accounts import User
from reprise.domain.refusals import Conflict
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel
from reprise.ports.notifications import TrialEmails

log = logging.getLogger(__name__)


def send_test_email(user: User, email: EmailChannel, render: TrialEmails, now: datetime) -> None:
    """Send it at once, through the real channel, outside every cooldown.

    Raises `Conflict` when the person has no address or the instance has no mail, and what the channel raises:
    `ChannelRejected` or `ChannelUnavailable`, whose text is one sentence fit to be shown.
    """
    if not email.configured:
        raise Conflict("Email notifications are disabled — no mail is configured on this instance.")
    if not user.email:
        raise Conflict("There is no email address to send to. Enter one first.")
    key = hashlib.sha256(f"{user.user_id}\n{now.isoformat()}\ntest".encode()).hexdigest()[:32]
    try:
        email.send(render.trial_email(to=user.email, message_key=key))
    except (ChannelRejected, ChannelUnavailable) as error:
        log.error("the test email was not sent", extra={"user_id": user.user_id, "reason": str(error)})
        raise
