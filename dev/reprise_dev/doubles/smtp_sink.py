"""A mail relay on loopback that keeps what it is sent, for the local run and for tests. It delivers nothing."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from types import TracebackType
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
# In place of a reply: the connection breaks off.
DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedMail:
    """One email as a relay gets it: the envelope, and the message parsed."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes = field(repr=False)
    encrypted: bool

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain part, decoded; "" when there is none."""
        return _body(self.message, "plain")

    @property
    def html(self) -> str:
        """The HTML part, decoded; "" when there is none."""
        return _body(self.message, "html")


class SmtpSink:
    """Use as a context manager; `port` is known inside, 0 takes a free one.

    `tls` makes STARTTLS available, or with `implicit` TLS from the first byte. `login` (user, password) demands a
    login, which is offered only over TLS. `replies` maps a step (MAIL, RCPT, DATA: the finished message, QUIT) to the
    reply given instead of doing it, or to `DROP`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.mails: list[CapturedMail] = []
        self.replies: dict[str, str] = {}
        self.logins: list[bool] = []
        self.port = port
        self._tls = tls
        self._implicit = implicit
        self._login = login
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="smtp-sink", daemon=True)
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._protocols: list[SMTP] = []

    @property
    def demands_login(self) -> bool:
        return self._login is not None

    def __enter__(self) -> SmtpSink:
        """Raises `OSError` when the port cannot be had."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def wait_for(self, count: int, *, timeout_s: float) -> list[CapturedMail]:
        """The mails once there are `count` of them, or what there is after `timeout_s`."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.mails) >= count, timeout_s)
            return list(self.mails)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        implicit = self._tls if self._implicit else None
        try:
            server = await self._loop.create_server(self._protocol, HOST, self.port, ssl=implicit)
        except OSError as failure:
            self._failure = failure
            self._ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for protocol in self._protocols:
            if protocol.transport is not None:
                cast("asyncio.WriteTransport", protocol.transport).abort()
        await asyncio.sleep(0)

    def _protocol(self) -> SMTP:
        protocol = SMTP(
            _Handler(self),
            hostname="localhost",
            tls_context=None if self._implicit else self._tls,
            auth_require_tls=not self._implicit,  # aiosmtpd sees only the TLS that STARTTLS began
            authenticator=self._authenticate,
            loop=self._loop,
        )
        self._protocols.append(protocol)
        return protocol

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object
    ) -> AuthResult:
        given = (
            (credentials.login.decode(), credentials.password.decode())
            if isinstance(credentials, LoginPassword)
            else None
        )
        self.logins.append(given == self._login)
        return AuthResult(success=given == self._login, handled=False)

    def _keep(self, mail: CapturedMail) -> None:
        with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()


class _Handler:
    """The steps of a session, in aiosmtpd's names."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self._sink.replies:
            return self._reply("MAIL", server)
        if self._sink.demands_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self._sink.replies:
            return self._reply("RCPT", server)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self._sink.replies:
            return self._reply("DATA", server)
        raw = cast("bytes", envelope.original_content)
        transport = cast("asyncio.BaseTransport", server.transport)
        mail = CapturedMail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=message_from_bytes(raw, policy=SMTP_POLICY),
            raw=raw,
            encrypted=transport.get_extra_info("sslcontext") is not None,
        )
        self._sink._keep(mail)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self._reply("QUIT", server) if "QUIT" in self._sink.replies else "221 Bye"

    def _reply(self, step: str, server: SMTP) -> str:
        reply = self._sink.replies[step]
        if reply == DROP:
            cast("asyncio.WriteTransport", server.transport).abort()
            raise ConnectionResetError
        return reply


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
