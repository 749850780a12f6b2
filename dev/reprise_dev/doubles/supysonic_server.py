"""Runs Supysonic, a real Subsonic server, over a folder of music: for tests and the local run.

    with SupysonicServer(Path("music"), users={"alice": "sesame"}) as server:
        ...                                          # server.url

Everything of it lives in one temporary folder, its home, and is gone when it stops: database, logs, processes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_SCAN = ["folder", "scan", "--foreground", "Library"]
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
_CONFIG = """\
[base]
database_uri = sqlite:///{home}/supysonic.db
[webapp]
cache_dir = {home}/cache
log_file = {home}/supysonic.log
log_level = WARNING
log_rotate = no
mount_webui = off
[daemon]
socket = {home}/daemon.sock
"""


# Its command line, but for many commands at the price of one start, and with the passwords in no argument list.
_COMMANDS = """\
import json, sys
from supysonic.cli import cli
from supysonic.config import IniConfig
from supysonic.db import init_database, release_database
config = IniConfig.from_common_locations()
init_database(config.BASE["database_uri"])
try:
    for command in json.load(sys.stdin):
        cli.main(command, obj=config, standalone_mode=False)
finally:
    release_database()
"""


class SupysonicError(Exception):
    """It did not start, or a command of its failed. The message ends with what it said."""


class SupysonicServer:
    """A Supysonic over `music_dir`, with `users` as names and passwords; the first of them is its administrator.

    `start` scans, `stop` leaves nothing behind. Works as a context manager.
    """

    def __init__(self, music_dir: Path, users: Mapping[str, str], *, threads: int = 4) -> None:
        self._music_dir = music_dir.resolve()
        self._users = dict(users)
        self._threads = threads
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> SupysonicServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> SupysonicServer:
        """Set it up, scan the music, serve on a free loopback port. Raises `SupysonicError`."""
        if self._process is not None:
            return self
        self._home = Path(tempfile.mkdtemp(prefix="supysonic-"))
        try:
            (self._home / ".supysonic").write_text(_CONFIG.format(home=self._home), encoding="utf-8")
            (self._home / "tmp").mkdir()
            self._set_up()
            self._serve()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End it and remove its folder. Harmless when it does not run."""
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._home is not None:
            shutil.rmtree(self._home)
            self._home = None
        self.url = ""

    def add_user(self, name: str, password: str, *, admin: bool = False) -> None:
        self._run([["user", "add", name, "-p", password], *([_to_admin(name)] if admin else [])])
        self._users[name] = password

    def change_password(self, name: str, password: str) -> None:
        self._run([["user", "changepass", name, "-p", password]])
        self._users[name] = password

    def scan(self) -> None:
        """Read the music folder again; returns when that is done."""
        self._run([_SCAN])

    def _set_up(self) -> None:
        commands = [["user", "add", name, "-p", password] for name, password in self._users.items()]
        commands += [_to_admin(name) for name in list(self._users)[:1]]
        self._run([*commands, ["folder", "add", "Library", str(self._music_dir)], _SCAN])

    def _run(self, commands: list[list[str]]) -> None:
        done = subprocess.run(
            [sys.executable, "-c", _COMMANDS],
            env=self._environment(),
            cwd=self._home,
            input=json.dumps(commands).encode(),
            capture_output=True,
            timeout=600,
            check=False,
        )
        if done.returncode != 0:
            raise SupysonicError(f"a supysonic command failed: {_tail(done.stderr)}")

    def _serve(self) -> None:
        home = self._home
        if home is None:
            raise SupysonicError("it has no home: start() makes one")
        with socket.create_server(("127.0.0.1", 0)) as listener, (home / "gunicorn.log").open("wb") as log:
            # The port is taken before the server starts and handed over, so that nobody else can get it meanwhile.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *self._gunicorn_options(listener.fileno())],
                env=self._environment(),
                cwd=home,
                pass_fds=[listener.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._wait_until_up(home / "gunicorn.log")

    def _gunicorn_options(self, listener: int) -> Sequence[str]:
        return [
            f"--bind=fd://{listener}",
            "--workers=1",
            "--worker-class=gthread",
            f"--threads={self._threads}",
            "--log-level=warning",
            "--no-control-socket",  # its path could be too long for a socket
            "supysonic.web:create_application()",
        ]

    def _environment(self) -> dict[str, str]:
        home = self._home or Path()
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        return {
            **kept,
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _wait_until_up(self, log: Path) -> None:
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up_at:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/rest/ping.view", timeout=5):  # noqa: S310 - loopback
                    return
            except urllib.error.HTTPError as answer:
                answer.close()
                return
            except OSError:
                time.sleep(0.05)
        raise SupysonicError(f"supysonic does not serve: {_tail(log.read_bytes())}")


def _to_admin(name: str) -> list[str]:
    return ["user", "setroles", "--admin", name]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session of its own, and whatever it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(output: bytes) -> str:
    return output.decode(errors="replace").strip()[-500:]
