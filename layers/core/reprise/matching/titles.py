"""Takes a title apart: the song's own name, the head, and the tails around it (`tails`). Also reads album names.

Texts here are lower-case ASCII with their punctuation (`fold.to_ascii`), except those called `raw`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from reprise.matching.artists import Credit, folded_key, people
from reprise.matching.fold import compact, fold, is_blank, to_ascii
from reprise.matching.languages import in_english
from reprise.matching.tails import MARK, SECOND_SONG, Kind, opens_guests, read_tail
from reprise.matching.versions import take
from reprise.matching.words import contains, fold_title

# A name of that many letters is too short to be recognised inside other text.
SHORT_NAME: Final = 3

# A title without any of this is all name.
_STRUCTURE: Final = re.compile(
    r"[()\[\]{}|:~]|\s[-/]+\s|_(?<=\w_)\s|\b(?:feat|ft|featuring|part|pt|lyrics?|video|audio|clip|songtext|letra|paroles"
    r"|sanat|sozleri|hd|hq|4k|\d{3,4}p)\b"
)
_CUT: Final = re.compile(r"([()\[\]{}]|\s-+\s|\s*~+\s*|\s\|+(?=\s|$)|\|+(?=\s|$)|\s/+\s)")
_OPENING, _CLOSING, _DASHES = "([{", ")]}", " -|/~"
# Stay feat. Mikky Ekko, without brackets; but 6 ft. Under keeps its feet.
_INLINE_GUESTS: Final = re.compile(r"\s(?<=[^\s\d]\s)\s*(?:feat|ft|featuring)\b\.?\s+(?=\S)")
# Another Brick in the Wall (Part 2): a number is part of the name.
_PART: Final = re.compile(
    r"\W*(?:part|pt|pts|parts|vol|volume|chapter|act|no|number|book|scene|episode)\b\W*(?:\d+\w?|[ivx]+|one|two|three|four|five)"
    r"(?:\W+(?:and|&)?\W*(?:\d+|[ivx]+))*\W*"
)
# Champagne Supernova lyrics HD: uploads leave the brackets out.
_PACKAGING_END: Final = re.compile(
    r"\s+(?:(?:the )?(?:official|officiel|oficial|offizielles?|ufficiale) (?:(?:hd|4k|music|lyrics?) )*"
    r"(?:video|audio|clip|musikvideo|videoclip|mv)"
    r"|(?:with |\+ |& )?lyrics?(?: video)?|(?:music|fan ?made) video|songtext|(?:con |con la )?letra"
    r"|paroles|sanat|sozleri|videoclip|hd|hq|4k|\d{3,4}p)\W*$"
)


class Title(NamedTuple):
    """`head` is the song's name, compact; `words` the same, gaps kept; `signature` the tails, for `tails.details`."""

    head: str
    words: str
    signature: str


class Anatomy(NamedTuple):
    """A title cut at its dashes (`parts`) and brackets (`tails`)."""

    parts: tuple[str, ...]
    tails: tuple[str, ...]


class Album(NamedTuple):
    """An album's name as compared, without and with its brackets, and whether it is a concert. `key` "": unknown."""

    key: str
    full: str
    live: bool


NO_ALBUM: Final = Album("", "", live=False)
# Live at Leeds, Alchemy: Live, MTV Unplugged; and bootlegs filed by date, "1977-05-08: Ithaca".
_CONCERT: Final = re.compile(
    r"\b(?:live\b(?= (?:at|in|from|on|\d)|\W*$|[\])])|in concert\b|unplugged\b|en vivo\b|ao vivo\b|en directo\b"
    r"|^\d{4}-\d\d-\d\d\b)"
)


# What half of all sources leave out in front of a name: The Sound of Silence.
ARTICLES: Final = ("the ", "a ", "an ", "les ", "der ", "das ", "el ", "los ", "las ", "le ", "la ", "il ")


def title_text(raw: str) -> str:
    """A title in lower-case ASCII, its takes in English."""
    return to_ascii(raw if raw.isascii() else in_english(raw))


def head_of(words: str) -> str:
    """The key of a name: its folded words without an article in front and without gaps."""
    if words.startswith(ARTICLES):
        bare = words.partition(" ")[2]
        words = bare if len(bare) > 1 else words
    return compact(words)


def has_structure(text: str) -> bool:
    """Whether a title has more to it than a name."""
    return _STRUCTURE.search(text) is not None


def dissect(text: str) -> Anatomy:
    """Cuts a title. Brackets may nest or never close; one that opens the name or counts parts stays in the name."""
    parts: list[str] = [""]
    tails: list[str] = []
    pending, depth = "", 0
    for piece in filter(None, _CUT.split(text)):
        if piece in _OPENING:
            depth += 1
            pending += " " if depth > 1 else ""
        elif piece in _CLOSING:
            depth = max(0, depth - 1)
            if not depth:
                _place(pending, parts, tails)
                pending = ""
        elif depth:
            pending += piece
        else:
            _extend(parts, piece)
    _place(pending, parts, tails)
    return _trimmed(parts, tails)


def _extend(parts: list[str], piece: str) -> None:
    if piece.strip(_DASHES):
        parts[-1] = f"{parts[-1]} {piece}" if parts[-1].strip(SECOND_SONG) else f"{parts[-1]}{piece}"
    elif piece.strip():
        parts.append(SECOND_SONG if piece.strip() == "/" and len(parts) == 1 else "")


def _place(group: str, parts: list[str], tails: list[str]) -> None:
    """Puts a bracket where it belongs."""
    if not group:
        return
    if not parts[-1].strip(f" {SECOND_SONG}") and read_tail(group.strip()).kind is Kind.SUBTITLE:
        parts[-1] = group.strip()
    elif _PART.fullmatch(group):
        parts[-1] = f"{parts[-1]} {group}"
    elif " - " in group and opens_guests(group):
        tails.extend(group.split(" - "))
    else:
        tails.append(group)


def _trimmed(parts: list[str], tails: list[str]) -> Anatomy:
    named: list[str] = []
    for part in parts:
        name = part.strip()
        if guests := _INLINE_GUESTS.search(name):
            tails.append(f"feat {name[guests.end() :]}")
            name = name[: guests.start()]
        while packaging := _PACKAGING_END.search(name):  # "Official Video HD" goes word by word
            name = name[: packaging.start()]
        if named and _PART.fullmatch(name):
            named[-1] = f"{named[-1]} {name}"
        elif not is_blank(name):
            named.append(name)
    return Anatomy(tuple(named), tuple([tail.strip() for tail in tails if not is_blank(tail)]))


def whole_title(text: str, raw: str) -> Title:
    """A title that is all name."""
    words = fold_title(text) or fold(raw)
    return Title(head_of(words), words, "")


def made_title(head: str, tails: tuple[str, ...]) -> Title:
    """A title of a name and tails."""
    words = fold_title(head)
    return Title(head_of(words), words, MARK.join(tails))


def library_title(raw: str, credit: Credit) -> Title:
    """A library track's title. An artist in front of it goes, if the credit says so too."""
    text = title_text(raw)
    if not has_structure(text):
        return whole_title(text, raw)
    parts, tails = dissect(text)
    if len(parts) > 1 and names(parts[0], credit):
        parts = parts[1:]
    return made_title(parts[0], (*parts[1:], *tails)) if parts else whole_title(text, raw)


def names(text: str, credit: Credit) -> bool:
    """Whether `text` is the credit, one of the people in it, or some of them in a row."""
    words = fold(text)
    key = folded_key(words)
    if not key or not credit.full:
        return False
    named = key in credit.names or (len(key) > SHORT_NAME and key in credit.guests)
    if not named and len(key) > SHORT_NAME:
        named = contains(credit.words, words) or all(name in credit.full for name in people(text) or (key,))
    return named and take(words) is None  # "In the Style of Oasis" is a take


@lru_cache(maxsize=1 << 12)
def read_album(raw: str) -> Album:
    """An album's name, read."""
    text = to_ascii(in_english(raw, whole=True))
    words = fold_title(text)
    full = compact(words) or compact(fold(raw))
    if has_structure(text):
        words = fold_title(" ".join(dissect(text).parts))
    return Album(compact(words.removesuffix(" live")) or full, full, live=bool(_CONCERT.search(text)))
