"""What the layers are built of, and that it comes out the same each time."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

import pytest

from reprise_dev.building import artifacts
from reprise_dev.building.artifacts import (
    AWS_SERVICES,
    BuildFailure,
    Target,
    build_core,
    build_deps,
    build_function,
    describe,
    this_machine,
)
from reprise_dev.building.environments import ROOT
from reprise_dev.building.interpreters import Interpreter


@pytest.mark.parametrize(
    ("text", "python", "platform"),
    [
        ("python3.13-arm64", "3.13", "aarch64-manylinux_2_28"),
        ("python3.12-x86_64", "3.12", "x86_64-manylinux_2_28"),
    ],
)
def test_a_target_is_read(text: str, python: str, platform: str) -> None:
    target = Target.read(text)

    assert (target.python, target.uv_platform) == (python, platform)


@pytest.mark.parametrize("text", ["", "python3.13", "python3.13-riscv", "nodejs22.x-arm64", "python2.7-x86_64"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(BuildFailure, match="is not a target"):
        Target.read(text)


def test_this_machine_is_a_target() -> None:
    here = this_machine()

    assert here.minor == sys.version_info[1]
    assert Target.read(f"python{here.python}-{here.processor}") == here


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(str(path.relative_to(folder)).encode() + str(path.stat().st_mtime_ns).encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "another"):
        build_core(this_machine(), tmp_path / name)

    assert _digest(tmp_path / "one") == _digest(tmp_path / "another")


def test_a_function_is_built_as_the_package_it_is_elsewhere(tmp_path: Path) -> None:
    build_function(this_machine(), tmp_path, "dispatcher")

    assert (tmp_path / "dispatcher" / "app.py").is_file()
    assert list((tmp_path / "dispatcher" / "__pycache__").glob("app.*.pyc"))


def test_a_function_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildFailure, match=r"functions/nobody/app\.py"):
        build_function(this_machine(), tmp_path, "nobody")


def test_no_interpreter_of_the_target_means_no_bytecode_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(artifacts, "interpreter", lambda minor: Interpreter(None, "there is none here"))

    build_function(Target(minor=99, processor="arm64"), tmp_path, "dispatcher")

    assert "no bytecode for Python 3.99: there is none here." in capsys.readouterr().err
    assert (tmp_path / "dispatcher" / "app.py").is_file()
    assert list(tmp_path.rglob("*.pyc")) == []


def test_what_was_built_is_described(tmp_path: Path) -> None:
    build_function(this_machine(), tmp_path / "DispatcherFunction", "dispatcher")
    (tmp_path / "DepsLayer").mkdir()
    (tmp_path / "DepsLayer" / "module.py").write_text("")

    without, compiled, by_whom, sentence = describe(tmp_path)

    assert without.split() == ["DepsLayer", "0.0", "MB", "WITHOUT", "bytecode"]
    assert compiled.endswith("  with bytecode")
    assert (
        by_whom == f"The bytecode is by the Python {this_machine().python} at {sys.executable}, which runs this build."
    )
    assert "2.6 times as long" in sentence


def test_a_lambda_that_is_too_old_for_the_wheels_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "uv_program", lambda: Path("uv"))
    monkeypatch.setattr(artifacts, "pip_aware_environment", lambda uv, env: dict(env))

    with pytest.raises(BuildFailure, match=r"Choose python3\.12 or later"):
        build_deps(Target(minor=11, processor="x86_64"), tmp_path, {})


def test_wheels_of_this_machine_are_for_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "uv_program", lambda: Path("uv"))
    monkeypatch.setattr(artifacts, "pip_aware_environment", lambda uv, env: dict(env))

    with pytest.raises(BuildFailure, match="which is not"):
        build_deps(Target(minor=99, processor="arm64"), tmp_path, {artifacts.WHEELS_VARIABLE: "host"})


def test_the_command_ends_with_a_sentence_and_not_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = artifacts.main(["--target", "python3.13-arm64", "--into", str(tmp_path), "function", "nobody"])

    assert code == 1
    assert capsys.readouterr().err == "there is no functions/nobody/app.py\n"


def test_every_service_that_is_spoken_to_is_in_the_layer() -> None:
    sources = [*(ROOT / "layers" / "core").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    spoken = {name for path in sources for name in re.findall(r'client\(\s*"([a-z0-9]+)"', path.read_text("utf-8"))}

    assert spoken
    # pynamodb builds its own, Powertools those for secrets, and botocore that for roles.
    assert spoken | {"dynamodb", "secretsmanager", "ssm", "sts"} <= AWS_SERVICES
