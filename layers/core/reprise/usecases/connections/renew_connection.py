"""Prove a name and password on the music server, and keep them for the syncs to come (`S1x-82`).

The one way in: signing in to the API and the page that a failure email leads to both go through here.

    limits ─▶ live check on the server ─▶ user, encrypted password, health reset, "reconnected" published

Any step can be repeated: a crash half way is mended by signing in once more.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from reprise.domain.accounts import User, user_id_of
from reprise.domain.connections import MUSIC_SERVER, Connection, Party, Side
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.outcomes import Outcome
from reprise.domain.refusals import WrongCredentials
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock, NewId
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.credentials import Cipher
from reprise.ports.people import AttemptStore, UserStore
from reprise.ports.queues import OutcomeQueue
from reprise.ports.targets import MusicServer, ServerInfo

log = logging.getLogger(__name__)

USERNAME_MAX = 255
PASSWORD_MAX = 1024
PER_ADDRESS = Limit(attempts=30, window=timedelta(minutes=15))
# Ten guesses a quarter of an hour at one account, from wherever; thirty from one address, at whichever accounts.
PER_NAME = Limit(attempts=10, window=timedelta(minutes=15))

# The configured music server, seen as this user name with this password. Opening asks the server nothing yet.
OpenServer = Callable[[str, str], MusicServer]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPorts:
    """What proving an account needs from outside. `server_url` is the configured music server's address.

    `administrators` are names as the server spells them.
    """

    users: UserStore
    connections: ConnectionStore
    health: HealthStore
    attempts: AttemptStore
    outcomes: OutcomeQueue
    cipher: Cipher
    open_server: OpenServer
    clock: Clock
    new_id: NewId
    server_url: str
    administrators: frozenset[str]


def renew_connection(*, username: str, password: str, source_address: str, ports: SignInPorts) -> User:
    """The person this name and password belong to; their connection is as good as new afterwards (`S0-13`, `S0-17`).

    Raises `InvalidInput`, `TooManyAttempts` (before the server is asked anything), `WrongCredentials`, and
    `SyncFailure` when the server could not be asked or does not answer as one.
    """
    check_text("username", username, max_chars=USERNAME_MAX)
    check_text("password", password, max_chars=PASSWORD_MAX)
    _limit(username, source_address, ports)
    server = _prove(username, password, ports)
    return _keep(_own_spelling(username, server), password, server, ports)


def _limit(username: str, source_address: str, ports: SignInPorts) -> None:
    """Names are counted without case, or a server that takes them so would give each spelling guesses of its own."""
    now = ports.clock()
    name_key = user_id_of(ports.server_url, username.casefold())
    limit_attempts(f"sign-in:from:{_blurred(source_address)}", PER_ADDRESS, attempts=ports.attempts, now=now)
    limit_attempts(f"sign-in:name:{name_key}", PER_NAME, attempts=ports.attempts, now=now)


def _own_spelling(typed: str, server: ServerInfo) -> str:
    """The account's name: as the server spells it where that differs in case alone, else as typed.

    Without the first, "Ann" and "ann" would be two people here and one on the server; without the second, a server
    could hand one person another one's playlists.
    """
    told = server.username
    return told if told.casefold() == typed.casefold() and len(told) <= USERNAME_MAX else typed


def _blurred(address: str) -> str:
    """What stands for an address in a counter: a hash, and for IPv6 of its /64, since one household holds them all."""
    try:
        version = ip_address(address).version
        network = str(ip_network(f"{address}/{32 if version == 4 else 64}", strict=False))
    except ValueError:
        network = address
    return hashlib.sha256(network.encode(errors="replace")).hexdigest()[:32]


def _prove(username: str, password: str, ports: SignInPorts) -> ServerInfo:
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


def _keep(username: str, password: str, server: ServerInfo, ports: SignInPorts) -> User:
    now = ports.clock()
    user_id = user_id_of(ports.server_url, username)
    ciphertext = ports.cipher.encrypt(password, user_id=user_id, connection_id=MUSIC_SERVER)
    user = ports.users.upsert(
        User(
            user_id=user_id,
            username=username,
            server_url=ports.server_url,
            created_at=now,
            admin=bool(server.admin) or username in ports.administrators,
        )
    )
    ports.connections.put(
        Connection(
            user_id=user_id,
            connection_id=MUSIC_SERVER,
            provider=MUSIC_SERVER,
            account_name=username,
            display_name=server.display_name,
            server_url=ports.server_url,
            ciphertext=ciphertext,
            authorised_at=now,
        )
    )
    ports.health.reset(user_id, MUSIC_SERVER)
    ports.outcomes.put([_reconnected(user_id, server, ports)])
    return user


def _reconnected(user_id: str, server: ServerInfo, ports: SignInPorts) -> Outcome:
    return Outcome(
        outcome_id=ports.new_id(),
        user_id=user_id,
        party=Party(connection_id=MUSIC_SERVER, name=server.display_name, side=Side.SERVER),
        occurred_at=ports.clock(),
        reconnected=True,
    )
