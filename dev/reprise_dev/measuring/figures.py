"""The measured figures: how one is written down, how docs/measurements.md shows them, and what none may exceed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reprise_dev.measuring.marked_text import between, with_between

# What stands in the markers in docs/measurements.md.
MARK = "figures"
# Figures called `calls of <whom>: <place>` make up a table of their own, a line for each whom.
CALLS = "calls of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ratio` is `value` to `baseline`; both are None where there is nothing to compare with. `how` says how it was
    measured, and what the baseline is.
    """

    name: str
    value: float
    unit: str
    how: str
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.baseline, 3) if self.baseline else None

    @property
    def line(self) -> str:
        document = asdict(self)
        ordered = ("name", "value", "unit", "baseline")
        return json.dumps({**{key: document[key] for key in ordered}, "ratio": self.ratio, "how": self.how})


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a figure may be; `of_ratio` limits its ratio instead of its value."""

    most: float
    of_ratio: bool = False

    def exceeded(self, figure: Figure) -> bool:
        measured = figure.ratio if self.of_ratio else figure.value
        return measured is None or measured > self.most


LIMITS = {
    "AWS calls for each unchanged playlist, uploaded": Limit(0),
    "AWS calls for each unchanged playlist, fetched": Limit(1),
    "calls of an unchanged playlist: server": Limit(1),
    "index of 50,000 songs, stored": Limit(3.0),
    "index of 50,000 songs, load": Limit(100.0),
    "1,000,000 songs, memory at its highest": Limit(1769),
    "import of sync": Limit(1.6, of_ratio=True),
    "import of dispatcher": Limit(1.3, of_ratio=True),
    "import of api": Limit(1.9, of_ratio=True),
    "import of notifier": Limit(1.5, of_ratio=True),
    "import of web": Limit(1.0, of_ratio=True),
}


def write_figures(path: Path, figures: Iterable[Figure]) -> None:
    path.write_text("".join(f"{figure.line}\n" for figure in figures), encoding="utf-8")


def read_figures(path: Path) -> tuple[Figure, ...]:
    """Raises `FileNotFoundError` when nothing was measured yet."""
    return tuple(_figure(line) for line in path.read_text(encoding="utf-8").splitlines() if line)


def _figure(line: str) -> Figure:
    document = json.loads(line)
    del document["ratio"]
    return Figure(**document)


def beyond_limits(figures: Sequence[Figure]) -> list[str]:
    """One sentence for each figure that is over its limit, or that is missing though it has one."""
    by_name = {figure.name: figure for figure in figures}
    found = []
    for name, limit in LIMITS.items():
        figure = by_name.get(name)
        if figure is None:
            found.append(f"{name}: not measured")
        elif limit.exceeded(figure):
            found.append(f"{name}: {_measured(figure)}, and the limit is {limit.most:g}")
    return found


def _measured(figure: Figure) -> str:
    ratio = f" ({figure.ratio:g} × the baseline)" if figure.ratio is not None else ""
    return f"{figure.value:g} {figure.unit}{ratio}"


def table(figures: Sequence[Figure]) -> str:
    """Both tables, as docs/measurements.md shows them."""
    calls = [figure for figure in figures if figure.name.startswith(CALLS)]
    others = [figure for figure in figures if figure not in calls]
    return "\n".join([*_calls_table(calls), "", *_others_table(others)])


def _calls_table(calls: Sequence[Figure]) -> Iterator[str]:
    names = [figure.name.removeprefix(CALLS).split(": ") for figure in calls]
    values = {(whose, place): figure.value for (whose, place), figure in zip(names, calls, strict=True)}
    places = list(dict.fromkeys(place for _, place in names))
    yield f"| calls in one tick | {' | '.join(places)} |"
    yield f"|---|{'--:|' * len(places)}"
    for whose in dict.fromkeys(whose for whose, _ in names):
        yield f"| {whose} | {' | '.join(f'{values[whose, place]:g}' for place in places)} |"


def _others_table(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| | measured | to the baseline | limit | how |"
    yield "|---|--:|--:|--:|---|"
    for figure in figures:
        limit = LIMITS.get(figure.name)
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2g} ×" if figure.ratio < 1 else f"{figure.ratio:.3g} ×"
        most = "" if limit is None else f"{limit.most:g} ×" if limit.of_ratio else f"{limit.most:g}"
        yield f"| {figure.name} | {figure.value:,g} {figure.unit} | {ratio} | {most} | {figure.how} |"


def shown_in(page: str) -> str | None:
    """What stands between the markers, None where there are none."""
    return between(page, MARK)


def with_table(page: str, figures: Sequence[Figure]) -> str:
    """The text with the table between its markers. Raises `ValueError` when it has none."""
    return with_between(page, MARK, table(figures))
