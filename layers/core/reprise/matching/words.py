"""A title's words in one spelling: short forms written out, part numbers as digits."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import OSA

from reprise.matching.censored import written_out
from reprise.matching.fold import fold

# (written, meant, the case that asked for it)
SHORT_FORMS: Final = (
    ("pt", "part", "Shine On You Crazy Diamond, Pt. 2"),
    ("pts", "part", "Pts. 1 & 2"),
    ("parts", "part", "Parts I-V"),
    ("vol", "volume", "Vol. 2"),
    ("n", "and", "Rock 'n' Roll"),
    ("und", "and", "Simon und Garfunkel, on a German sleeve"),
    ("u", "you", "Nothing Compares 2 U, I Would Die 4 U"),
    ("ur", "your", "Ur So Gay"),
    ("thru", "through", "Thru the Night"),
    ("til", "till", "'Til I Collapse"),
    ("ok", "okay", "I'm OK"),
    ("mister", "mr", "Mister Sandman"),
    ("versus", "vs", "Freddy Versus Jason"),
    ("et", "and", "Les Fleurs et le Vent"),
    ("y", "and", "Corazón y Alma"),
    ("och", "and", "Du och jag"),
    ("og", "and", "Dag og natt"),
    ("st", "saint", "St. Pablo"),
    ("mt", "mount", "Mt. Everest"),
    ("sgt", "sergeant", "Sgt. Rock"),
    ("doctor", "dr", "Doctor Jones"),
    ("missus", "mrs", "Missus Robinson"),
    ("bros", "brothers", "Bros. in Arms"),
    ("jnr", "jr", "Sidewalk Jnr."),
    ("cause", "because", "'Cause You're Young"),
    ("cuz", "because", "Cuz I Can"),
    ("coz", "because", "Coz I Luv You"),
    ("luv", "love", "Luv Me Do"),
    ("nite", "night", "Saturday Nite"),
    ("tonite", "tonight", "Tonite"),
    ("lite", "light", "Lite My Fire"),
    ("1st", "first", "The 1st Time"),
    ("2nd", "second", "2nd Hand News"),
    ("3rd", "third", "3rd Eye"),
    ("4th", "fourth", "4th of July"),
    ("5th", "fifth", "5th Avenue"),
)
# Words that a number follows, whether written 2, II or two.
COUNTED: Final = frozenset({"part", "volume", "chapter", "act", "no", "book", "scene", "episode", "op"})

_SHORT: Final = {written: meant for written, meant, _ in SHORT_FORMS} | {"nr": "no", "number": "no"}
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
}  # fmt: skip
_ONE_LETTER: Final = 1
_COUNT: Final = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
}
# One letter beside another is an abbreviation spelled with gaps: U S A, T N T.
_INITIALS: Final = frozenset({"u", "n", "y"})
# Words without any of these are spelled out already.
_AFFECTED: Final = frozenset({*_SHORT, *COUNTED, *(roman for roman in _ROMAN if len(roman) > _ONE_LETTER)})
# Untitled A1 and Untitled C1 stand on two sides of a record.
_NUMBER: Final = re.compile(r"\b[a-z]\d\d?\b|\d+")
# A text without any of these is written plainly.
_SIGNS: Final = re.compile(r"[*#@]|--|[a-z]_[a-z]|\b[ivx]+\.\s|\b(?:movement|mvt|mov|satz|mouvement)\b", re.IGNORECASE)
# Love Potion #9.
_NUMBER_SIGN: Final = re.compile(r"#\s?(?=\d)")
# Op. 67: 1st movement: Allegro con brio.
_MOVEMENT: Final = re.compile(
    r"\b(?:(\d|[ivx]+)(?:st|nd|rd|th|\.)?\s(?:movement|mvt|mov|satz|mouvement)\b|(?:movement|mvt|mov|satz"
    r"|mouvement)\b\.?\s(\d|[ivx]+)\b)[.:]?",
    re.IGNORECASE,
)
# Op. 67: I. Allegro con brio; Op. 67: 1. Allegro con brio.
_HEADING: Final = re.compile(r"((?:^|[:,-])\s*)([ivx]+)\.\s", re.IGNORECASE)
# The Lemon of Pink I, Vitamin C: what may be a part's number is no slip.
_LAST_LETTER: Final = re.compile(r"(?<= )[a-hivx]$")


def fold_title(text: str) -> str:
    """`text` folded, its short forms written out: "Pt. II" is "part 2", "Rocky III" is "rocky 3", "No. 5" is "5"."""
    if _SIGNS.search(text):
        text = _plainly(text)
    return spelled_out(fold(text))


def _plainly(text: str) -> str:
    """`text` with masks, number signs and movements in words and digits."""
    text = written_out(text)
    text = _NUMBER_SIGN.sub(" no ", text)
    text = _MOVEMENT.sub(lambda found: f" {_digits(found[1] or found[2])} ", text)
    return _HEADING.sub(lambda found: f"{found[1]}{_digits(found[2])} ", text)


def _digits(number: str) -> str:
    return _ROMAN.get(number.lower(), number)


def spelled_out(words: str) -> str:
    """`fold_title` for words already folded."""
    written = words.split()
    if _AFFECTED.isdisjoint(written):
        return words
    spelled: list[str] = []
    for place, word in enumerate(written):
        if spelled and spelled[-1] in COUNTED:
            word = _ROMAN.get(word) or _COUNT.get(word, word)
        elif spelled and len(word) > _ONE_LETTER:
            word = _ROMAN.get(word, word)
        if word in _INITIALS and _abbreviates(written, place):
            spelled.append(
                "no" if word == "n" and written[place + 1 : place + 2] and written[place + 1].isdigit() else word
            )
            continue
        if spelled and spelled[-1] == "no" and word.isdigit():
            spelled.pop()  # "No. 5" and "5" are one; what is left tells "no" the word
        spelled.append(_SHORT.get(word, word))
    return " ".join(spelled)


def _abbreviates(written: list[str], place: int) -> bool:
    """Whether the letter at `place` is no word: beside another one (U S A), at an end (Y), or before a number."""
    beside = written[max(0, place - 1) : place] + written[place + 1 : place + 2]
    return any(len(word) == _ONE_LETTER and word.isalpha() for word in beside) or (
        written[place] != "u" and (len(beside) < 2 or beside[1].isdigit())
    )


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
