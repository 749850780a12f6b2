"""What Reprise costs a month, from what benchmarks/figures.py measured and AWS's list prices.

python benchmarks/costs.py            print the tables
python benchmarks/costs.py --write    put them into docs/operations.md, between their markers
python benchmarks/costs.py --check    end with 1 when that page shows anything else
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from reprise_dev.building.environments import ROOT
from reprise_dev.measuring.costs import MARK, tables
from reprise_dev.measuring.figures import read_figures
from reprise_dev.measuring.marked_text import between, with_between

RESULTS = Path(__file__).with_name("results.jsonl")
PAGE = ROOT / "docs" / "operations.md"


def main() -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    for name in ("write", "check"):
        what.add_argument(f"--{name}", action="store_true")
    chosen = parser.parse_args()
    made = tables(read_figures(RESULTS))
    if not (chosen.write or chosen.check):
        print(made)
        return 0
    page = PAGE.read_text(encoding="utf-8")
    if chosen.write:
        PAGE.write_text(with_between(page, MARK, made), encoding="utf-8")
    elif between(page, MARK) != made:
        print("docs/operations.md does not show these costs: run benchmarks/costs.py --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
