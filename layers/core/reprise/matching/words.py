"""A title's words in one spelling: short forms written out, part numbers as digits."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import OSA

from reprise.matching.fold import fold

# (written, meant, the case that asked for it)
SHORT_FORMS: Final = (
    ("pt", "part", "Shine On You Crazy Diamond, Pt. 2"),
    ("pts", "part", "Pts. 1 & 2"),
    ("parts", "part", "Parts I-V"),
    ("vol", "volume", "Vol. 2"),
    ("nr", "no", "Nr. 5"),
    ("number", "no", "Mambo Number 5"),
    ("n", "and", "Rock 'n' Roll"),
    ("und", "and", "Simon und Garfunkel, on a German sleeve"),
    ("u", "you", "Nothing Compares 2 U, I Would Die 4 U"),
    ("ur", "your", "Ur So Gay"),
    ("thru", "through", "Thru the Night"),
    ("til", "till", "'Til I Collapse"),
    ("ok", "okay", "I'm OK"),
    ("mister", "mr", "Mister Sandman"),
    ("versus", "vs", "Freddy Versus Jason"),
)
COUNTED: Final = frozenset({"part", "volume", "chapter", "act", "no", "book", "scene", "episode", "op"})
"""Words that a number follows, whether written 2, II or two."""

_SHORT: Final = {written: meant for written, meant, _ in SHORT_FORMS}
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
}  # fmt: skip
_ONE_LETTER: Final = 1
_COUNT: Final = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8"}
_AFFECTED: Final = frozenset({*_SHORT, *COUNTED, *(roman for roman in _ROMAN if len(roman) > _ONE_LETTER)})
"""Words without any of these are spelled out already."""
_NUMBER: Final = re.compile(r"\b[a-z]\d\d?\b|\d+")
"""Untitled A1 and Untitled C1 stand on two sides of a record."""
_LAST_LETTER: Final = re.compile(r"(?<= )[a-hivx]$")
"""The Lemon of Pink I, Vitamin C: what may be a part's number is no slip."""


def fold_title(text: str) -> str:
    """`text` folded, its short forms written out: "Pt. II" is "part 2", "Rocky III" is "rocky 3"."""
    return spelled_out(fold(text))


def spelled_out(words: str) -> str:
    """`fold_title` for words already folded."""
    written = words.split()
    if _AFFECTED.isdisjoint(written):
        return words
    spelled: list[str] = []
    for word in written:
        if spelled and spelled[-1] in COUNTED:
            word = _ROMAN.get(word) or _COUNT.get(word, word)
        elif spelled and len(word) > _ONE_LETTER:
            word = _ROMAN.get(word, word)
        spelled.append(_SHORT.get(word, word))
    return " ".join(spelled)


def numbers(folded: str) -> tuple[str, ...]:
    """The numbers in a folded title, sorted, no leading zeros. They must agree: parts and opus numbers are names.

    A letter at its end counts as one, and so does a letter with the number it stands before.
    """
    found = _NUMBER.findall(folded) + _LAST_LETTER.findall(folded)
    return tuple(sorted([number.lstrip("0") or "0" for number in found]))


def is_number(word: str) -> bool:
    """Whether a folded word is a number and nothing else, in digits or Roman ones."""
    return word.isdigit() or word in _ROMAN


def slipped_in_letters(one: str, other: str, share: float = 1 / 3) -> bool:
    """Whether two folded texts differ by slips: "Shake It Off" and "Shake It Out", Johnny Cash and Johnny Bush differ
    in a word, not in letters. Texts of different numbers of words are given the benefit.

    `share` of a word's letters may differ, and one always.
    """
    if one.count(" ") != other.count(" "):
        return True
    pairs = zip(one.split(), other.split(), strict=True)
    return all(a == b or OSA.distance(a, b) <= max(1, int(min(len(a), len(b)) * share)) for a, b in pairs)


def contains(one: str, other: str) -> bool:
    """Whether the words of one folded text stand, in a row, in the other."""
    if len(one) > len(other):
        one, other = other, one
    return bool(one) and one in other and f" {one} " in f" {other} "
