"""What `sam build` made: complete by itself, compiled, and nothing in it that is not needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reprise_dev.building.artifacts import TIME_OF_EVERY_FILE
from reprise_dev.building.watched import FUNCTIONS, WatchedFunction
from reprise_dev.local.world import World


@pytest.fixture(scope="session")
def built(world: World) -> Path:
    return world.stack.built


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_a_function_needs_nothing_but_its_layers(world: World, built: Path, function: WatchedFunction) -> None:
    """Without site-packages, which on the emulator could stand in for something that a layer lacks."""
    folder = built / function.resource
    paths = [str(folder), str(built / "CoreLayer" / "python"), str(built / "DepsLayer" / "python")]
    variables = world.stack.emulator.client("lambda").get_function_configuration(
        FunctionName=world.stack[function.resource]
    )["Environment"]["Variables"]
    program = (
        f"import sys; sys.path[:0] = {paths!r}; from {function.name}.app import handler; print(handler.__module__)"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-E", "-W", "ignore", "-c", program],
        env={**variables, "AWS_DEFAULT_REGION": "us-east-1", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == f"{function.name}.app"


def test_every_module_has_its_bytecode(built: Path) -> None:
    tag = sys.implementation.cache_tag
    modules = list(built.rglob("*.py"))
    without = [path for path in modules if not (path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc").is_file()]

    assert len(modules) > 500
    assert without == []


def test_bytecode_knows_the_deployed_path_and_is_never_checked_against_the_source(built: Path) -> None:
    (compiled,) = (built / "CoreLayer" / "python" / "reprise" / "__pycache__").glob("config.*.pyc")
    data = compiled.read_bytes()
    unchecked_hash = 0b01

    assert int.from_bytes(data[4:8], "little") == unchecked_hash
    assert b"/opt/python/reprise/config.py" in data
    assert str(built).encode() not in data


def test_nothing_is_shipped_that_only_an_installer_needs(built: Path) -> None:
    assert not (built / "DepsLayer" / "python" / "bin").exists()
    assert list(built.rglob("RECORD")) == []
    assert {path.name for path in (built / "CoreLayer" / "python").iterdir()} == {"reprise"}


def test_times_are_the_same_in_every_build(built: Path) -> None:
    layer = built / "CoreLayer"

    assert {int(path.stat().st_mtime) for path in layer.rglob("*")} == {TIME_OF_EVERY_FILE}
