"""The Python that compiles for a runtime: bytecode is of use to its own minor version only.

Taken in this order: the one that runs this build; one that uv finds on this machine; one that pyenv keeps, also when it
is not chosen; and one that uv fetches into `.local/pythons`, by the checksums that come with uv.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reprise_dev.building.environments import pip_aware_environment, uv_program

# Fetched when it is asked for by name, as here, and never on the way to something else. Without the network a build
# shall not wait: one try.
FETCHING = {"UV_PYTHON_DOWNLOADS": "manual", "UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "60"}
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`path` is None where there is no such Python; `origin` then says why, else where it is from."""

    path: str | None
    origin: str


def interpreter(minor: int, *, fetch: bool = True) -> Interpreter:
    """A Python 3.`minor`; `fetch` False takes only what is here."""
    if minor == sys.version_info[1]:
        return Interpreter(sys.executable, "which runs this build")
    version = f"3.{minor}"
    uv = uv_program()
    env = pip_aware_environment(uv, os.environ)
    found = _found(uv, version, env) or next(_kept_by_pyenv(version), None)
    if found is not None:
        fetched = Path(found).is_relative_to(env["UV_PYTHON_INSTALL_DIR"])
        return Interpreter(found, "fetched by uv" if fetched else "found here")
    if not fetch or os.environ.get("UV_PYTHON_DOWNLOADS") == "never":
        return Interpreter(None, "there is none here")
    return _fetch(uv, version, env)


def _found(uv: Path, version: str, env: Mapping[str, str]) -> str | None:
    done = _run([str(uv), "python", "find", "--quiet", "--system", version], env)
    return done.stdout.strip() or None if done.returncode == 0 else None


def _kept_by_pyenv(version: str) -> Iterator[str]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for candidate in sorted(root.glob(f"versions/{version}.*/bin/python{version}"), reverse=True):
        if _run([str(candidate), "-I", "-c", VERSION], {}).stdout.strip() == version:
            yield str(candidate)


def _fetch(uv: Path, version: str, env: Mapping[str, str]) -> Interpreter:
    done = _run([str(uv), "python", "install", "--quiet", "--no-bin", version], {**env, **FETCHING})
    found = _found(uv, version, env)
    if found is None:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it gave no reason"]
        return Interpreter(None, f"there is none here, and uv could not fetch one: {said[-1].strip()}")
    return Interpreter(found, "fetched by uv")


def _run(command: list[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False)
