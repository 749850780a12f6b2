"""A person's own account on the music server, opened with the password they once signed in with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.refusals import Conflict
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.credentials import CannotDecrypt, Cipher
from reprise.ports.targets import MusicServer
from reprise.usecases.connections.prove_account import OpenServer

_SIGN_IN = "The music server does not accept the stored password. Sign in again first."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPorts:
    """What opening a stored account needs from outside."""

    connections: ConnectionStore
    health: HealthStore
    cipher: Cipher
    open_server: OpenServer


@contextmanager
def open_account(user_id: str, ports: AccountPorts) -> Iterator[MusicServer]:
    """The server as this person, closed afterwards.

    Raises `Conflict` when they have to sign in first: there is no password, it can no longer be read, or the server
    has refused it before (then the server is not asked again) or refuses it now. Raises `SyncFailure` for the rest.
    """
    connection = ports.connections.get(user_id, MUSIC_SERVER)
    if connection is None or ports.health.get(user_id, MUSIC_SERVER).latched:
        raise Conflict(_SIGN_IN)
    try:
        password = ports.cipher.decrypt(connection.ciphertext, user_id=user_id, connection_id=MUSIC_SERVER)
    except CannotDecrypt:
        raise Conflict(_SIGN_IN) from None
    try:
        with closing(ports.open_server(connection.account_name, password, connection.sign_in_way)) as server:
            yield server
    except SyncFailure as failure:
        if failure.kind is FailureKind.AUTH_INVALID:
            raise Conflict(_SIGN_IN) from None
        raise
