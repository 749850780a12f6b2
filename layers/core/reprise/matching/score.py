"""Compares one reading of a source track with one library row, field by field, into named evidence or a veto."""

from __future__ import annotations

from typing import Final, NamedTuple

from rapidfuzz.distance import OSA, Indel

from reprise.matching import evidence as ev
from reprise.matching.candidates import SAME_LENGTH_MS, title_slips
from reprise.matching.credits import relate
from reprise.matching.evidence import Evidence, Veto
from reprise.matching.index import LibraryIndex
from reprise.matching.readings import Form, Reading
from reprise.matching.tails import Details, Tail, details, together
from reprise.matching.titles import Album
from reprise.matching.versions import NAMED, NEUTRAL, STANDS_FOR, Version
from reprise.matching.words import contains, is_number, numbers, slipped_in_letters

DURATION_SLACK_MS: Final = 20_000
# Lengths further apart than the larger of these two are another recording.
DURATION_SHARE: Final = 0.12

ALIKE: Final = 0.9
# Letters a tail must have to be looked for inside an album's name: "B-Sides Version", of Lost Rooms: B-Sides.
_TELLING: Final = 6
_LIVE: Final = frozenset({Version.LIVE})
# A "version" that names no class, as an album's own name may have it.
_ANY: Final = frozenset({Version.OTHER})


class Wanted(NamedTuple):
    """What a source track says besides its readings. `album` is its key, "" unknown; `duration_ms` 0 unknown."""

    duration_ms: int
    album: Album


class Scored(NamedTuple):
    """A candidate, judged. `weight` is its log-odds; `veto` None means it may be the answer."""

    row: int
    weight: float
    evidence: tuple[Evidence, ...]
    veto: Veto | None
    form: Form


def score(index: LibraryIndex, wanted: Wanted, form: Form, row: int) -> Scored | None:
    """Judges one candidate. None: somebody else's song.

    The artist comes first, for most rows of a common title are somebody else's.
    """
    asked, found = details(form.title.signature), index.details(row)
    artist = relate(form.credit, index.credit(row), asked.guests, found.guests)
    if artist is None:
        return None
    seen = [artist]
    if form.reading is not Reading.PLAIN:
        seen.append(ev.READINGS[form.reading])
    album = index.album(row)
    if (asked.tails or found.tails) and (album.key or wanted.album.key):
        asked, found = (
            _without_album(asked, found, wanted.album, album),
            _without_album(found, asked, album, wanted.album),
        )
    veto = (
        _titles(seen, index, wanted, form, row)
        or _subtitles(seen, asked, found)
        or _takes(seen, asked, found, wanted.album, album)
        or _durations(seen, wanted.duration_ms, index.durations[row] - 1)
    )
    if album.key:
        _albums(seen, wanted.album, album)
    return Scored(row, ev.BASE + sum([one.weight for one in seen]), tuple(seen), veto, form)


def _without_album(title: Details, other: Details, own: Album, others: Album) -> Details:
    """A tail that is the album says nothing of the song: "Kashmir (Physical Graffiti)", or "(… Graffiti Version)".

    A take that is a side's own album stays ("(Live at Leeds)"), unless the other side is from that very album too; and
    so does a take both sides name.
    """
    kept = tuple([tail for tail in title.tails if not _is_album(tail, other, own, others)])
    return title if len(kept) == len(title.tails) else together(kept)


def _is_album(tail: Tail, other: Details, own: Album, others: Album) -> bool:
    if tail.take and not tail.take.versions.isdisjoint(other.versions):
        return False
    if (not tail.take or tail.take.versions == _ANY) and own.key and tail.key in (own.key, own.full):
        return True
    key = tail.key.removesuffix("version")
    if not others.key or not key:
        return False
    within = len(key) >= _TELLING and key in others.full and (not tail.take or own.full == others.full)
    return within or _alike(key, others.key) or _alike(tail.key, others.full)


def _alike(one: str, other: str) -> bool:
    return one == other or Indel.normalized_similarity(one, other, score_cutoff=ALIKE) >= ALIKE


def _albums(seen: list[Evidence], asked: Album, found: Album) -> None:
    if not asked.key:
        if found.live:
            seen.append(ev.ALBUM_CONCERT)
    elif _alike(asked.key, found.key):
        seen.append(ev.ALBUM_SAME)
    elif asked.live or found.live:
        seen.append(ev.ALBUM_LIVE)


def _titles(seen: list[Evidence], index: LibraryIndex, wanted: Wanted, form: Form, row: int) -> Veto | None:
    head, other = form.title.head, index.head_keys[index.head_of[row]]
    if head == other:
        seen.append(ev.TITLE_SAME)
        return None
    words = index.title_words(row)
    most = title_slips(max(len(head), len(other)))
    distance = OSA.distance(head, other, score_cutoff=most)
    if distance <= most and slipped_in_letters(form.title.words, words):
        share = distance / max(len(head), len(other))
        seen.append(next(slip for limit, slip in ev.TITLE_SLIPS if share <= limit))
    elif contains(form.title.words, words) and _in_place(index, wanted, row):
        seen.append(ev.TITLE_PART)
    else:
        return Veto.TITLE
    return Veto.NUMBERS if numbers(form.title.words) != numbers(words) else None


def _in_place(index: LibraryIndex, wanted: Wanted, row: int) -> bool:
    """Whether album and length speak for a row whose title alone does not."""
    length = index.durations[row] - 1
    album = index.album(row).key
    return (
        bool(album) and album == wanted.album.key and length > 0 and abs(length - wanted.duration_ms) <= SAME_LENGTH_MS
    )


def _subtitles(seen: list[Evidence], asked: Details, found: Details) -> Veto | None:
    one, other = asked.subtitles, found.subtitles
    if not one and not other:
        return None
    if one == other:
        seen.append(ev.SUBTITLE_SAME)
        return None
    if one and other:
        if asked.numbers != found.numbers:
            return Veto.NUMBERS
        alike = Indel.normalized_similarity("".join(sorted(one)), "".join(sorted(other))) >= 0.8
        seen.append(ev.SUBTITLE_MISSING if alike or one & other else ev.SUBTITLE_OTHER)
        return None
    if any(is_number(key) for key in one | other):  # Wonderwall (2), Jerusalem (II)
        return Veto.NUMBERS
    # Black Magic Woman may be a medley's first half; with somebody else in it, as in Numb / Encore, it is a mash-up.
    mashed_up = asked.songs < found.songs and seen[0] is not ev.ARTIST_SAME
    seen.append(ev.SUBTITLE_SONG if asked.songs > found.songs or mashed_up else ev.SUBTITLE_MISSING)
    return None


def _takes(seen: list[Evidence], asked: Details, found: Details, wanted: Album, album: Album) -> Veto | None:
    if not asked.versions and not found.versions:
        return None
    one, other = asked.versions - NEUTRAL, found.versions - NEUTRAL
    if one != other:
        if (one ^ other) <= STANDS_FOR:
            seen.append(ev.TAKE_EDIT)
        elif one ^ other == _LIVE and (album.live if one & _LIVE else wanted.live):
            seen.append(ev.TAKE_BY_ALBUM)
        else:
            return Veto.VERSION
        return None
    if one & NAMED and asked.words != found.words:
        if asked.words and found.words and not _same_words(asked.words, found.words):
            return Veto.VERSION
        seen.append(ev.TAKE_ALIKE if asked.words and found.words else ev.TAKE_UNNAMED)
    elif asked.versions != found.versions:
        seen.append(ev.TAKE_NEUTRAL)
    return None


def _same_words(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two takes are called alike: no number differs, and half of the words are shared."""
    if {word for word in one if word.isdigit()} != {word for word in other if word.isdigit()}:
        return False
    if 2 * len(one & other) >= min(len(one), len(other)):
        return True
    return Indel.normalized_similarity(" ".join(sorted(one)), " ".join(sorted(other)), score_cutoff=ALIKE) >= ALIKE


def _durations(seen: list[Evidence], asked: int, found: int) -> Veto | None:
    if asked <= 0 or found <= 0:
        return None
    apart = abs(asked - found)
    if apart <= SAME_LENGTH_MS:
        seen.append(ev.DURATION_SAME)
    elif apart <= 7_000:
        seen.append(ev.DURATION_CLOSE)
    elif apart > max(DURATION_SLACK_MS, DURATION_SHARE * max(asked, found)):
        return Veto.DURATION
    else:
        seen.append(ev.DURATION_OFF)
    return None
