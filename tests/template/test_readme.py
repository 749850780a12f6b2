"""README tells of every parameter, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from reprise_dev.local.deployment import Reading

README = Path(__file__).parents[2] / "README.md"


def test_every_parameter_of_the_template_stands_in_the_table_of_the_readme(reading: Reading) -> None:
    deploying = README.read_text(encoding="utf-8").split("## Deploy")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in deploying.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(reading.written["Parameters"])
