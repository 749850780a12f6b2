"""One connection, one message, no retry of its own: the queue retries (`S0x-10`).

    5xx, refused login, wrong certificate, no STARTTLS where it is required ─▶ ChannelRejected
    4xx, no connection, timeout, connection lost                            ─▶ ChannelUnavailable

A relay's own words never leave this file: they may quote anything it was sent.
"""

from __future__ import annotations

import smtplib
import ssl

from reprise.channels.mime import envelope_address, mime_of
from reprise.channels.registry import ChannelDependencies, Encryption, Relay
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailChannel, EmailMessage
from reprise.ports.clock import Clock


def open_channel(dependencies: ChannelDependencies) -> EmailChannel:
    """Raises ValueError without a relay."""
    if dependencies.relay is None:
        raise ValueError("SMTP needs a relay")
    return SmtpEmail(dependencies.relay, sender=dependencies.sender, clock=dependencies.clock)


class SmtpEmail:
    """Sends through `relay`, From `sender`.

    The relay's certificate is always verified, against its host name and the certificates of the system (or those
    that `SSL_CERT_FILE` names).
    """

    def __init__(self, relay: Relay, *, sender: str, clock: Clock) -> None:
        self._relay = relay
        self._sender = sender
        self._clock = clock
        self._tls: ssl.SSLContext | None = None

    @property
    def configured(self) -> bool:
        return True

    def send(self, message: EmailMessage) -> None:
        mime = mime_of(message, sender=self._sender, date=self._clock())
        if self._relay.user and self._relay.encryption is Encryption.NONE:
            raise ChannelRejected("A password is not sent to a mail relay without encryption.")
        try:
            connection = self._connect()
            try:
                self._log_in(connection)
                connection.send_message(
                    mime, from_addr=envelope_address(self._sender), to_addrs=[envelope_address(message.to)]
                )
            finally:
                _hang_up(connection)
        except (OSError, smtplib.SMTPException) as error:
            raise _translated(error) from None

    def _connect(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.encryption is Encryption.TLS:
            return smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.timeout_s, context=self._tls_context())
        connection = smtplib.SMTP(relay.host, relay.port, timeout=relay.timeout_s)
        if relay.encryption is Encryption.STARTTLS:
            try:
                connection.starttls(context=self._tls_context())
            except BaseException:
                connection.close()
                raise
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        if self._relay.user:
            connection.login(self._relay.user, self._relay.password())

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


def _hang_up(connection: smtplib.SMTP) -> None:
    """Whatever the relay answers to a goodbye: what it accepted before, it has accepted."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _translated(error: OSError | smtplib.SMTPException) -> ChannelRejected | ChannelUnavailable:
    if isinstance(error, ssl.SSLCertVerificationError):
        return ChannelRejected("The mail relay's certificate is not trusted, or is for another host.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ChannelRejected("The mail relay does not offer what the settings ask for (STARTTLS or login).")
    code = _code_of(error)
    if code is None or code < 500:
        said = f" It answered {code}." if code is not None else ""
        return ChannelUnavailable(f"The mail relay cannot be reached, or cannot take the email now.{said}")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ChannelRejected(f"The mail relay refused the login. It answered {code}.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ChannelRejected(f"The mail relay refused the recipient's address. It answered {code}.")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return ChannelRejected(f"The mail relay refused the sender's address. It answered {code}.")
    return ChannelRejected(f"The mail relay refused the email. It answered {code}.")


def _code_of(error: OSError | smtplib.SMTPException) -> int | None:
    """The relay's reply code, None where it gave none. -1 is smtplib's word for a connection that broke off."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code) if error.smtp_code > 0 else None
    return None
