"""What a person sees of the run."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

ERASE_LINE = "\r\x1b[K"


class Terminal:
    """Writes lines; on a real terminal also a last line that changes. Everywhere else only finished lines."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._live = self._out.isatty()

    def say(self, text: str = "") -> None:
        if self._live:
            self._out.write(ERASE_LINE)
        self._out.write(f"{text}\n")
        self._out.flush()

    def heading(self, text: str) -> None:
        self.say()
        self.say(self._bold(text))

    def moving(self, text: str) -> None:
        """Replace the last line; nothing where the output is no terminal."""
        if self._live:
            self._out.write(ERASE_LINE + clipped(text, 100))
            self._out.flush()

    def seen(self, text: str, good: bool) -> None:
        self.say(f"  {'✓' if good else '✗'} {text}")

    @contextmanager
    def step(self, what: str) -> Iterator[list[str]]:
        """One thing that takes time: its name while it runs, then the seconds and what was appended to the list."""
        began = time.monotonic()
        self.moving(f"  … {what}")
        notes: list[str] = []
        yield notes
        note = f"  {'; '.join(notes)}" if notes else ""
        self.say(f"  ✓ {padded(what, 44)} {time.monotonic() - began:5.1f} s{note}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns as wide as they need to be; what looks like a number stands right."""
        widths = [max(width(line[column]) for line in [head, *rows]) for column in range(len(head))]
        for number, line in enumerate([head, *rows]):
            cells = [padded(cell, widths[c], right=number > 0 and is_number(cell)) for c, cell in enumerate(line)]
            text = "  ".join(cells).rstrip()
            self.say(f"  {self._bold(text) if number == 0 else text}")

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._live else text


def is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).isdecimal()


def width(text: str) -> int:
    """Columns that a text takes on a terminal: two for wide characters, none for combining ones."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    gap = " " * max(0, columns - width(text))
    return gap + text if right else text + gap


def clipped(text: str, columns: int) -> str:
    """The beginning of a text that fits."""
    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text + "…"
