"""How two credits relate: the same people, some of the same, the same misspelled, one name inside the other."""

from __future__ import annotations

from typing import Final

from reprise.matching import evidence as ev
from reprise.matching.acts import BORROWED, COMPOSERS, IMITATORS, OWN_NAMES, TRIBUTES
from reprise.matching.artists import Credit
from reprise.matching.evidence import Evidence
from reprise.matching.persons import slipped
from reprise.matching.words import contains, slipped_in_letters

# Of a word's letters, as in Cindy for Cyndi Lauper.
_NAME_SHARE: Final = 0.4
# Letters a name must have to be looked for inside another.
_SHORTEST: Final = 4
# Letters a name must have to be recognised turned round.
_TURNABLE: Final = 6
_TWO, _DUO = 2, 3
# Hank Williams, Jr. is not Hank Williams.
_GENERATIONS: Final = frozenset({"jr", "sr", "ii", "iii"})


def relate(asked: Credit, found: Credit, asked_guests: frozenset[str], found_guests: frozenset[str]) -> Evidence | None:
    """How the people of two songs relate; None where they do not. The guests are those the titles name."""
    if asked.full == found.full:
        return ev.ARTIST_SAME if asked.full else ev.ARTIST_UNKNOWN
    if not asked.full or not found.full:
        return ev.ARTIST_UNKNOWN
    if not asked.names.isdisjoint(found.names):
        return _sharing(asked, found, asked_guests, found_guests)
    if not asked.names.isdisjoint((*found.guests, *found_guests)):
        return ev.ARTIST_GUEST
    if not found.names.isdisjoint((*asked.guests, *asked_guests)):
        return ev.ARTIST_GUEST
    if (asked.full in TRIBUTES) != (found.full in TRIBUTES):
        return None
    several = len(asked.mains) > 1 or len(found.mains) > 1
    if _turned(asked.full, found.full) or (several and _each_turned(asked.mains, found.mains)):
        return ev.ARTIST_TURNED
    if _full_slipped(asked, found) or (several and _main_slipped(asked, found)):
        return ev.ARTIST_SLIP
    if contains(asked.words, found.words):
        return _contained(*sorted((asked.words, found.words), key=len))
    return _of_several(asked, found) if several else None


def _sharing(asked: Credit, found: Credit, asked_guests: frozenset[str], found_guests: frozenset[str]) -> Evidence:
    """How two credits relate that name somebody in common."""
    if set(asked.mains) == set(found.mains):
        return ev.ARTIST_SAME
    one = {*asked.mains, *asked_guests}
    other = {*found.mains, *found_guests}
    alone = [name for name in one - other if name not in found.names and name not in found.guests]
    beside = [name for name in other - one if name not in asked.names and name not in asked.guests]
    if (_is_duo(asked) and other == {found.full}) or (_is_duo(found) and one == {asked.full}):
        return ev.ARTIST_FIRST
    if asked.full in other or found.full in one:  # "Simon & Garfunkel" as one of several
        alone = alone if found.full not in one else []
        beside = beside if asked.full not in other else []
    unmatched = [name for name in alone if not any(_may_be(name, person) for person in beside)]
    if unmatched and len(beside) > len(alone) - len(unmatched):
        return ev.ARTIST_OTHERS
    return ev.ARTIST_SHARED


def _is_duo(credit: Credit) -> bool:
    """Love and Rockets, Iron & Wine: a name of its own, not two people's."""
    words = credit.words.split()
    return len(words) == _DUO and words[1] == "and" and not credit.guests


def _may_be(name: str, other: str) -> bool:
    """Whether two keys may be one person: misspelled, turned round, or one a part of the other."""
    return slipped(name, other) or _turned(name, other) or _at_an_end(*sorted((name, other), key=len))


def _turned(one: str, other: str) -> bool:
    """Whether one name is the other with the family name first. Keys have no gaps, so any turn will do."""
    return len(one) == len(other) >= _TURNABLE and one != other and other in one + one


def _each_turned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) == len(other) and all(any(name == o or _turned(name, o) for o in other) for name in one)


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
    """Iggy Pop and Iggy Pop & The Stooges; Debussy and Claude Debussy; but Eagles and Eagles of Death Metal."""
    inner, outer = shorter.split(), longer.split()
    added = set(outer) - set(inner)
    if IMITATORS & added or (BORROWED & added and longer not in OWN_NAMES):
        return None
    if _GENERATIONS & added:
        return None
    at_start, at_end = outer[: len(inner)] == inner, outer[-len(inner) :] == inner
    if len(inner) > 1:
        return ev.ARTIST_PART if at_start else ev.ARTIST_LAST if at_end else None
    if at_end and inner[0] in COMPOSERS:
        return ev.ARTIST_LAST
    return ev.ARTIST_FIRST if len(outer) == _TWO and (at_start or at_end) else None


def _run_together(one: Credit, other: Credit) -> bool:
    """ "Elton John Kiki Dee": a source that lists artists with nothing between them."""
    return len(other.mains) > 1 and all(len(name) >= _SHORTEST and name in one.full for name in other.mains)


def _each_in_some(names: set[str], others: set[str]) -> bool:
    return all(any(_at_an_end(*sorted((one, other), key=len)) for other in others) for one in names)


def _at_an_end(shorter: str, longer: str) -> bool:
    return len(shorter) >= _SHORTEST and (longer.startswith(shorter) or longer.endswith(shorter))
