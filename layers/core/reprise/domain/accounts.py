"""People and their sign-ins (`design` §7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person. `user_id` is derived from server and name; `email` is None until they enter one (`S0-02`, `S0-03`)."""

    user_id: str
    username: str
    server_url: str
    created_at: datetime
    admin: bool = False
    email: str | None = None


# No right to act for a person outlives this, whatever its row says: earlier versions made tokens without an end.
LONGEST = timedelta(days=365)


class SessionKind(StrEnum):
    SIGN_IN = "sign_in"
    API_TOKEN = "api_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A right to act as a user, known by the hash of its token.

    `expires_at` None is what earlier versions stored for tokens without an end. `password_number` says with which of
    the person's passwords it was come by (`Connection`): it is worth nothing once they signed in with another one.
    """

    token_hash: str
    user_id: str
    kind: SessionKind
    label: str
    created_at: datetime
    expires_at: datetime | None
    password_number: int = 0

    @property
    def ends_at(self) -> datetime:
        """When it ends: as stored, and a year after it was made at the latest."""
        latest = self.created_at + LONGEST
        return latest if self.expires_at is None else min(self.expires_at, latest)

    def valid_at(self, now: datetime) -> bool:
        return now < self.ends_at

    @property
    def public_id(self) -> str:
        """What names this session in lists and URLs; useless as a credential."""
        return self.token_hash[:16]


def token_hash(token: str) -> str:
    """The only form in which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_id_of(server_url: str, username: str) -> str:
    """The same account on the same server is the same person.

    `username` is the account's name as the server itself spells it. Some servers take it in any case (Navidrome), on
    others "Ann" and "ann" are two people: so names are told apart by case here, and whoever signs somebody in asks
    the server for its spelling first.
    """
    return "u-" + hashlib.sha256(f"{server_url}\n{username}".encode()).hexdigest()[:24]
