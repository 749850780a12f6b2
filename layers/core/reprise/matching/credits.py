"""How two credits relate: the same people, some of the same, the same misspelled, one name inside the other."""

from __future__ import annotations

from typing import Final

from reprise.matching import evidence as ev
from reprise.matching.artists import Credit
from reprise.matching.evidence import Evidence
from reprise.matching.persons import slipped
from reprise.matching.words import contains, slipped_in_letters

IMITATORS: Final = frozenset(
    {"tribute", "karaoke", "cover", "covers", "coverband", "revival", "salute", "experience", "lullaby", "lullabies",
     "orchestra", "players", "kids"}
)  # fmt: skip
"""Who has one of these in the name, and somebody else's name, plays that somebody's songs."""
_NAME_SHARE: Final = 0.4
"""Of a word's letters, as in Cindy for Cyndi Lauper."""
_SHORTEST: Final = 4
"""Letters a name must have to be looked for inside another."""


def relate(asked: Credit, found: Credit, asked_guests: frozenset[str], found_guests: frozenset[str]) -> Evidence | None:
    """How the people of two songs relate; None where they do not. The guests are those the titles name."""
    if asked.full == found.full:
        return ev.ARTIST_SAME if asked.full else ev.ARTIST_UNKNOWN
    if not asked.full or not found.full:
        return ev.ARTIST_UNKNOWN
    if not asked.names.isdisjoint(found.names):
        return ev.ARTIST_SAME if set(asked.mains) == set(found.mains) else ev.ARTIST_SHARED
    if not asked.names.isdisjoint((*found.guests, *found_guests)):
        return ev.ARTIST_GUEST
    if not found.names.isdisjoint((*asked.guests, *asked_guests)):
        return ev.ARTIST_GUEST
    several = len(asked.mains) > 1 or len(found.mains) > 1
    if _full_slipped(asked, found) or (several and _main_slipped(asked, found)):
        return ev.ARTIST_SLIP
    if contains(asked.words, found.words):
        return _contained(*sorted((asked.words, found.words), key=len))
    return _of_several(asked, found) if several else None


def _full_slipped(asked: Credit, found: Credit) -> bool:
    return slipped(asked.full, found.full) and slipped_in_letters(asked.words, found.words, _NAME_SHARE)


def _main_slipped(asked: Credit, found: Credit) -> bool:
    return any(slipped(one, other) for one in asked.names for other in found.names)


def _of_several(asked: Credit, found: Credit) -> Evidence | None:
    """Kenny & Dolly and Kenny Rogers & Dolly Parton; Elton John Kiki Dee and Elton John & Kiki Dee."""
    if _run_together(asked, found) or _run_together(found, asked):
        return ev.ARTIST_PART
    one, other = {*asked.mains, *asked.guests}, {*found.mains, *found.guests}
    if len(one) != len(other):
        return None
    return ev.ARTIST_PART if _each_in_some(one, other) and _each_in_some(other, one) else None


def _contained(shorter: str, longer: str) -> Evidence | None:
    """Iggy Pop and Iggy Pop & The Stooges; Debussy and Claude Debussy; Kylie and Kylie Minogue."""
    inner, outer = shorter.split(), longer.split()
    if IMITATORS.isdisjoint(inner) and not IMITATORS.isdisjoint(outer):
        return None
    if (len(inner), len(outer)) != (1, 2):
        return ev.ARTIST_PART
    return ev.ARTIST_LAST if inner[0] == outer[1] and len(inner[0]) > _SHORTEST else ev.ARTIST_FIRST


def _run_together(one: Credit, other: Credit) -> bool:
    """ "Elton John Kiki Dee": a source that lists artists with nothing between them."""
    return len(other.mains) > 1 and all(len(name) >= _SHORTEST and name in one.full for name in other.mains)


def _each_in_some(names: set[str], others: set[str]) -> bool:
    return all(any(_at_an_end(*sorted((one, other), key=len)) for other in others) for one in names)


def _at_an_end(shorter: str, longer: str) -> bool:
    return len(shorter) >= _SHORTEST and (longer.startswith(shorter) or longer.endswith(shorter))
