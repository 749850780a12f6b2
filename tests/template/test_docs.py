"""What the pages in docs/ say of the code is there: files, links, requirement ids, decisions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers" / "core" / "reprise"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
REQUIREMENTS = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))

# "S0-02", "S1x-82", "S0-W2"; and a range of them: "`S1x-82`…`84`", "S0x-01…S0x-03".
ID = re.compile(r"\b(S\d+x?-W?)(\d+)`?(?:…`?(?:S\d+x?-W?)?(\d+))?")
STATUS = re.compile(r"\*(\d{4}-\d\d-\d\d)(?:, amended \d{4}-\d\d-\d\d)? · (.+)\*")


def ids_in(text: str) -> Iterator[str]:
    for prefix, first, last in ID.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{prefix}{number:02d}" if "W" not in prefix else f"{prefix}{number}"


def rows_of(page: str) -> list[list[str]]:
    """The cells of every row of the page's tables that begins with an id."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| S")
    ]


def files_that_name_requirements() -> list[Path]:
    folders = [ROOT / name for name in ("layers", "functions", "dev", "tests", "benchmarks")]
    inside = [path for folder in folders for kind in ("*.py", "*.html", "*.txt") for path in folder.rglob(kind)]
    return [ROOT / "template.yaml", *inside]


def test_a_range_of_ids_is_every_one_of_them() -> None:
    assert list(ids_in("`S1x-82`…`84`, S0x-01…S0x-02, S0-W2")) == [
        "S1x-82",
        "S1x-83",
        "S1x-84",
        "S0x-01",
        "S0x-02",
        "S0-W2",
    ]


def test_every_requirement_that_is_named_is_in_the_table() -> None:
    told = {each for row in rows_of(REQUIREMENTS) for each in ids_in(row[0])}
    named: dict[str, str] = {}
    for path in files_that_name_requirements():
        if path != Path(__file__):
            named |= dict.fromkeys(ids_in(path.read_text(encoding="utf-8", errors="ignore")), path.name)

    assert len(named) > 80, "ids are found at all"
    assert {each: where for each, where in named.items() if each not in told} == {}


def test_no_requirement_stands_in_the_table_twice() -> None:
    counted = Counter(each for row in rows_of(REQUIREMENTS) for each in ids_in(row[0]))

    assert [each for each, times in counted.items() if times > 1] == []


def test_what_a_requirement_is_said_to_be_met_by_is_there() -> None:
    met = [row for row in rows_of(REQUIREMENTS) if len(row) == 4]

    assert len(met) > 60
    for _, _, where, test in met:
        path = where.strip("`")
        assert (CORE / path).is_file() or (ROOT / path).is_file(), path
        assert (ROOT / test.strip("`")).is_file(), test


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://")):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), target
        assert not anchor or anchor in anchors_of(found), target


def test_every_decision_has_a_date_and_a_status_and_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    expected = []
    for number, path in enumerate(DECISIONS, start=1):
        title, _, status, *_ = path.read_text(encoding="utf-8").splitlines()
        found = STATUS.fullmatch(status)
        assert found, f"{path.name}: the third line is “*date · status*”"
        assert title.startswith(f"# {number}. ")
        name, state = title.split(". ", 1)[1], re.split("[;,]", found[2])[0]
        expected.append(f"| [{number}]({path.name}) | {name} | {found[1]} | {state} |")

    assert [line for line in index.splitlines() if line.startswith("| [")] == expected


def test_every_invariant_that_is_named_is_in_the_list() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = re.findall(r"^(\d+)\. ", page.split("## What must always hold")[1].split("\n## ")[0], re.MULTILINE)
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in files_that_name_requirements()]
    named = {number for text in texts for number in re.findall(r"\(invariant (\d+)\)", text)}

    assert len(named) > 5
    assert named <= set(told)


def test_every_topic_of_the_routes_is_listed() -> None:
    listed = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("The topics are")[1].split(". ")[0]
    topics = {path.stem for path in (ROOT / "functions" / "api" / "routes").glob("[a-z]*.py")}

    assert set(re.findall(r"`(\w+)`", listed)) == topics


# Pages that say where things are: what stands there in code quotes and looks like a path of ours is one.
WAYS = [ROOT / "CONTRIBUTING.md", *(ROOT / "docs" / name for name in ("architecture.md", "adding-a-source.md"))]
WAYS += [ROOT / "docs" / "adding-a-channel.md"]


@pytest.mark.parametrize("page", WAYS, ids=lambda path: path.name)
def test_files_that_are_named_are_there(page: Path) -> None:
    missing = []
    for quoted in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text(encoding="utf-8")):
        path = quoted.rstrip("/")
        if not any(each.exists() for each in (ROOT / path, CORE / path)):
            missing.append(quoted)

    assert missing == []
