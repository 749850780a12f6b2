"""Planted imports: each wall fails for the import that it forbids."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for part in ("layers/core", "functions"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def verdict(house: Path) -> str:
    """The report of import-linter on the copy."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    paths = os.pathsep.join(str(house / part) for part in ("layers/core", "functions"))
    env = os.environ | {"PYTHONPATH": paths, "COLUMNS": "300"}
    return subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, check=False).stdout


def test_the_house_as_it_is_keeps_every_contract(house: Path) -> None:
    assert " 0 broken." in verdict(house)


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("sources/web/p.py", "import reprise.sources.files", "Sources are strangers to one another"),
        ("channels/email_ses/p.py", "import reprise.channels.email_smtp", "Channels are strangers to one another"),
        ("targets/other/__init__.py", "import reprise.targets.subsonic", "Targets are strangers to one another"),
        (
            "usecases/sync/p.py",
            "import reprise.usecases.notify",
            "The folders of use cases are strangers to one another",
        ),
        ("targets/subsonic/p.py", "import reprise.sources.web", "One direction"),
        ("domain/p.py", "import reprise.stores", "One direction"),
        ("http/p.py", "import reprise.sources", "One direction"),
        ("http/p.py", "import reprise.usecases", "One direction"),
        ("cellar/__init__.py", "", "One direction"),
        ("../../../functions/sync/p.py", "import notifier", "Functions are strangers to one another"),
    ],
)
def test_a_planted_import_breaks_its_contract(house: Path, file: str, line: str, contract: str) -> None:
    planted = (house / "layers/core/reprise" / file).resolve()
    made = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(line + "\n")
    try:
        said = verdict(house)
    finally:
        shutil.rmtree(planted.parent) if made else planted.unlink()
    assert contract in said.partition("Broken contracts")[2]
