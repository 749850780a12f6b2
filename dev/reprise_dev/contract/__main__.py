"""Runs the contract suite on a server of yours, and leaves it as it was.

    REPRISE_PASSWORD=… python -m reprise_dev.contract --server https://music.example.org --username alice

Without REPRISE_PASSWORD it asks. The password is never an argument, where every process could read it. The suite makes
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
    PASSWORD_VARIABLE,
    SONGS_NEEDED,
    YOURS,
    Account,
    differences,
    new_run,
    to_environment,
)
from reprise_dev.plain_subsonic import PlainSubsonicError, SeenPlaylist

SUITE = Path(__file__).parents[3] / "tests" / "contract" / "subsonic"


def main(arguments: list[str] | None = None) -> int:
    account = _account(arguments)
    try:
        before = _ready(account)
    except (PlainSubsonicError, OSError, ValueError, KeyError) as error:
        print(f"{account.url} cannot be tested: {error}", file=sys.stderr)
        return 2
    to_environment(account)
    signal.signal(signal.SIGTERM, _as_interrupt)
    code: int = pytest.ExitCode.INTERRUPTED
    try:
        # Short tracebacks: long ones show arguments, and some of those hold the credential.
        code = pytest.main([str(SUITE), "-p", "no:randomly", "-rs", "-v", "--tb=short"])
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    finally:
        clean = _tidy(account, before)
    return 0 if code == pytest.ExitCode.OK and clean else 1


def _account(arguments: list[str] | None) -> Account:
    parser = argparse.ArgumentParser(prog="reprise_dev.contract", description="Run the contract suite on a server.")
    parser.add_argument("--server", required=True, help="its address, as you would give it to a music player")
    parser.add_argument("--username", required=True)
    given = parser.parse_args(arguments)
    password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(f"Password of {given.username}: ")
    return Account(label=YOURS, url=given.server, username=given.username, password=password, run=new_run())


def _ready(account: Account) -> list[SeenPlaylist]:
    """The playlists there are. Raises `ValueError` where the library is too small."""
    looker = account.look()
    if len(looker.songs(SONGS_NEEDED)) < SONGS_NEEDED:
        raise ValueError(f"its library has fewer than {SONGS_NEEDED} songs")
    return looker.playlist_heads()


def _tidy(account: Account, before: list[SeenPlaylist]) -> bool:
    """Delete what the run left and compare; True where the server is as it was. A second Ctrl-C does not stop it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    left = account.sweep()
    if left:
        print(f"{left} playlists of this run were still there and are deleted now")
    changed = differences(before, account.look().playlist_heads())
    for line in changed:
        print(f"playlists are not as they were: {line}", file=sys.stderr)
    if not changed:
        print(f"the server's {len(before)} playlists are as they were")
    return not changed


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
