"""The command behind `make run`: sets the stage, tells the story, checks what was to be seen, and cleans up."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from reprise_dev.doubles.supysonic_server import SupysonicError
from reprise_dev.local.api_client import ApiFailure
from reprise_dev.local.demo import demo_library, demo_samples
from reprise_dev.local.deployment import DeployFailure
from reprise_dev.local.options import Unwishable, Wishes, from_environment
from reprise_dev.local.processes import StartFailure, private_folder
from reprise_dev.local.readback import ReadBackFailure
from reprise_dev.local.stage import set_stage
from reprise_dev.local.story import Findings, Sample, StoryFailure
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.walkthrough import tell
from reprise_dev.local.world import Account, DispatchFailure, World, troubles

OWN_PREFIX = "Reprise sample: "
FORESEEN = (ApiFailure, DeployFailure, DispatchFailure, ReadBackFailure, StartFailure, StoryFailure, SupysonicError)


# Ctrl-C, a polite kill, and a terminal that is closed: all of them clean up.
STOP_SIGNS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stopped(BaseException):
    """Somebody wants it to end."""


def main() -> int:
    """0 when everything was seen, 1 when not, 2 when the run was not possible as asked, 130 when it was stopped."""
    terminal = Terminal()
    for sign in STOP_SIGNS:
        signal.signal(sign, _stop)
    try:
        wishes = from_environment()
        _announce(wishes, terminal)
        with private_folder() as folder:
            # The music server and whatever else asks for a temporary folder shall have it here.
            tempfile.tempdir = str(folder)
            return _run(wishes, folder, terminal)
    except Unwishable as no:
        terminal.say(str(no))
        return 2
    except FORESEEN as failure:
        terminal.say(f"✗ {failure}")
        return 1
    except _Stopped:
        terminal.say("stopped")
        return 130


def _stop(number: int, frame: FrameType | None) -> None:
    """Once: a second Ctrl-C must not cut the cleaning up short."""
    for sign in STOP_SIGNS:
        signal.signal(sign, signal.SIG_IGN)
    raise _Stopped


def _announce(wishes: Wishes, terminal: Terminal) -> None:
    terminal.say("Reprise on this machine: the template of a deployment, on an emulated AWS, on loopback only.")
    if wishes.own is None:
        return
    terminal.say(f"It signs in to {wishes.own.server_url} as {wishes.own.username}.")
    terminal.say(
        f"There it makes playlists named “{OWN_PREFIX}…” and removes them at the end. It changes nothing else."
    )
    if sys.stdin.isatty() and not wishes.once and input("Go on? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise Unwishable("Nothing was done.")


def _run(wishes: Wishes, folder: Path, terminal: Terminal) -> int:
    terminal.heading("Setting up")
    with (
        set_stage(folder, terminal, songs=demo_library(), own=wishes.own, port=wishes.port) as world,
        _tidied(wishes.own, terminal),
    ):
        findings = Findings(terminal)
        try:
            told = tell(world, findings, _named(demo_samples(), world.account))
        except FORESEEN:
            for line in troubles(world.stack):
                terminal.say(f"  log: {line}")
            raise
        if wishes.summary is not None:
            wishes.summary.write_text(told.summary(), encoding="utf-8")
        terminal.heading("All of it was seen." if not findings.unseen else f"NOT seen: {'; '.join(findings.unseen)}")
        if not wishes.once:
            _stay(world, told.account, terminal)
    return 1 if findings.unseen else 0


def _named(samples: Sequence[Sample], account: Account) -> Sequence[Sample]:
    """On somebody's own server, names that are told apart from theirs."""
    prefix = "" if account.ours else OWN_PREFIX
    return [Sample(name=prefix + each.name, filename=each.filename, content=each.content) for each in samples]


def _stay(world: World, account: Account, terminal: Terminal) -> None:
    api = world.api()
    api.sign_in(account.username, account.password)
    terminal.say("It goes on running until Ctrl-C, which stops all of it and leaves nothing behind.")
    terminal.say()
    terminal.say(f"  the API           {world.address}/api/v1 (described in {world.address}/api/v1/docs)")
    if account.ours:
        known = f"user {account.username}, password {account.password}"
        terminal.say(f"  the music server  {account.server_url} for any Subsonic app, {known}")
    terminal.say(f"  try               curl -H 'Authorization: Bearer {api.token}' {world.address}/api/v1/playlists")
    while True:
        signal.pause()


@contextmanager
def _tidied(own: Account | None, terminal: Terminal) -> Iterator[None]:
    """Remove the sample playlists from somebody's own server, whatever happened."""
    try:
        yield
    finally:
        if own is not None:
            reader = own.reader()
            made = [each for each, name in reader.playlists().items() if name.startswith(OWN_PREFIX)]
            for playlist_id in made:
                reader.remove(playlist_id)
            terminal.say(f"{len(made)} sample playlists removed from {own.server_url}")


if __name__ == "__main__":
    sys.exit(main())
