"""The instance's way to send email, as its settings have it."""

from __future__ import annotations

from collections.abc import Callable

from reprise.bootstrap.runtime import utc_now
from reprise.channels.registry import ChannelDependencies, Encryption, Relay, open_email
from reprise.config import EmailSettings, SmtpSettings
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel


def open_mail(settings: EmailSettings, *, region: str) -> EmailChannel:
    """A channel that loads what it needs, and reads the password, when it sends; not `configured` without mail."""
    return open_email(
        settings.transport.value,
        ChannelDependencies(
            sender=settings.sender,
            clock=utc_now,
            region=region,
            relay=_relay(settings.smtp) if settings.smtp else None,
        ),
        configured=settings.configured,
    )


def _relay(smtp: SmtpSettings) -> Relay:
    return Relay(
        host=smtp.host,
        port=smtp.port,
        encryption=Encryption(smtp.tls.value),
        user=smtp.user,
        password=_password(smtp.password_source),
    )


def _password(source: str) -> Callable[[], str]:
    def read() -> str:
        from reprise.credentials.secrets import SecretUnavailable, read_secret

        if not source:
            raise ChannelRejected("The mail relay wants a login, and no password is set.")
        try:
            return read_secret(source)
        except SecretUnavailable as error:
            raise ChannelUnavailable("The mail relay's password cannot be read at present.") from error

    return read
