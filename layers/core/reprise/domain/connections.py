"""What Reprise reaches for a person, and by which name each of these is known.

A connection is (user, `ConnectionId`): the account on the music server, an account at a provider (a person may have two
of one), or, where there is no account, the host of an address. Health, failures, outcomes and windows are each of one
connection: the failure of one neither stops, nor latches, nor quiets anything of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

# "navidrome", "spotify", "spotify:2" for a second account, "host:example.org" for addresses without an account.
ConnectionId = NewType("ConnectionId", str)

# The person's account on the music server, whatever server it is (`S0-17`).
MUSIC_SERVER = ConnectionId("navidrome")
# Our own stores: what fails there is the fault of no connection.
OURSELVES = ConnectionId("reprise")

_HOST = "host:"


class Side(StrEnum):
    """Which way playlists go over a connection."""

    SERVER = "server"
    SOURCE = "source"


class SignInWay(StrEnum):
    """How an account is signed in to. A token shows the password to nobody who answers in the server's place."""

    TOKEN = "token"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A connection as failures and sentences name it. `name` is what a person calls it ("Navidrome")."""

    connection_id: ConnectionId
    name: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account at a provider. `ciphertext` is the encrypted credential; `display_name` names the provider.

    `password_number` tells the passwords that the person signed in with apart, one after the other: sessions and tokens
    carry the number they were made under. `sign_in_way` is what the server took when the person signed in; what is done
    for them unattended never goes over from tokens to the password itself. `match_threshold` is how sure a match into
    this account's library has to be for its owner, None for as sure as the instance says. It stands here because every
    sync reads this and nothing else of a person.
    """

    user_id: str
    connection_id: ConnectionId
    provider: str
    account_name: str
    display_name: str
    server_url: str
    ciphertext: bytes
    authorised_at: datetime
    password_number: int = 0
    sign_in_way: SignInWay = SignInWay.TOKEN
    match_threshold: float | None = None


def of_host(host: str) -> ConnectionId:
    """The connection of every address at `host`, a name in lower case or a numeric address."""
    return ConnectionId(f"{_HOST}{host}")


def has_account(connection_id: ConnectionId) -> bool:
    """Returns whether there is an account that a person can connect again: a host has none, nor have our own stores."""
    return connection_id != OURSELVES and not connection_id.startswith(_HOST)


def source_party(connection_id: ConnectionId | None) -> Party:
    """A source as sentences name it: a host by its name. None is what a person uploaded: we hold that ourselves."""
    if connection_id is None:
        return Party(connection_id=OURSELVES, name="Reprise", side=Side.SOURCE)
    return Party(connection_id=connection_id, name=connection_id.removeprefix(_HOST), side=Side.SOURCE)
