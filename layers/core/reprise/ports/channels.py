"""Ways to reach a person. A channel sends, or raises one of exactly two errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailMessage:
    """One email, ready to send. `message_id` is without angle brackets; `headers` holds further ones, one line each."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: dict[str, str] = field(default_factory=dict)


class EmailChannel(Protocol):
    """Sends email. `configured` is False for an instance without mail: then `send` is never called (`S0-05`)."""

    @property
    def configured(self) -> bool: ...

    def send(self, message: EmailMessage) -> None:
        """Raises `ChannelRejected` or `ChannelUnavailable`."""
        ...


class ChannelRejected(Exception):
    """Permanent: this message will never be accepted (bad address, 5xx, refused login). Our own words only."""


class ChannelUnavailable(Exception):
    """Transient: the same message may be accepted later. Our own words only."""
