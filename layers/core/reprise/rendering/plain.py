"""Text from outside, made fit to stand in one line of a mail: no line breaks, no controls, no reversed reading."""

from __future__ import annotations

import unicodedata

# So many characters of a name are shown; enough to recognise a playlist by.
NAME_SHOWN = 120

_JOINERS = {"\u200c", "\u200d"}  # part of the spelling of Persian and of many emoji; they hide nothing
_SPACE_LIKE = {"Cc", "Zl", "Zp", "Zs"}
_DROPPED = {"Cf", "Cs", "Co", "Cn"}  # bidi overrides, zero-width and unassigned characters, lone surrogates


def one_line(text: str, *, limit: int = NAME_SHOWN) -> str:
    """`text` on one line, at most `limit` characters long; "(untitled)" when nothing visible is left."""
    kept = "".join(_shown(character) for character in text)
    line = " ".join(kept.split())
    if not line.strip("".join(_JOINERS) + " "):
        return "(untitled)"
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACE_LIKE:
        return " "
    if category in _DROPPED and character not in _JOINERS:
        return ""
    return character
