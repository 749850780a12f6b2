"""Prove a name and password on the music server (`S1x-82`, `S1x-90`).

The one way to do so: signing in, the page that a failure email leads to and leaving all go through here.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from reprise.domain.accounts import user_id_of
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.refusals import WrongCredentials
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock
from reprise.ports.people import AttemptStore
from reprise.ports.targets import MusicServer, ServerInfo

log = logging.getLogger(__name__)

USERNAME_MAX = 255
PASSWORD_MAX = 1024
# Ten guesses a quarter of an hour at one account, from wherever; thirty from one address, at whichever accounts.
PER_ADDRESS = Limit(attempts=30, window=timedelta(minutes=15))
PER_NAME = Limit(attempts=10, window=timedelta(minutes=15))

# The configured music server, seen as this user name with this password. Opening asks the server nothing yet.
OpenServer = Callable[[str, str], MusicServer]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPorts:
    """What proving an account needs from outside. `server_url` is the configured music server's address."""

    attempts: AttemptStore
    open_server: OpenServer
    clock: Clock
    server_url: str


def prove_account(*, username: str, password: str, source_address: str, ports: ProofPorts) -> ServerInfo:
    """Returns what the server says of the account that this name and password belong to.

    Raises `InvalidInput`, `TooManyAttempts` (before the server is asked anything), `WrongCredentials`, and
    `SyncFailure` when the server could not be asked or does not answer as one.
    """
    check_text("username", username, max_chars=USERNAME_MAX)
    check_text("password", password, max_chars=PASSWORD_MAX)
    _limit(username, source_address, ports)
    return _asked(username, password, ports)


def _limit(username: str, source_address: str, ports: ProofPorts) -> None:
    """Names are counted without case, or a server that takes them so would give each spelling guesses of its own."""
    now = ports.clock()
    name_key = user_id_of(ports.server_url, username.casefold())
    limit_attempts(f"sign-in:from:{_blurred(source_address)}", PER_ADDRESS, attempts=ports.attempts, now=now)
    limit_attempts(f"sign-in:name:{name_key}", PER_NAME, attempts=ports.attempts, now=now)


def _blurred(address: str) -> str:
    """What stands for an address in a counter: a hash, and for IPv6 of its /64, since one household holds them all."""
    try:
        version = ip_address(address).version
        network = str(ip_network(f"{address}/{32 if version == 4 else 64}", strict=False))
    except ValueError:
        network = address
    return hashlib.sha256(network.encode(errors="replace")).hexdigest()[:32]


def _asked(username: str, password: str, ports: ProofPorts) -> ServerInfo:
    server = ports.open_server(username, password)
    try:
        return server.check()
    except SyncFailure as failure:
        log.info("sign-in failed", extra={"kind": failure.kind.value, "status": failure.status})
        if failure.kind is FailureKind.AUTH_INVALID:
            raise WrongCredentials("The music server does not accept this user name and password.") from None
        raise
    finally:
        server.close()
