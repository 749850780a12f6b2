"""README tells of every parameter, and of no other; the figures it and docs/measurements.md show were measured."""

from __future__ import annotations

import re
from pathlib import Path

from reprise.matching.policy import DEFAULT_THRESHOLD
from reprise_dev.local.deployment import Reading
from reprise_dev.measuring.figures import beyond_limits, read_figures, shown_in, table
from reprise_dev.measuring.highlights import MARK, highlights
from reprise_dev.measuring.marked_text import between

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DEPLOYING = README.read_text(encoding="utf-8").split("## Deploy")[1].split("\n## ")[0]
# By the parameters that stand in a row together: what else the row says.
ROWS = {
    tuple(re.findall(r"`(\w+)`", line.split("|")[1])): line.split("|", 2)[2]
    for line in DEPLOYING.splitlines()
    if line.startswith("| `")
}


def _tells(row: str, value: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", row) is not None


def test_every_parameter_of_the_template_stands_in_the_table_of_the_readme(reading: Reading) -> None:
    assert sorted(name for names in ROWS for name in names) == sorted(reading.written["Parameters"])


def test_the_table_tells_every_default_and_every_value_that_is_allowed(reading: Reading) -> None:
    untold = []
    for names, row in ROWS.items():
        for name in names:
            parameter = reading.written["Parameters"][name]
            values = {str(each) for each in (parameter.get("Default", ""), *parameter.get("AllowedValues", []))}
            untold += [(name, value) for value in values if not _tells(row, value)]

    assert untold == []
    assert ROWS["MatchThreshold",].startswith(f" {DEFAULT_THRESHOLD} |"), "empty in the template: the code's own"


def test_the_figures_are_those_measured_last_and_within_their_limits() -> None:
    measured = read_figures(ROOT / "benchmarks" / "results.jsonl")
    page = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")

    assert shown_in(page) == table(measured), "run benchmarks/figures.py --write"
    assert beyond_limits(measured) == []


def test_the_few_figures_of_the_readme_are_those_measured_last() -> None:
    measured = read_figures(ROOT / "benchmarks" / "results.jsonl")

    assert between(README.read_text(encoding="utf-8"), MARK) == highlights(measured), (
        "run benchmarks/figures.py --write"
    )
