"""Take in a proved name and password, for the syncs to come (`S1x-82`).

The one way in: signing in to the API and the page that a failure email leads to both go through here.

    proof on the server ─▶ user, encrypted password, health reset, "reconnected" published

With another password than the one that is kept, the password is written together with a number that no session and no
token made before carries: whoever has one of those knew the old password, and has nothing now.
Any step can be repeated: a crash half way is mended by signing in once more.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from reprise.domain.accounts import User, user_id_of
from reprise.domain.connections import MUSIC_SERVER, Connection, Party, Side
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.outcomes import Outcome
from reprise.ports.clock import NewId
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.credentials import CannotDecrypt, Cipher
from reprise.ports.events import EventStore
from reprise.ports.people import UserStore
from reprise.ports.queues import OutcomeQueue
from reprise.ports.targets import ServerInfo
from reprise.usecases.connections.prove_account import USERNAME_MAX, ProofPorts, prove_account


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPorts(ProofPorts):
    """What signing in needs from outside. `administrators` are names as the server spells them."""

    users: UserStore
    connections: ConnectionStore
    health: HealthStore
    events: EventStore
    outcomes: OutcomeQueue
    cipher: Cipher
    new_id: NewId
    administrators: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """Who signed in. `others_ended`: with another password than before, so every earlier session and token is void."""

    user: User
    password_number: int
    others_ended: bool


def renew_connection(*, username: str, password: str, source_address: str, ports: SignInPorts) -> Renewed:
    """The person this name and password belong to; their connection is as good as new afterwards (`S0-13`, `S0-17`).

    Raises what `prove_account` raises.
    """
    server = prove_account(username=username, password=password, source_address=source_address, ports=ports)
    return _keep(_own_spelling(username, server), password, server, ports)


def _own_spelling(typed: str, server: ServerInfo) -> str:
    """The account's name: as the server spells it where that differs in case alone, else as typed.

    Without the first, "Ann" and "ann" would be two people here and one on the server; without the second, a server
    could hand one person another one's playlists.
    """
    told = server.username
    return told if told.casefold() == typed.casefold() and len(told) <= USERNAME_MAX else typed


def _keep(username: str, password: str, server: ServerInfo, ports: SignInPorts) -> Renewed:
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
    before = ports.connections.get(user_id, MUSIC_SERVER)
    others_ended = before is not None and not _is_password_of(before, password, ports)
    number = _first_number(user) if before is None else before.password_number + others_ended
    if others_ended:
        # Told before it is so: cut off in between, it is told and done by the next sign-in; never done untold.
        ports.events.add(_ended(user_id, ports))
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
            password_number=number,
            sign_in_way=server.sign_in_way,
        )
    )
    ports.health.reset(user_id, MUSIC_SERVER)
    ports.outcomes.put([_reconnected(user_id, server, ports)])
    return Renewed(user=user, password_number=number, others_ended=others_ended)


def _first_number(user: User) -> int:
    """Of somebody new, or back after leaving: above every number that a session from before can carry."""
    return int(user.created_at.timestamp() * 1000)


def _is_password_of(connection: Connection, password: str, ports: SignInPorts) -> bool:
    """Returns False, too, where the stored one can no longer be read."""
    try:
        kept = ports.cipher.decrypt(
            connection.ciphertext, user_id=connection.user_id, connection_id=connection.connection_id
        )
    except CannotDecrypt:
        return False
    return hmac.compare_digest(kept.encode(), password.encode())


def _ended(user_id: str, ports: SignInPorts) -> AuditEvent:
    return AuditEvent(
        event_id=ports.new_id(),
        user_id=user_id,
        playlist_id=None,
        event_type=EventType.SESSIONS_ENDED,
        provider=MUSIC_SERVER,
        message="Signed in with another password than before: every other session and API token has ended.",
        occurred_at=ports.clock(),
    )


def _reconnected(user_id: str, server: ServerInfo, ports: SignInPorts) -> Outcome:
    return Outcome(
        outcome_id=ports.new_id(),
        user_id=user_id,
        party=Party(connection_id=MUSIC_SERVER, name=server.display_name, side=Side.SERVER),
        occurred_at=ports.clock(),
        reconnected=True,
    )
