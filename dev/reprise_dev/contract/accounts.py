"""Accounts the suite runs on, and the care it takes of them."""

from __future__ import annotations

import os
import re
import secrets
import string
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import httpx

from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.local.plain_subsonic import PlainSubsonic, PlainSubsonicError, SeenPlaylist

SERVER_VARIABLE = "REPRISE_CONTRACT_SERVER"
PASSWORD_VARIABLE = "REPRISE_PASSWORD"
OTHER_PASSWORD_VARIABLE = "REPRISE_OTHER_PASSWORD"
# User name, password and run: of the account to test, and of somebody else on the same server.
_PEOPLE_VARIABLES = (
    ("REPRISE_CONTRACT_USERNAME", PASSWORD_VARIABLE, "REPRISE_CONTRACT_RUN"),
    ("REPRISE_CONTRACT_OTHER_USERNAME", OTHER_PASSWORD_VARIABLE, "REPRISE_CONTRACT_OTHER_RUN"),
)
SONGS_NEEDED = 30
YOURS = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account on one server. `run` is in the name or the comment of every list a run makes, and in no other."""

    label: str
    url: str
    username: str
    password: str = field(repr=False)
    run: str

    def open(self, transport: httpx.BaseTransport | None = None) -> SubsonicServer:
        """The adapter under test. It waits between attempts only where the server is a stranger's."""
        return SubsonicServer(
            base_url=self.url,
            username=self.username,
            password=self.password,
            sign_in_way=None,
            transport=transport,
            sleep=time.sleep if self.label == YOURS else _no_wait,
        )

    def look(self) -> PlainSubsonic:
        """A stranger's view of the same account."""
        return _looker(self.url, self.username, self.password)

    def our_lists(self) -> list[SeenPlaylist]:
        """Every list this run made and did not delete, with its songs."""
        looker = self.look()
        return [looker.playlist(head.id) for head in looker.playlist_heads() if self.made(head)]

    def made(self, playlist: SeenPlaylist) -> bool:
        ours = self.run in playlist.name or self.run in playlist.comment
        return ours and playlist.owner.casefold() in ("", self.username.casefold())

    def sweep(self) -> int:
        """Delete every list this run made; how many there were."""
        looker = self.look()
        made = [head for head in looker.playlist_heads() if self.made(head)]
        for head in made:
            try:
                looker.delete_playlist(head.id)
            except PlainSubsonicError as refusal:
                if refusal.code != 70:
                    raise
        return len(made)


def _no_wait(_: float) -> None:
    """Doubles and test servers need no rest."""


@cache
def _looker(url: str, username: str, password: str) -> PlainSubsonic:
    """Kept, for it has learnt by which way of signing in the server is pleased."""
    return PlainSubsonic(url, username, password)


def new_run() -> str:
    """A word nobody has in a playlist's name by chance."""
    return "contract" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))


def accounts_from(environment: Mapping[str, str]) -> list[Account]:
    """The accounts named by the environment: none, the one to test, or that one and somebody else's."""
    return [
        Account(
            label=YOURS,
            url=environment[SERVER_VARIABLE],
            username=environment[username],
            password=environment[password],
            run=environment[run],
        )
        for username, password, run in _PEOPLE_VARIABLES
        if username in environment
    ]


def to_environment(accounts: Sequence[Account]) -> None:
    """Tell one or two accounts on one server to the suite, in this process."""
    for account, (username, password, run) in zip(accounts, _PEOPLE_VARIABLES, strict=False):
        os.environ[SERVER_VARIABLE] = account.url
        os.environ[username] = account.username
        os.environ[password] = account.password
        os.environ[run] = account.run


def differences(before: list[SeenPlaylist], after: list[SeenPlaylist]) -> list[str]:
    """What differs between two looks at a server, in words; nothing for two equal ones.

    A list that the server itself fills may change its contents and its date, as may one of somebody else.
    """
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    said = [f"“{old[one].name}” is gone" for one in old.keys() - new.keys()]
    said += [f"“{new[one].name}” is new" for one in new.keys() - old.keys()]
    said += [f"“{old[one].name}” has changed" for one in old.keys() & new.keys() if _told(old[one]) != _told(new[one])]
    return sorted(said)


def _told(playlist: SeenPlaylist) -> tuple[object, ...]:
    lasting = (playlist.name, playlist.owner, playlist.comment)
    return lasting if playlist.read_only else (*lasting, playlist.changed, playlist.song_count)


def unknown_id_like(known: str) -> str:
    """An id of the form of `known` that names nothing: each letter and digit is another one of its kind."""
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", known):
        return str(uuid.uuid4())
    if known.isdecimal():
        return str(int(known) + 900_000_000)
    kinds = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
    prefix, dash, rest = known.rpartition("-")
    other = "".join(next((secrets.choice(kind) for kind in kinds if char in kind), char) for char in rest)
    return f"{prefix}{dash}{other}"
