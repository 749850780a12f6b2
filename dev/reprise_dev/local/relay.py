"""The mail relay of a run, and what the stack has to be told of it. Neither kind delivers anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reprise_dev.doubles.smtp_sink import SmtpSink
from reprise_dev.local.processes import LOOPBACK

LOGIN = "reprise"
PASSWORD_PARAMETER = "/reprise/smtp"
# Certificates are for names.
NAME = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRelay:
    """`parameters` are the template's. `password` is what the relay wants, "" for none, to be kept in SSM under
    `PASSWORD_PARAMETER`; `trust` is the authority behind its certificate, None where it has none.
    """

    sink: SmtpSink
    parameters: Mapping[str, str]
    password: str = field(default="", repr=False)
    trust: Path | None = None


# Takes a folder of its own.
OpenRelay = Callable[[Path], AbstractContextManager[MailRelay]]


@contextmanager
def open_relay(_: Path) -> Iterator[MailRelay]:
    """Anybody may send, in the clear."""
    with SmtpSink() as sink:
        where = {"SmtpHost": LOOPBACK, "SmtpPort": str(sink.port)}
        yield MailRelay(sink=sink, parameters={**where, "SmtpTls": "none"})


def relay_with_login(password: str) -> OpenRelay:
    """As relays on the internet are: STARTTLS, then a login."""

    @contextmanager
    def start(folder: Path) -> Iterator[MailRelay]:
        from reprise_dev.doubles.certificates import Authority  # needs a library that the local run does without

        authority = Authority(folder)
        with SmtpSink(tls=authority.server_context(NAME), login=(LOGIN, password)) as sink:
            where = {"SmtpHost": NAME, "SmtpPort": str(sink.port), "SmtpTls": "starttls"}
            yield MailRelay(
                sink=sink,
                parameters={**where, "SmtpUser": LOGIN, "SmtpPasswordParameter": PASSWORD_PARAMETER},
                password=password,
                trust=authority.certificate_file,
            )

    return start
