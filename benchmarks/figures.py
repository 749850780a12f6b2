"""Measures what docs/measurements.md shows, one JSON line a figure, in benchmarks/results.jsonl.

    python benchmarks/figures.py            measure; ends with 1 when a figure is over its limit
    python benchmarks/figures.py --write    put what was measured last into docs/measurements.md and README
    python benchmarks/figures.py --check    end with 1 when one of them shows anything else

What takes processor time is measured in seconds of this process, less what the doubles of AWS and of the music server
took; what is imported, out of a build for this machine.
"""

from __future__ import annotations

import argparse
import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

from calls import call_figures, many_figures, stored_figures
from imports import import_figures
from library import index_figures, playlist_figures
from million import million_figures
from reprise_dev.building.environments import ROOT
from reprise_dev.measuring.figures import (
    Figure,
    beyond_limits,
    read_figures,
    shown_in,
    table,
    with_table,
    write_figures,
)
from reprise_dev.measuring.highlights import MARK, highlights
from reprise_dev.measuring.marked_text import between, with_between

logging.disable(logging.WARNING)  # here, for the processes it starts import this file, too

RESULTS = Path(__file__).with_name("results.jsonl")
PAGE = ROOT / "docs" / "measurements.md"
README = ROOT / "README.md"
PARTS: tuple[Callable[[], Iterator[Figure]], ...] = (
    call_figures,
    many_figures,
    stored_figures,
    playlist_figures,
    index_figures,
    million_figures,
    import_figures,
)


def measure() -> int:
    """Every part in turn. Returns the exit status."""
    figures: list[Figure] = []
    for part in PARTS:
        with redirect_stdout(io.StringIO()):  # where the handlers put their metrics
            measured = list(part())
        figures += measured
        for figure in measured:
            print(figure.line, flush=True)
    write_figures(RESULTS, figures)
    beyond = beyond_limits(figures)
    for sentence in beyond:
        print(sentence, file=sys.stderr)
    return 1 if beyond else 0


def write() -> None:
    """Both pages, between their markers."""
    figures = read_figures(RESULTS)
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    readme = with_between(README.read_text(encoding="utf-8"), MARK, highlights(figures))
    README.write_text(readme, encoding="utf-8")


def check() -> int:
    """Whether both pages show what was measured last. Returns the exit status."""
    figures = read_figures(RESULTS)
    in_page = shown_in(PAGE.read_text(encoding="utf-8")) == table(figures)
    if in_page and between(README.read_text(encoding="utf-8"), MARK) == highlights(figures):
        return 0
    print("the pages do not show benchmarks/results.jsonl: run benchmarks/figures.py --write", file=sys.stderr)
    return 1


def main() -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    for name in ("write", "check"):
        what.add_argument(f"--{name}", action="store_true")
    chosen = parser.parse_args()
    if chosen.write:
        write()
        return 0
    return check() if chosen.check else measure()


if __name__ == "__main__":
    sys.exit(main())
