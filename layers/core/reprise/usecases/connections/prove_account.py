"""Prove a name and password on the music server (`S1x-82`, `S1x-90`).

The one way to do so: signing in, the page that a failure email leads to and leaving all go through here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from reprise.domain.accounts import user_id_of
from reprise.domain.connections import SignInWay
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.refusals import WrongCredentials
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock
from reprise.ports.people import AttemptStore
from reprise.ports.targets import MusicServer, ServerInfo
from reprise.usecases.connections.guesses import Sleep, counted_if_wrong

log = logging.getLogger(__name__)

USERNAME_MAX = 255
PASSWORD_MAX = 1024

# The configured music server, seen as this user name with this password, signed in to in this way: None where a person
# signs in and the server was never seen to take tokens. Opening asks the server nothing yet.
OpenServer = Callable[[str, str, SignInWay | None], MusicServer]

# As good as for ever: longer than anybody stays away between two sign-ins.
TOKENS_TAKEN_FOR = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPorts:
    """What proving an account needs from outside. `server_url` is the configured music server's address."""

    attempts: AttemptStore
    open_server: OpenServer
    clock: Clock
    sleep: Sleep
    server_url: str


def prove_account(*, username: str, password: str, source_address: str, ports: ProofPorts) -> ServerInfo:
    """Returns what the server says of the account that this name and password belong to.

    Raises `InvalidInput`, `TooManyAttempts` (before the server is asked anything), `WrongCredentials`, and
    `SyncFailure` when the server could not be asked or does not answer as one.
    """
    check_text("username", username, max_chars=USERNAME_MAX)
    check_text("password", password, max_chars=PASSWORD_MAX)
    with counted_if_wrong(
        ports.server_url,
        username,
        source_address,
        attempts=ports.attempts,
        sleep=ports.sleep,
        now=ports.clock(),
    ):
        return _asked(username, password, ports)


def _asked(username: str, password: str, ports: ProofPorts) -> ServerInfo:
    """Whoever answers in the server's place and refuses tokens gets no password of somebody whose token was once taken.

    That is remembered by the name without case, as people type it, and not with the account: its spelling is known
    only after the server was asked.
    """
    now = ports.clock()
    takes_tokens = f"sign-in:takes-tokens:{user_id_of(ports.server_url, username.casefold())}"
    way = SignInWay.TOKEN if ports.attempts.remembers(takes_tokens, now=now) else None
    server = _checked(username, password, way, ports)
    if server.sign_in_way is SignInWay.TOKEN:
        ports.attempts.remember(takes_tokens, until=now + TOKENS_TAKEN_FOR)
    return server


def _checked(username: str, password: str, way: SignInWay | None, ports: ProofPorts) -> ServerInfo:
    server = ports.open_server(username, password, way)
    try:
        return server.check()
    except SyncFailure as failure:
        log.info("sign-in failed", extra={"kind": failure.kind.value, "status": failure.status})
        if failure.kind is FailureKind.AUTH_INVALID:
            raise WrongCredentials("The music server does not accept this user name and password.") from None
        raise
    finally:
        server.close()
