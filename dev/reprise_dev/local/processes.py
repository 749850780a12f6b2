"""Child processes that never outlive us, ports on loopback, and a folder that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reprise_dev.building.environments import LOCAL

LOOPBACK = "127.0.0.1"
STOP_S = 10.0
_FOLDER_PREFIX = "run-"


class StartFailure(Exception):
    """Something did not come up. The message carries the end of its log."""


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen there now. A port in TIME_WAIT counts as free, as it does for servers."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str, step_s: float = 0.05) -> None:
    """Poll until `ready()`; raises `StartFailure` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise StartFailure(f"{what}: not within {seconds:.0f} s")
        time.sleep(step_s)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of this run alone, under `.local/`. Gone at the end; what killed runs left behind goes at the start."""
    parent = LOCAL / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{_FOLDER_PREFIX}*"):
        if not _alive(int(left.name.removeprefix(_FOLDER_PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def child(command: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server, in a session of its own so that Ctrl-C reaches only us; stop it and all its children at the end."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=dict(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd, start_new_session=True
        )
    try:
        yield process
    finally:
        _stop(process)


def wait_for_child(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], *, seconds: float, what: str, log: Path
) -> None:
    """Like `wait_until`, but a child that has ended is said at once, with its last words."""

    def running() -> bool:
        if process.poll() is not None:
            raise StartFailure(f"{what} ended with code {process.returncode}:\n{last_words(log)}")
        return ready()

    try:
        wait_until(running, seconds=seconds, what=what)
    except StartFailure as failure:
        raise StartFailure(f"{failure}\n{last_words(log)}") from failure


def last_words(log: Path, lines: int = 15) -> str:
    """The end of a log file."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group, wait, then insist: workers of a server that died must not stay."""
    _signal_group(process, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # the group is empty: nothing left to stop
        os.killpg(process.pid, which)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process has that number now
        return True
    return True
