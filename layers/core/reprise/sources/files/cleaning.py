"""Text from a stranger's file, made fit to store, to compare and to show.

Refused: NUL, the other C0 control characters and DEL, lone surrogates, text beyond its limit.
Removed: marks that nobody sees and that reorder or hide text (zero-width space, bidirectional controls, soft
hyphen, byte order mark, tag characters) and C1 controls, which only mis-decoded text has. The two joiners stay:
emoji, Persian and the Indic scripts are spelled with them.
Every run of white space, tabs and line breaks included, becomes one space.
"""

from __future__ import annotations

import re

from reprise.ports.sources import InvalidUpload

# Characters in a title, an artist or an album. The longest title in common catalogues has about 700.
TEXT_MAX = 1_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x80-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_JOINERS = str.maketrans("", "", "\u200c\u200d")
_LINE_BREAK = re.compile("\r\n|\n|\r")


def clean(text: str, where: str, *, limit: int = TEXT_MAX) -> str:
    """`text` without what must not be stored; "" when nothing visible is left. `limit` is in characters.

    Raises `InvalidUpload` naming `where`.
    """
    if found := _CONTROL.search(text):
        raise InvalidUpload(f"The text holds a control character ({_named(found)}).", where)
    if _SURROGATE.search(text):
        raise InvalidUpload("The text holds half of a character (an unpaired surrogate).", where)
    tidy = " ".join(_UNSEEN.sub("", text).split())
    if len(tidy) > limit:
        raise InvalidUpload(f"The text is {len(tidy):,} characters long; at most {limit:,} are accepted.", where)
    return tidy if tidy.translate(_JOINERS).strip() else ""


def refuse_control_characters(text: str) -> None:
    """Raises `InvalidUpload` naming the first line of `text` that holds a control character."""
    if found := _CONTROL.search(text):
        raise InvalidUpload(f"The line holds a control character ({_named(found)}).", line_at(text, found.start()))


def line_at(text: str, position: int) -> str:
    """ "line 3": where `position` is, for a person; the first line is line 1."""
    return f"line {sum(1 for _ in _LINE_BREAK.finditer(text, 0, position)) + 1}"


def lines_of(text: str) -> list[str]:
    """The lines of `text`, whatever system wrote it; not split at the other characters that Python calls breaks."""
    return _LINE_BREAK.split(text)


def quoted(text: str, limit: int = 40) -> str:
    """A piece of the file, short and harmless enough to be shown inside an error message."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[: limit * 4]).split())
    return f'"{shown[:limit]}…"' if len(shown) > limit else f'"{shown}"'


def _named(found: re.Match[str]) -> str:
    return f"U+{ord(found.group()):04X}"
