"""The project's own environments, built on demand under `.local/` and nowhere else.

Run by a bare Python, before anything is installed: only the standard library is imported here.

    PYTHONPATH=dev python3 -m reprise_dev.building.environments run sam emulator

Each environment holds exactly one lock file, checked by hash. A stamp of that lock and of the interpreter makes a
second run cost nothing. What the person configured for pip (index, find-links, certificates, proxy) holds for uv as
well, which does not read pip's settings by itself.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCAL = ROOT / ".local"
UV_LOCK = ROOT / "requirements" / "uv.txt"
IMPORT_ROOTS = ("layers/core", "functions", "dev")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One virtual environment. `ours` puts the project's import roots on its path, as an editable install would."""

    name: str
    lock: str
    ours: bool

    @property
    def folder(self) -> Path:
        return LOCAL / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


ENVIRONMENTS = {
    each.name: each
    for each in (
        Environment(name="dev", lock="requirements/dev.txt", ours=True),
        Environment(name="run", lock="requirements/local.txt", ours=True),
        Environment(name="mutation", lock="requirements/mutation.txt", ours=True),
        Environment(name="sam", lock="requirements/sam.txt", ours=False),
        Environment(name="emulator", lock="requirements/emulator.txt", ours=False),
        Environment(name="cli", lock="requirements/cli.txt", ours=False),
    )
}

# pip's option -> the variable by which uv takes the same thing.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "HTTPS_PROXY",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
}


class EnvironmentFailure(Exception):
    """An environment cannot be made; the message says what to do."""


def main(names: Sequence[str]) -> int:
    """Build the named environments; `uv` alone prints where uv is. Returns an exit code."""
    try:
        uv = uv_program()
        if names == ["uv"]:
            sys.stdout.write(f"{uv}\n")
            return 0
        unknown = [name for name in names if name not in ENVIRONMENTS]
        if unknown:
            raise EnvironmentFailure(f"no such environment: {', '.join(unknown)} (known: {', '.join(ENVIRONMENTS)})")
        build_all(uv, [ENVIRONMENTS[name] for name in names])
    except EnvironmentFailure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def uv_program() -> Path:
    """Where uv is, fetched by pip and checked by hash the first time."""
    program = LOCAL / "uv" / "bin" / "uv"
    with _locked("uv"):
        if not _current(LOCAL / "uv", UV_LOCK):
            _install_uv(LOCAL / "uv")
    return program


def _install_uv(folder: Path) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise EnvironmentFailure(
            f"{sys.executable} cannot make virtual environments: its venv module is missing. "
            "On Debian and Ubuntu it is in the package python3-venv."
        )
    _say("fetching uv, the installer, into .local/")
    shutil.rmtree(folder, ignore_errors=True)
    # A bare PATH: pip asks the compilers it finds there for their versions, and some answer by writing into the home.
    env = os.environ | {"PATH": str(folder / "bin"), "PIP_CACHE_DIR": str(LOCAL / "pip-cache")}
    _checked([sys.executable, "-m", "venv", str(folder)], env, "making a virtual environment")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "install", "--require-hashes", "--only-binary=:all:"]
    _checked([*pip, "--requirement", str(UV_LOCK)], env, "installing uv")
    _stamp(folder, UV_LOCK)


def build_all(uv: Path, wanted: Sequence[Environment]) -> None:
    """Bring every wanted environment up to its lock; those that are cost one hash of a file."""
    stale = [each for each in wanted if not _current(each.folder, ROOT / each.lock)]
    if not stale:
        return
    env = pip_aware_environment(uv, os.environ)
    with ThreadPoolExecutor(max_workers=len(stale)) as pool:
        for _ in pool.map(lambda each: _build(uv, each, env), stale):
            pass


def _build(uv: Path, wanted: Environment, env: Mapping[str, str]) -> None:
    with _locked(wanted.name):
        if _current(wanted.folder, ROOT / wanted.lock):
            return
        began = time.monotonic()
        shutil.rmtree(wanted.folder, ignore_errors=True)
        _checked(
            [str(uv), "venv", "--quiet", "--python", sys.executable, str(wanted.folder)], env, "making " + wanted.name
        )
        install = [str(uv), "pip", "install", "--quiet", "--require-hashes"]
        target = ["--python", str(wanted.python), "--requirement", wanted.lock]
        _checked([*install, *target], env, f"installing {wanted.lock}")
        if wanted.ours:
            _add_import_roots(wanted)
        _stamp(wanted.folder, ROOT / wanted.lock)
        _say(f"environment {wanted.name} is ready ({time.monotonic() - began:.0f} s)")


def _add_import_roots(wanted: Environment) -> None:
    """The three roots of pyproject's `dev-mode-dirs`, by the means of an editable install, with no build step."""
    (packages,) = (wanted.folder / "lib").glob("python*/site-packages")
    (packages / "reprise-editable.pth").write_text(
        "".join(f"{ROOT / root}\n" for root in IMPORT_ROOTS), encoding="utf-8"
    )


def uv_environment(pip: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """`env` with uv kept inside the project and told what pip is told; what the person set for uv itself stays.

    `pip` is pip's own configuration, option by option. A find-links folder that does not exist is left out: pip only
    warns of it, uv would stop.
    """
    own = {
        "UV_CACHE_DIR": str(LOCAL / "uv-cache"),
        "UV_PYTHON_INSTALL_DIR": str(LOCAL / "pythons"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
        # pip takes the best version among all its indexes, so this is what the person's settings mean.
        "UV_INDEX_STRATEGY": env.get("UV_INDEX_STRATEGY", "unsafe-best-match"),
    }
    told: dict[str, str] = {}
    for option, variable in PIP_TO_UV.items():
        value = pip.get(option, "")
        if option == "find-links":
            value = ",".join(place for place in value.split() if "://" in place or Path(place).expanduser().exists())
        if value and variable not in env:
            told[variable] = value
    if "UV_INDEX_URL" in env:
        told.pop("UV_DEFAULT_INDEX", None)
    if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        told["UV_NO_INDEX"] = "1"
    return {**env, **told, **own}


def read_pip_settings(listing: str) -> dict[str, str]:
    """What `pip config list` prints, by option: the environment wins over `[install]`, and that over `[global]`."""
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        name, equals, value = line.partition("=")
        section, dot, option = name.rpartition(".")
        if not equals or not dot or section not in ranks:
            continue
        rank = ranks[section]
        if option not in found or rank >= found[option][0]:
            found[option] = (rank, str(ast.literal_eval(value)))
    return {option: value for option, (_, value) in found.items()}


def pip_aware_environment(uv: Path, env: Mapping[str, str]) -> dict[str, str]:
    """`env` for running uv, with this person's pip settings in it. Raises `EnvironmentFailure`."""
    return uv_environment(_pip_settings(uv), env)


def _pip_settings(uv: Path) -> dict[str, str]:
    command = [str(uv.parent / "python"), "-m", "pip", "config", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentFailure(f"pip cannot read its own configuration:\n{done.stderr.strip()}")
    return read_pip_settings(done.stdout)


def _checked(command: Sequence[str], env: Mapping[str, str], what: str) -> None:
    done = subprocess.run(command, env=dict(env), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentFailure(f"{what} failed:\n{(done.stderr or done.stdout).strip()}")


def _fingerprint(lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes())
    # The interpreter itself, not the environment it may be called from.
    digest.update(f"{sys.version_info[:3]} {sys.base_prefix} {ROOT}".encode())
    return digest.hexdigest()


def _current(folder: Path, lock: Path) -> bool:
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _fingerprint(lock)


def _stamp(folder: Path, lock: Path) -> None:
    (folder / ".stamp").write_text(_fingerprint(lock), encoding="ascii")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Two makes at once: the second waits, then finds the work done."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / f".{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(sentence: str) -> None:
    sys.stderr.write(f"· {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
