"""An email as it goes over the wire: text and HTML, honest headers, and nothing from data that could add a line.

The standard library's email policy refuses a line break in any header; here that becomes a rejected message, as
does an address that is not exactly one address.
"""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage as MimeMessage
from email.policy import SMTP
from email.utils import format_datetime

from reprise.ports.channels import ChannelRejected, EmailMessage

SENDER_NAME = "Reprise"


def mime_of(message: EmailMessage, *, sender: str, date: datetime) -> MimeMessage:
    """`multipart/alternative` of `message` (`S0x-20`). Raises `ChannelRejected` for a header or address of no use.

    `Auto-Submitted` keeps holiday replies away (RFC 3834).
    """
    mime = MimeMessage(policy=SMTP)
    try:
        mime["From"] = _address(sender, display_name=SENDER_NAME)
        mime["To"] = _address(message.to)
        mime["Subject"] = message.subject
        mime["Date"] = format_datetime(date)
        mime["Message-ID"] = f"<{message.message_id}>"
        mime["Auto-Submitted"] = "auto-generated"
        for name, value in message.headers.items():
            mime[name] = value
    except (ValueError, MessageError, IndexError):
        # From None: the cause quotes the value, which is somebody's address or a foreign name.
        raise ChannelRejected("A header of the email cannot be written as it is.") from None
    mime.set_content(message.text, cte="quoted-printable")
    mime.add_alternative(message.html, subtype="html", cte="quoted-printable")
    return mime


def envelope_address(address: str) -> str:
    """`address` as relays know it: the domain in its ASCII form. Raises `ChannelRejected` for what cannot be one."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if not at or not ascii_domain or not _printable(local):
        raise ChannelRejected("The email address cannot be used.")
    return f"{local}@{ascii_domain}"


def _address(address: str, display_name: str = "") -> Address:
    return Address(display_name=display_name, addr_spec=envelope_address(address))


def _printable(local: str) -> bool:
    """ASCII without spaces and controls: an address with other letters needs an extension few relays have."""
    return bool(local) and all("!" <= character <= "~" for character in local)
