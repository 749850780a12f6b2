"""README tells of every parameter, and of no other; the figures it and docs/measurements.md show were measured."""

from __future__ import annotations

import re
from pathlib import Path

from reprise_dev.local.deployment import Reading
from reprise_dev.measuring.figures import beyond_limits, read_figures, shown_in, table
from reprise_dev.measuring.highlights import MARK, highlights
from reprise_dev.measuring.marked_text import between

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def test_every_parameter_of_the_template_stands_in_the_table_of_the_readme(reading: Reading) -> None:
    deploying = README.read_text(encoding="utf-8").split("## Deploy")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in deploying.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(reading.written["Parameters"])


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
