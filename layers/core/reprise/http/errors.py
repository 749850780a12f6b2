"""What can go wrong between here and a server. No error holds anything that the server or the address said."""

from __future__ import annotations

from reprise.domain.addresses import AddressKind


class HttpError(Exception):
    """`request_sent` is True where the server may have received the request, and may have acted on it."""

    request_sent = False


class InvalidAddress(HttpError):
    """The text is not an address that may be used. `reason` is a sentence, and never repeats the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ForbiddenAddress(HttpError):
    """The host leads to an address that must not be called. `leads_to` is the kind of that address."""

    def __init__(self, leads_to: AddressKind) -> None:
        super().__init__(leads_to.value)
        self.leads_to = leads_to


class InvalidHeader(HttpError):
    """A header that must not be sent. `name` is its name; its value may be a secret."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnknownHost(HttpError):
    """The name has no address."""


class DeadlineExceeded(HttpError):
    """The time for the whole request is over."""


class ConnectTimeout(HttpError):
    """No address of the host took the connection in time."""


class ConnectionFailed(HttpError):
    """The connection was refused or reset."""


class CertificateRejected(HttpError):
    """The certificate is not trusted, has expired, or is for another name."""


class TlsFailed(HttpError):
    """No TLS connection could be made."""


class NoResponse(HttpError):
    """The server closed the connection without a response."""


class ProtocolError(HttpError):
    """The response is not valid HTTP."""


class Truncated(HttpError):
    """The response ends before its end."""


class BodyTooLarge(HttpError):
    """The body is larger than the caller accepts, as sent or once unpacked."""


class UnexpectedEncoding(HttpError):
    """The body has a content encoding that was not asked for."""


class CorruptEncoding(HttpError):
    """The body is not valid gzip."""
