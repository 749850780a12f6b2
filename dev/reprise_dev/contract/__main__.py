"""Runs the contract suite on a server of yours, and leaves it as it was.

    REPRISE_PASSWORD=… python -m reprise_dev.contract --server https://music.example.org --username alice

Without REPRISE_PASSWORD it asks. The password is never an argument, where every process could read it. With
`--other-username bob` (and REPRISE_OTHER_PASSWORD) it also looks at how two people's lists keep apart. The suite makes
playlists whose names begin with "Reprise contract" and deletes them, also after a failure or Ctrl-C; it
touches no other. Ends with 0 when the server keeps the contract, 1 when not, 2 when the suite could not run.
"""

from __future__ import annotations

import argparse
import getpass
import os
import signal
import sys
from pathlib import Path
from types import FrameType

import pytest

from reprise_dev.contract.accounts import (
    OTHER_PASSWORD_VARIABLE,
    PASSWORD_VARIABLE,
    SONGS_NEEDED,
    YOURS,
    Account,
    differences,
    new_run,
    to_environment,
)
from reprise_dev.local.plain_subsonic import PlainSubsonicError, SeenPlaylist

SUITE = Path(__file__).parents[3] / "tests" / "contract" / "subsonic"


def main(arguments: list[str] | None = None) -> int:
    accounts = _accounts(arguments)
    try:
        before = [_ready(account) for account in accounts]
    except (PlainSubsonicError, OSError, ValueError, KeyError) as error:
        print(f"{accounts[0].url} cannot be tested: {error}", file=sys.stderr)
        return 2
    to_environment(accounts)
    signal.signal(signal.SIGTERM, _as_interrupt)
    code: int = pytest.ExitCode.INTERRUPTED
    try:
        # Short tracebacks: long ones show arguments, and some of those hold the credential.
        code = pytest.main([str(SUITE), "-p", "no:randomly", "-rs", "-v", "--tb=short"])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    finally:
        clean = _tidy(accounts, before)
    return 0 if code == pytest.ExitCode.OK and clean else 1


def _accounts(arguments: list[str] | None) -> list[Account]:
    parser = argparse.ArgumentParser(prog="reprise_dev.contract", description="Run the contract suite on a server.")
    parser.add_argument("--server", required=True, help="its address, as you would give it to a music player")
    parser.add_argument("--username", required=True)
    parser.add_argument("--other-username", help="somebody else on the same server, who is no administrator")
    given = parser.parse_args(arguments)
    people = {given.username: PASSWORD_VARIABLE}
    if given.other_username:
        people[given.other_username] = OTHER_PASSWORD_VARIABLE
    return [
        Account(label=YOURS, url=given.server, username=username, password=_password(username, variable), run=new_run())
        for username, variable in people.items()
    ]


def _password(username: str, variable: str) -> str:
    return os.environ.get(variable) or getpass.getpass(f"Password of {username}: ")


def _ready(account: Account) -> list[SeenPlaylist]:
    """The playlists there are. Raises `ValueError` where the library is too small."""
    looker = account.look()
    if len(looker.songs(SONGS_NEEDED)) < SONGS_NEEDED:
        raise ValueError(f"its library has fewer than {SONGS_NEEDED} songs")
    return looker.playlist_heads()


def _tidy(accounts: list[Account], before: list[list[SeenPlaylist]]) -> bool:
    """Delete what the run left and compare; True where the server is as it was. A second Ctrl-C does not stop it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    left = sum(account.sweep() for account in accounts)
    if left:
        print(f"{left} playlists of this run were still there and are deleted now")
    changed = [
        line
        for account, heads in zip(accounts, before, strict=True)
        for line in differences(heads, account.look().playlist_heads())
    ]
    for line in changed:
        print(f"playlists are not as they were: {line}", file=sys.stderr)
    if not changed:
        print(f"the server's {len(before[0])} playlists are as they were")
    return not changed


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
