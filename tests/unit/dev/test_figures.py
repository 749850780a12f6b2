"""The figures of docs/measurements.md: written, read, held to their limits, and shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reprise_dev.measuring.figures import (
    CALLS,
    LIMITS,
    Figure,
    beyond_limits,
    read_figures,
    shown_in,
    table,
    with_table,
    write_figures,
)

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
IMPORT = Figure(name="import of sync", value=240, unit="ms", baseline=160, how="CPU")
STORED = Figure(name="index of 50,000 songs, stored", value=2.5, unit="MB", how="bytes")
CALL = Figure(name=f"{CALLS}an unchanged playlist: server", value=1, unit="calls", baseline=6, how="counted")
FIGURES = (CALL, STORED, IMPORT)
PAGE = f"# Reprise\n\n{BEGIN}\nold\n{END}\n\nrest\n"


def test_each_figure_is_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write_figures(path, FIGURES)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [list(line) for line in lines] == [["name", "value", "unit", "baseline", "ratio", "how"]] * 3
    assert [line["ratio"] for line in lines] == [0.167, None, 1.5]
    assert read_figures(path) == FIGURES


def test_a_limit_is_of_the_value_or_of_the_ratio() -> None:
    at_its_limit = [
        Figure(name=name, value=limit.most, unit="", baseline=1 if limit.of_ratio else None, how="")
        for name, limit in LIMITS.items()
    ]
    assert beyond_limits(at_its_limit) == []
    for position, figure in enumerate(at_its_limit):
        more = Figure(name=figure.name, value=figure.value * 1.01 + 0.01, unit="", baseline=figure.baseline, how="")
        (sentence,) = beyond_limits([*at_its_limit[:position], more, *at_its_limit[position + 1 :]])
        assert sentence.startswith(figure.name)


def test_a_figure_that_was_not_measured_is_over_its_limit() -> None:
    assert len(beyond_limits([])) == len(LIMITS)
    assert "import of sync: not measured" in beyond_limits([])


def test_a_ratio_that_is_not_there_is_over_its_limit() -> None:
    alone = Figure(name="import of sync", value=1, unit="ms", how="")
    assert any(sentence.startswith("import of sync: 1 ms") for sentence in beyond_limits([alone]))


def test_the_table_shows_every_figure() -> None:
    shown = table(FIGURES)
    assert "| an unchanged playlist | 1 |" in shown
    assert "| index of 50,000 songs, stored | 2.5 MB |  | 3 | bytes |" in shown
    assert "| import of sync | 240 ms | 1.5 × | 1.6 × | CPU |" in shown


def test_the_table_goes_between_its_markers_and_nowhere_else() -> None:
    written = with_table(PAGE, FIGURES)
    assert shown_in(written) == table(FIGURES)
    assert written.startswith(f"# Reprise\n\n{BEGIN}\n")
    assert written.endswith(f"\n{END}\n\nrest\n")
    assert with_table(written, FIGURES) == written
    assert shown_in(with_table(written, (STORED, CALL))) != table(FIGURES)


@pytest.mark.parametrize("page", ["", "# Reprise", f"{BEGIN}\nno end", f"no beginning\n{END}"])
def test_without_both_markers_nothing_is_written(page: str) -> None:
    assert shown_in(page) is None
    with pytest.raises(ValueError, match="figures"):
        with_table(page, FIGURES)
