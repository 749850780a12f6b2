"""Which channel serves which transport. A module is loaded when the first message is sent, not before:
the SES client alone costs a good part of a cold start, and most invocations of the notifier send nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import cast

from reprise.ports.channels import ChannelRejected, EmailChannel, EmailMessage
from reprise.ports.clock import Clock

OPENERS = {
    "smtp": "reprise.channels.email_smtp.channel:open_channel",
    "ses": "reprise.channels.email_ses.channel:open_channel",
}


class Encryption(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """An SMTP relay. `user` "" means no login. `timeout_s` bounds every single step.

    `password` is asked only when a login is made; it raises `ChannelUnavailable` when it cannot be had.
    """

    host: str
    port: int
    encryption: Encryption
    user: str
    password: Callable[[], str]
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDependencies:
    """What email channels are made from; each takes what it needs. `relay` is None unless the transport is SMTP."""

    sender: str
    clock: Clock
    region: str
    relay: Relay | None = None


Opener = Callable[[ChannelDependencies], EmailChannel]


def open_email(transport: str, dependencies: ChannelDependencies, *, configured: bool) -> EmailChannel:
    """The channel for `transport`, loaded at its first `send`. Raises KeyError for a configured unknown transport."""
    return _OnFirstUse(OPENERS[transport], dependencies) if configured else NoEmail()


class NoEmail:
    """An instance without mail (`S0-05`)."""

    @property
    def configured(self) -> bool:
        return False

    def send(self, message: EmailMessage) -> None:
        raise ChannelRejected("This instance has no mail.")


class _OnFirstUse:
    def __init__(self, opener: str, dependencies: ChannelDependencies) -> None:
        self._opener = opener
        self._dependencies = dependencies
        self._channel: EmailChannel | None = None

    @property
    def configured(self) -> bool:
        return True

    def send(self, message: EmailMessage) -> None:
        if self._channel is None:
            module, _, name = self._opener.partition(":")
            opener = cast("Opener", getattr(import_module(module), name))
            self._channel = opener(self._dependencies)
        self._channel.send(message)
