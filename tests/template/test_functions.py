"""There is one list of functions (`reprise_dev.building.watched`), and all that has to name functions names those."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reprise_dev.building.template_reading import Template
from reprise_dev.building.watched import FUNCTIONS
from reprise_dev.measuring.figures import LIMITS

ROOT = Path(__file__).parents[2]
NAMES = {each.name for each in FUNCTIONS}


def test_the_list_is_that_of_the_template_and_of_the_folders(translated: Template) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}

    assert {each.resource for each in FUNCTIONS} == set(translated.of_type("AWS::Lambda::Function"))
    assert folders == NAMES


def test_every_tool_that_is_told_of_functions_is_told_of_all() -> None:
    """A list that holds one function on purpose is about that function; one that holds two is about all."""
    told = _lists(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))
    about_all = [each for each in told if len(NAMES & set(each)) > 1]

    assert about_all, "ruff, mypy, coverage, import-linter and deptry"
    assert [NAMES - set(each) for each in about_all] == [set()] * len(about_all)


def test_the_import_of_every_function_has_its_limit() -> None:
    assert {name.removeprefix("import of ") for name in LIMITS if name.startswith("import of ")} == NAMES


def _lists(value: Any) -> Iterator[list[Any]]:  # Any: TOML
    if isinstance(value, dict):
        for each in value.values():
            yield from _lists(each)
    elif isinstance(value, list):
        strings = [each for each in value if isinstance(each, str)]
        yield strings
        for each in value:
            yield from _lists(each)
