"""How a local run was asked for: environment variables, because make's own words are variables.

SERVER, USERNAME   your own music server instead of the demo; the password is in REPRISE_PASSWORD, or is asked for
ONCE=1             end after the story; exit code 0 only if everything was seen
SUMMARY=file.json  write what was seen as JSON
PORT=8765          where the API shall answer on loopback
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path

from reprise_dev.local.world import Account

PREFERRED_PORT = 8765
PASSWORD_VARIABLE = "REPRISE_PASSWORD"
HIGHEST_PORT = 65535


class Unwishable(Exception):
    """The wishes cannot be met; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`own` is None for the demo, `summary` is None when none is wanted. Port 0 takes any that is free."""

    own: Account | None
    once: bool
    summary: Path | None
    port: int

    @classmethod
    def read(cls, env: MutableMapping[str, str]) -> Wishes:
        """Raises `Unwishable`. A password is taken out of `env`, so that no child process inherits it."""
        password = env.pop(PASSWORD_VARIABLE, "")
        port = env.get("PORT", "").strip() or str(PREFERRED_PORT)
        if not port.isdecimal() or int(port) > HIGHEST_PORT:
            raise Unwishable(f"PORT must be a number up to {HIGHEST_PORT}, not {port!r}")
        return cls(
            own=_own_account(env.get("SERVER", "").strip(), env.get("USERNAME", "").strip(), password),
            once=env.get("ONCE", "").strip() not in {"", "0"},
            summary=Path(env["SUMMARY"]) if env.get("SUMMARY") else None,
            port=int(port),
        )


def from_environment() -> Wishes:
    return Wishes.read(os.environ)


def _own_account(server: str, username: str, password: str) -> Account | None:
    if not server:
        return None
    if not server.startswith(("http://", "https://")):
        raise Unwishable("SERVER must begin with http:// or https://")
    if not username:
        raise Unwishable("SERVER needs USERNAME, your account on it")
    if not password and sys.stdin.isatty():
        password = getpass.getpass(f"Password of {username} on {server}: ")
    if not password:
        raise Unwishable(f"No password: set {PASSWORD_VARIABLE}, or run this in a terminal that can ask for it.")
    return Account(server_url=server.rstrip("/"), username=username, password=password, ours=False)
