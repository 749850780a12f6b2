"""What goes into each layer and function, called by `sam build` through layers/targets/build.mk.

Only the standard library is imported: a bare `sam build` runs this with whatever `python3` there is.

* deps: the locked wheels for the target's interpreter and processor, checked by hash, never built from source.
* core: the package `reprise`.
* function: one folder of functions/, as the package it also is in tests and editor (`dispatcher.app`).

All carry bytecode of the target's minor version, if there is a Python of it (`interpreters.py`): /opt and /var/task are
read-only, so that without it every cold start would compile every module anew. It is unchecked-hash bytecode with the
deployed path inside, so that two builds give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise_dev.building.environments import ROOT, EnvironmentFailure, pip_aware_environment, uv_program
from reprise_dev.building.interpreters import interpreter

LOCK = ROOT / "layers" / "deps" / "requirements.txt"
# Zip files cannot hold an earlier time than this: 1 January 1980.
TIME_OF_EVERY_FILE = 315532800
# `host` takes this machine's own wheels: what runs the local emulator need not be what Lambda runs on.
WHEELS_VARIABLE = "REPRISE_WHEELS"
# Lambda's Python 3.11 stands on Amazon Linux 2 (glibc 2.26), later ones on Amazon Linux 2023 (glibc 2.34).
FIRST_MINOR_ON_LAMBDA = 12
# botocore describes every service of AWS: half of the layer, of which we speak to these. A client for another one fails
# with UnknownServiceError the first time it is built.
AWS_SERVICES = {"dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sqs", "ssm", "sts"}
NOT_SHIPPED = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"}


WITHOUT_BYTECODE = (
    "Without bytecode a cold start takes 2.6 times as long. There was no Python of the runtime's version here, and uv "
    "could not fetch one: install it, let the build reach github.com, or choose the Runtime of a Python that is here."
)
_COMPILED = re.compile(r"\.cpython-3(\d+)\.pyc$")
PARTS = ("deps", "core", "function")


class BuildFailure(Exception):
    """Nothing usable was built; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the built files will run on. `minor` is the 13 of 3.13; `processor` is Lambda's word for it."""

    minor: int
    processor: str

    @classmethod
    def read(cls, text: str) -> Target:
        """Read `python3.13-arm64`. Raises `BuildFailure` for anything else."""
        found = re.fullmatch(r"python3\.(\d+)-(arm64|x86_64)", text)
        if not found:
            raise BuildFailure(f"{text!r} is not a target such as python3.13-arm64")
        return cls(minor=int(found[1]), processor=found[2])

    @property
    def python(self) -> str:
        return f"3.{self.minor}"

    @property
    def uv_platform(self) -> str:
        """uv's name for systems on which this target's wheels must run."""
        return {"arm64": "aarch64", "x86_64": "x86_64"}[self.processor] + "-manylinux_2_28"


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["describe"]:
        sys.stdout.write("\n".join(["", *describe(Path(arguments[1]))]) + "\n")
        return 0
    parser = argparse.ArgumentParser(prog="building", description="Build one layer or function for sam.")
    parser.add_argument("--target", required=True)
    parser.add_argument("--into", required=True, type=Path)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("name", nargs="?", default="")
    chosen = parser.parse_args(arguments)
    try:
        target = Target.read(chosen.target)
        if chosen.part == "deps":
            build_deps(target, chosen.into, os.environ)
        elif chosen.part == "core":
            build_core(target, chosen.into)
        else:
            build_function(target, chosen.into, chosen.name)
    except (BuildFailure, EnvironmentFailure) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


def describe(built: Path) -> list[str]:
    """A line for each layer and function: sam itself shows nothing of what its builders said, unless they failed."""
    lines, minors = [], set[int]()
    for folder in sorted(path for path in built.iterdir() if path.is_dir()):
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / 1_000_000
        compiled = {int(found[1]) for path in files if (found := _COMPILED.search(path.name))}
        minors |= compiled
        lines.append(f"{folder.name:20} {size:6.1f} MB  {'with' if compiled else 'WITHOUT'} bytecode")
    for minor in sorted(minors):
        compiler = interpreter(minor, fetch=False)
        lines.append(f"The bytecode is by the Python 3.{minor} at {compiler.path}, {compiler.origin}.")
    if any("WITHOUT" in line for line in lines):
        lines.append(WITHOUT_BYTECODE)
    return lines


def build_deps(target: Target, into: Path, env: Mapping[str, str]) -> None:
    """The locked wheels, bare of what only an installer needs. Raises `BuildFailure`."""
    packages = into / "python"
    uv = uv_program()
    install = [str(uv), "pip", "install", "--quiet", "--target", str(packages), "--only-binary", ":all:"]
    locked = ["--require-hashes", "--requirement", str(LOCK)]
    # Copies, not links into uv's cache: the files' times are set below.
    told = pip_aware_environment(uv, env) | {"UV_LINK_MODE": "copy"}
    _run([*install, *_which_wheels(target, env), *locked], told)
    _prune(packages)
    _finish(target, into, shown_as="/opt")


def _which_wheels(target: Target, env: Mapping[str, str]) -> list[str]:
    if env.get(WHEELS_VARIABLE) != "host":
        if target.minor < FIRST_MINOR_ON_LAMBDA:
            raise BuildFailure(
                f"Lambda's Python {target.python} runs on a system too old for the wheels of our libraries. "
                f"Choose python3.{FIRST_MINOR_ON_LAMBDA} or later; "
                f"{target.python} is for local runs ({WHEELS_VARIABLE}=host)."
            )
        return ["--python-version", target.python, "--python-platform", target.uv_platform]
    if target != this_machine():
        raise BuildFailure(f"{WHEELS_VARIABLE}=host builds for this machine, which is not {target}")
    return ["--python", sys.executable]


def this_machine() -> Target:
    """What this interpreter and processor would be called in the template."""
    processor = {"aarch64": "arm64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return Target(minor=sys.version_info[1], processor=processor)


def build_core(target: Target, into: Path) -> None:
    """The package `reprise`."""
    _copy_sources(ROOT / "layers" / "core" / "reprise", into / "python" / "reprise")
    _finish(target, into, shown_as="/opt")


def build_function(target: Target, into: Path, name: str) -> None:
    """One function's folder as a package of its own name. Raises `BuildFailure` when there is none."""
    source = ROOT / "functions" / name
    if not (source / "app.py").is_file():
        raise BuildFailure(f"there is no functions/{name}/app.py")
    _copy_sources(source, into / name)
    _finish(target, into, shown_as="/var/task")


def _copy_sources(source: Path, into: Path) -> None:
    shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"), dirs_exist_ok=True)


def _prune(packages: Path) -> None:
    """Drop what only an installer reads, and services not spoken to. Metadata stays: libraries ask for versions."""
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for described in (packages / "botocore" / "data").iterdir():
        if described.is_dir() and described.name not in AWS_SERVICES:
            shutil.rmtree(described)
    (packages / ".lock").unlink(missing_ok=True)
    for info in packages.glob("*.dist-info"):
        for name in NOT_SHIPPED:
            (info / name).unlink(missing_ok=True)
    for compiled in list(packages.rglob("__pycache__")):
        shutil.rmtree(compiled)


def _finish(target: Target, into: Path, *, shown_as: str) -> None:
    _compile(target, into, shown_as=shown_as)
    for path in _everything(into):
        os.utime(path, (TIME_OF_EVERY_FILE, TIME_OF_EVERY_FILE))


def _everything(into: Path) -> Iterator[Path]:
    yield into
    yield from into.rglob("*")


def _compile(target: Target, into: Path, *, shown_as: str) -> None:
    compiler = interpreter(target.minor)
    if compiler.path is None:
        sys.stderr.write(f"{into.name}: no bytecode for Python {target.python}: {compiler.origin}.\n")
        return
    how = ["--invalidation-mode", "unchecked-hash", "-s", str(into), "-p", shown_as, "-j", "0", "-q"]
    # -I and a bare environment: nothing of this process may reach the bytecode.
    _run([compiler.path, "-I", "-m", "compileall", *how, str(into)], {"PATH": os.environ.get("PATH", "")})


def _run(command: Sequence[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=dict(env), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailure((done.stderr or done.stdout).strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
