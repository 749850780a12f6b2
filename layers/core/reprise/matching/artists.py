"""Reads an artist credit as the people in it. Artists are sets with roles, not one string."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from reprise.matching.fold import fold, to_ascii

# Between people of equal standing, and in front of guests; each row with the case that asked for it.
EQUALS: Final = (
    (r"\s*[,;|]\s*", "Aretha Franklin, George Michael"),
    (r"\s+[&+x/]\s+", "Sonny & Cher; Loreen x Alok"),
    (r"(?<=\w{3})\s*/\s*(?=\w{3})", "Queen/David Bowie, but not AC/DC"),
    (r"\s+(?:and|und|et|y|och|og|en|e)\s+", "Wisin y Yandel"),
    (r"\s+(?:vs|versus|meets|pres|presents)\b\.?\s+", "Eric Prydz vs. Pink Floyd"),
)
GUESTS: Final = (
    (
        r"[\s(\[]+(?:feat|ft|featuring|featured)\b\.?\s*",
        "Gorillaz featuring De La Soul; never inside draft, left, gift",
    ),
    (r"[\s(\[]+(?:with|w/|con|avec|mit|duet with|starring|introducing)\s+", "Louis Armstrong with Oscar Peterson"),
)
_EQUALS: Final = re.compile("|".join(pattern for pattern, _ in EQUALS))
# A credit without any of this names one person.
_SEVERAL: Final = re.compile(
    r"[,;|+&/(\[]|\b(?:and|und|et|y|och|og|en|e|x|vs|versus|meets|pres|presents|feat|ft|featuring|featured|with|w"
    r"|con|avec"
    r"|mit|starring|introducing)\b"
)
_GUESTS: Final = re.compile("|".join(pattern for pattern, _ in GUESTS))

# Credits that name nobody: what a compilation's tags say in place of an artist.
UNKNOWN: Final = frozenset(
    name.replace(" ", "")
    for name in (
        "", "artist", "no artist", "unknown", "unknown artist", "unk", "anonymous", "n a",
        "various", "various artist", "various artists", "va", "v a", "divers", "diverse interpreten",
        "verschiedene interpreten", "varios artistas", "artisti vari",
    )
)  # fmt: skip

# Names too common to tell who is meant, as in "and His Orchestra": never the shared person of two credits.
_GENERIC: Final = re.compile(
    r"(?:(?:his|her|their|the|sein|seine|son|su)\s+)?(?:[a-z]+\s+)?"
    r"(?:orchestra|orchester|orchestre|orquesta|friends|chorus|choir|band|combo|strings|singers|ensemble|trio"
    r"|quartet|quintet"
    r"|sextet|gang|family|others?|boys|girls|company|cast|the)"
)


class Credit(NamedTuple):
    """The people of a credit, each as a compact key.

    `full` is the credit as one name ("simonandgarfunkel"), "" when nobody is named. `mains` carry the song, `guests`
    are featured. `words` are the folded words of the main part, for names that contain one another. `names` are `full`
    and `mains`.
    """

    full: str
    mains: tuple[str, ...]
    guests: tuple[str, ...]
    words: str
    names: frozenset[str]

    @property
    def known(self) -> bool:
        return bool(self.full)


_FIELD: Final = "\x1f"
_NAME: Final = "\x1e"
# The Dave Clark Five, Jackson 5.
_COUNT: Final = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8"}
# One spelling for what names write in two: Saint Vincent, Mister Mister, the Righteous Bros.
_SPELLED: Final = _COUNT | {
    "doctor": "dr", "saint": "st", "sainte": "ste", "mister": "mr", "missus": "mrs", "brothers": "bros",
    "sergeant": "sgt", "mount": "mt", "fort": "ft", "junior": "jr", "senior": "sr", "professor": "prof",
    "captain": "capt", "orchester": "orchestra", "orchestre": "orchestra", "orquesta": "orchestra",
    "quartett": "quartet", "quartetto": "quartet", "philharmoniker": "philharmonic",
}  # fmt: skip
_COUNTED: Final = frozenset(_SPELLED)
# What a video platform hangs on a name: Ikimono - Topic, AdeleVEVO, Coldframe Official.
_CHANNEL: Final = re.compile(
    r"(?:\s*[-–—:|]\s*topic|\s*vevo|(?<=[^\s])\s*[-–—|]?\s*\(?(?:official)(?: (?:artist )?(?:youtube )?channel"
    r"| music| page)?\)?"
    r"|\s+(?:youtube )?channel|\s+[-–—|]\s+release)\s*$",
    re.IGNORECASE,
)
# A name in a second script or in full: 아이유(IU), -M- (Matthieu Chedid).
_ALIAS: Final = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]{2,})[)\]）】]\s*$")
# Beatles, The.
_LAST_FIRST: Final = re.compile(r"^(.+), the$", re.IGNORECASE)

NOBODY: Final = Credit("", (), (), "", frozenset())


def person_key(name: str) -> str:
    """One person's or group's name as compared: folded, without a leading "The" and without gaps."""
    return folded_key(fold(name))


def folded_key(words: str) -> str:
    """`person_key` for a name already folded."""
    return _counted(_without_the(words))


def _counted(words: str) -> str:
    return spelled_name(words).replace(" ", "")


def spelled_name(words: str) -> str:
    """A folded name, its short forms in one spelling."""
    named = words.split(" ")
    return words if _COUNTED.isdisjoint(named) else " ".join([_SPELLED.get(word, word) for word in named])


def people(text: str) -> tuple[str, ...]:
    """The keys of the people an ASCII text lists ("Kanye West, Jay-Z & Rihanna"), in its order."""
    text = text.strip(" ()[].")
    if not _SEVERAL.search(text):
        return _unique((text,))
    return _unique(_EQUALS.sub(";", _GUESTS.sub(";", text)).split(";"))


@lru_cache(maxsize=1 << 14)
def read_credit(artist: str, artists: tuple[str, ...] = (), album_artist: str = "") -> Credit:
    """The people behind `artist`, by `artists` where a source lists them one by one.

    The album's artist counts as a guest, or as the artist where the song names none: some servers file a song
    under one name and the album under another.
    """
    artist, alias = _named(artist)
    text = to_ascii(artist) or artist
    if alias:
        artists = artists or (*_EQUALS.split(text), alias)
    if not artists and album_artist in ("", artist) and not _SEVERAL.search(text):
        return _alone(spelled_name(_without_the(fold(text))))
    lead, *rest = _GUESTS.split(text)
    words = spelled_name(_without_the(fold(lead)))
    full = _known(_counted(words))
    mains = tuple(filter(_known, _unique(artists))) or (_unique(_EQUALS.split(lead)) if full else ())
    guests = tuple(key for part in rest for key in people(part))
    if not full and not mains:
        return read_credit(album_artist) if album_artist else NOBODY
    if album_artist and album_artist != artist and (other := _known(person_key(album_artist))):
        guests += (other,)
    if len(mains) > 1 and guests:
        mains = tuple(key for key in mains if key not in guests) or mains
    return _credit(full or mains[0], mains or (full,), guests, words if full else mains[0])


@lru_cache(maxsize=1 << 12)
def _named(artist: str) -> tuple[str, str]:
    """A credit without what a platform hangs on it, and the second name in brackets, if there is one."""
    bare = _CHANNEL.sub("", artist)
    bare = bare if fold(bare) else artist
    if last := _LAST_FIRST.match(bare):
        bare = f"The {last[1]}"
    alias = _ALIAS.search(bare)
    if alias and alias.start() and _is_alias(bare[: alias.start()], alias[1]):
        return bare[: alias.start()], alias[1]
    return bare, ""


def _is_alias(name: str, other: str) -> bool:
    """Whether a bracket holds a name: in another script, or of several words; not "(UK)", "(2)", "(feat. X)"."""
    if _GUESTS.search(f" {other} ") or not any(map(str.isalpha, other)):
        return False
    return name.isascii() != other.isascii() or (" " in other and len(fold(name)) < len(fold(other)))


def _known(key: str) -> str:
    return "" if key in UNKNOWN else key


def _alone(words: str) -> Credit:
    """A credit of one name."""
    full = _known(_counted(words))
    return Credit(full, (full,), (), words, frozenset((full,))) if full else NOBODY


def _credit(full: str, mains: tuple[str, ...], guests: tuple[str, ...], words: str) -> Credit:
    return Credit(full, mains, guests, words, frozenset((full, *mains)) if full else frozenset())


def pack_credit(credit: Credit) -> str:
    """A read credit as one text. Keys hold no control characters, so those may stand between them.

    What follows from the words is left out: the full name, and the mains where it is the only one.
    """
    full = "" if credit.full == _counted(credit.words) else credit.full
    mains = () if credit.mains == (credit.full,) else credit.mains
    return _FIELD.join((credit.words, _NAME.join(mains), _NAME.join(credit.guests), full)).rstrip(_FIELD)


def unpack_credit(packed: str) -> Credit:
    """The reverse of `pack_credit`."""
    if _FIELD not in packed:
        return _alone(packed)
    words, _, rest = packed.partition(_FIELD)
    mains, _, rest = rest.partition(_FIELD)
    guests, _, full = rest.partition(_FIELD)
    full = full or _counted(words)
    named = tuple(mains.split(_NAME)) if mains else (full,) if full else ()
    return _credit(full, named, tuple(guests.split(_NAME)) if guests else (), words)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    keys = dict.fromkeys([person_key(name) for name in names if not _GENERIC.fullmatch(name.strip().lower())])
    keys.pop("", None)
    return tuple(keys)


def _without_the(words: str) -> str:
    return words.removeprefix("the ")
