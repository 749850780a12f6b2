"""Reads what stands around a song's name, in brackets or behind a dash: guests, a take, packaging, context, subtitle.

Texts here are lower-case ASCII with their punctuation (`fold.to_ascii`). Every pattern carries the case that asked for
it.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from reprise.matching.artists import people
from reprise.matching.fold import compact, fold
from reprise.matching.versions import Take, Version, take
from reprise.matching.words import numbers, spelled_out

# Between the tails of a signature. Folding leaves no control characters, so no title can hold it.
MARK: Final = "\x1f"
# In front of what a slash sets apart: Numb / Encore.
SECOND_SONG: Final = "/"


class Kind(Enum):
    """What a tail says."""

    GUESTS = "who else takes part"
    TAKE = "which take it is"
    PACKAGING = "nothing of the song"
    CONTEXT = "where it comes from"
    SUBTITLE = "more of the name"
    SECOND = "another song behind it"


GUESTS: Final = (
    (r"(?:feat|ft|featuring|with|duet with|starring|vs|versus)\b\.?\s*(?=\S)", "Stan (feat. Dido)"),
    (r"w/\s*(?=\S)", "Vienna Calling (w/ Falco)"),
    (r"(?:con|avec|mit)\b\s+(?=\S)", "Me Gustas (con Natti Natasha)"),
    (r"(?:and|x|[&+])\s+(?=\S)", "Stay (& Justin Bieber)"),
)
CONTEXT: Final = (
    (r"(?:(?:love|main|title|opening|end|ending)\s+)*(?:theme|song|songs|music|tema|titelsong|bof)?\s*"
     r"(?:from|aus|de la pelicula|du film|dal film|inspired by|as (?:heard|featured) (?:in|on))\b",
     'My Heart Will Go On (Love Theme from "Titanic")'),
    (r".*\b(?:soundtrack|ost|motion picture|theme|score|musical)\b", "Skyfall (Original Soundtrack)"),
    (r"(?:bonus|hidden|exclusive)\b", "Song (Bonus Track)"),
    (r".*\b(?:edition|bonus(?: track)?|reissue|deluxe)$", "Song (Deluxe Edition)"),
    (r"(?:prod|produced|written|directed|shot)\b", "Song (Prod. by Timbaland)"),
    (r"(?:(?:19|20)\d\d|single|ep|lp|digital|new|free download|out now|premiere)$", "Song (1986)"),
)  # fmt: skip
PACKAGING: Final = (
    ("official video audio music lyric lyrics clip mv m v videoclip visualizer visualiser",
     "Wuthering Heights (Official Music Video)"),
    ("hd hq hi res 4k uhd 1080p 720p high quality", "Dancing Queen [HD]"),
    ("full song with only complete the and original version tv promo pseudo", "Hello (Full Song)"),
    ("upload reupload fan made color coded sub", "Champagne Supernova (Fan Made Video)"),
    ("officiel officielle paroles", "Ne me quitte pas (Audio Officiel)"),
    ("oficial letra subtitulado videos", "Despacito (Video Oficial)"),
    ("offiziell offizielle offizielles musikvideo songtext und", "99 Luftballons (Offizielles Musikvideo)"),
    ("ufficiale testo", "Volare (Video Ufficiale)"),
    ("sanat tekst sozleri", "Timantit on ikuisia (sanat)"),
)  # fmt: skip

_GUESTS: Final = re.compile("|".join(pattern for pattern, _ in GUESTS))
_CONTEXT: Final = re.compile("|".join(pattern for pattern, _ in CONTEXT))
# True Faith (7"): folding would leave a bare number.
_INCHES: Final = re.compile(r"\b(7|10|12)\s?(?:\"|'')")
_PACKAGING: Final = frozenset(word for words, _ in PACKAGING for word in words.split())


class Tail(NamedTuple):
    """One tail, read. `key` is it folded and compact; `take` and `guests` are what it names, if it does."""

    kind: Kind
    key: str
    take: Take | None = None
    guests: tuple[str, ...] = ()


class Details(NamedTuple):
    """What all tails of a title say together. `tails` keeps them apart, for one may prove to be the album.

    `songs` is how many the title names: Numb / Encore is two in one.
    """

    versions: frozenset[Version]
    words: frozenset[str]
    subtitles: frozenset[str]
    guests: frozenset[str]
    numbers: tuple[str, ...]
    tails: tuple[Tail, ...]
    songs: int = 1


PLAIN: Final = Details(frozenset(), frozenset(), frozenset(), frozenset(), (), ())


def opens_guests(text: str) -> bool:
    """Whether a tail starts like a list of guests."""
    return _GUESTS.match(text) is not None


@lru_cache(maxsize=1 << 14)
def read_tail(text: str) -> Tail:
    """What one tail says."""
    if '"' in text or "''" in text:
        text = _INCHES.sub(r"\1 inch", text)
    words = fold(text.replace("@", " at "))
    key = compact(spelled_out(words))
    opening = _GUESTS.match(text)
    if _PACKAGING.issuperset(words.split()) and (not opening or take(words)):
        return Tail(Kind.PACKAGING, key)
    named = take(words)
    if opening and not named:
        return Tail(Kind.GUESTS, key, guests=people(text[opening.end() :]))
    if named:
        return Tail(Kind.TAKE, key, take=named)
    if _CONTEXT.match(text):
        return Tail(Kind.CONTEXT, key)
    return Tail(Kind.SECOND if text.startswith(SECOND_SONG) else Kind.SUBTITLE, key)


@lru_cache(maxsize=1 << 14)
def details(signature: str) -> Details:
    """The tails of a signature, read and put together."""
    return together(tuple(map(read_tail, signature.split(MARK)))) if signature else PLAIN


def together(tails: tuple[Tail, ...]) -> Details:
    """What these tails say together."""
    takes = [tail.take for tail in tails if tail.take]
    subtitles = frozenset([tail.key for tail in tails if tail.kind in (Kind.SUBTITLE, Kind.SECOND)])
    return Details(
        versions=PLAIN.versions.union(*[take.versions for take in takes]),
        words=PLAIN.words.union(*[take.words for take in takes]),
        subtitles=subtitles,
        guests=PLAIN.guests.union(*[tail.guests for tail in tails]),
        numbers=tuple(sorted([number for key in subtitles for number in numbers(key)])) if subtitles else (),
        tails=tails,
        songs=1 + [tail.kind for tail in tails].count(Kind.SECOND),
    )
