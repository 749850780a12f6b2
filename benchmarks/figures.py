"""Measures what README claims, one JSON line a figure, in benchmarks/results.jsonl.

    python benchmarks/figures.py            measure; ends with 1 when a figure is over its limit
    python benchmarks/figures.py --table    print README's table of what was measured last
    python benchmarks/figures.py --write    put that table into README, between its markers
    python benchmarks/figures.py --check    end with 1 when README shows anything else

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

logging.disable(logging.WARNING)  # here, for the processes it starts import this file, too

RESULTS = Path(__file__).with_name("results.jsonl")
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


def check() -> int:
    """Whether README shows what was measured last. Returns the exit status."""
    if shown_in(README.read_text(encoding="utf-8")) == table(read_figures(RESULTS)):
        return 0
    print("README does not show benchmarks/results.jsonl: run benchmarks/figures.py --write", file=sys.stderr)
    return 1


def main() -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    for name in ("table", "write", "check"):
        what.add_argument(f"--{name}", action="store_true")
    chosen = parser.parse_args()
    if chosen.table:
        print(table(read_figures(RESULTS)))
        return 0
    if chosen.write:
        README.write_text(with_table(README.read_text(encoding="utf-8"), read_figures(RESULTS)), encoding="utf-8")
        return 0
    return check() if chosen.check else measure()


if __name__ == "__main__":
    sys.exit(main())
