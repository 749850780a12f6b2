"""Says in one sentence why a song was taken, or why none was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from reprise.domain.matches import Method
from reprise.matching import evidence as ev
from reprise.matching.evidence import Veto
from reprise.matching.index import LibraryIndex
from reprise.matching.score import Scored, Wanted
from reprise.matching.tails import details
from reprise.matching.versions import NEUTRAL, Version

_METHODS: Final = {
    Method.MBID: "Same MusicBrainz recording",
    Method.ISRC: "Same ISRC, and title and version agree",
    Method.EXACT: "Same title and artist",
    Method.FUZZY: "Nearly the same title and artist",
}
_UNREMARKABLE: Final = frozenset({ev.TITLE_SAME, ev.ARTIST_SAME, ev.DURATION_CLOSE, ev.SAME_ISRC, ev.SAME_MBID})
_ARTISTS_NAMED: Final = 2

EMPTY_LIBRARY: Final = "Your library is empty."
UNTITLED: Final = "The source names no title."


def reasons(scored: Scored) -> tuple[str, ...]:
    """What was observed of a candidate, weightiest first; a veto before all."""
    observed = tuple(one.phrase for one in sorted(scored.evidence, key=lambda one: -abs(one.weight)))
    return (scored.veto.value, *observed) if scored.veto else observed


def explain_found(method: Method, scored: Scored) -> str:
    """Why this song was taken."""
    remarks = [one.phrase for one in scored.evidence if one not in _UNREMARKABLE]
    return f"{_METHODS[method]}{': ' if remarks else ''}{', '.join(remarks)}."


def explain_none(
    index: LibraryIndex, wanted: Wanted, ranked: Sequence[Scored], others: Sequence[int], artist_known: bool | None
) -> str:
    """Why nothing was taken: the veto on the best of the candidates, if there are any.

    `others` are the rows of that title by somebody else.

    `artist_known`: whether the library has the artist; None where the source names none.
    """
    if not len(index):
        return EMPTY_LIBRARY
    if ranked and (vetoed := _VETOED.get(ranked[0].veto)):
        return vetoed(index, wanted, ranked[0])
    if any(scored.veto is Veto.NEVER for scored in ranked):
        return "You ruled out the song that would fit."
    if artist_known and others:
        return f"The artist is in your library, but this title only by others: {_artists(index, others)}."
    if artist_known:
        return "The artist is in your library, but this song is not."
    if others:
        return f"Your library has this title only by others: {_artists(index, others)}."
    if artist_known is None:
        return "The source names no artist, and no song of this title is in your library."
    return "The artist is not in your library."


def explain_unsure(index: LibraryIndex, best: Scored) -> str:
    """Why a candidate without a veto was not taken."""
    against = [one.phrase for one in sorted(best.evidence, key=lambda one: one.weight) if one.weight < 0]
    return f"The nearest song, {_named(index, best.row)}, is not close enough: {', '.join(against)}."


def explain_tie(index: LibraryIndex, one: Scored, other: Scored) -> str:
    return f"Two equally good candidates: {_named(index, one.row)} and {_named(index, other.row)}."


def _version(index: LibraryIndex, wanted: Wanted, held: Scored) -> str:
    found = _takes(index.details(held.row).versions)
    asked = _takes(details(held.form.title.signature).versions)
    if not found and asked:
        return f"Your library has this song, but not the {asked} version."
    if found == asked:
        return f"Your library has another {found} version of this song."
    return f"Only {_article(found)} {found} version is in your library."


def _takes(versions: frozenset[Version]) -> str:
    return " ".join(sorted(version.value for version in versions - NEUTRAL))


def _article(word: str) -> str:
    return "an" if word[:1] in "aeio" else "a"


def _duration(index: LibraryIndex, wanted: Wanted, held: Scored) -> str:
    length = index.durations[held.row] - 1
    return f"The song in your library is {_clock(length)} long, the wanted one {_clock(wanted.duration_ms)}."


def _numbers(index: LibraryIndex, wanted: Wanted, held: Scored) -> str:
    return f"Only another part or number is in your library: {_named(index, held.row)}."


_VETOED: Final[Mapping[Veto | None, Callable[[LibraryIndex, Wanted, Scored], str]]] = {
    Veto.VERSION: _version,
    Veto.DURATION: _duration,
    Veto.NUMBERS: _numbers,
}


def _named(index: LibraryIndex, row: int) -> str:
    artist = index.artists[index.credit_of[row]]
    return f'"{index.titles[row]}"{" by " if artist else ""}{artist}'


def _artists(index: LibraryIndex, rows: Sequence[int]) -> str:
    credits = list(dict.fromkeys(index.credit_of[row] for row in rows))
    names = [index.artists[credit] or "somebody unnamed" for credit in credits[:_ARTISTS_NAMED]]
    more = len(credits) - _ARTISTS_NAMED
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _clock(duration_ms: int) -> str:
    return f"{duration_ms // 60_000}:{duration_ms // 1000 % 60:02}"
