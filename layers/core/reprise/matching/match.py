"""Finds, for every track of a playlist, the song in the library that is the same recording, or says why none is."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from reprise.domain.matches import Candidate, Match, Method, Override
from reprise.domain.tracks import SourceTrack
from reprise.matching import evidence as ev
from reprise.matching.artists import Credit, read_credit
from reprise.matching.evidence import Evidence, chance
from reprise.matching.explain import UNTITLED, explain_found, explain_none, explain_tie, explain_unsure, reasons
from reprise.matching.index import LibraryIndex
from reprise.matching.policy import MatchPolicy
from reprise.matching.readings import readings
from reprise.matching.score import Scored, Wanted
from reprise.matching.search import Search
from reprise.matching.titles import NO_ALBUM, read_album

_log = logging.getLogger(__name__)

RUNNERS_UP: Final = 5
CHOSEN: Final = "You chose this song."
OTHERS: Final = ("same title", "another artist")
OTHERS_SHOWN: Final = 3
TIE: Final = 0.3
_INEXACT: Final = frozenset({ev.ARTIST_SLIP, ev.ARTIST_PART, ev.ARTIST_GUEST, ev.ARTIST_UNKNOWN, ev.SUBTITLE_OTHER})


def match_playlist(
    index: LibraryIndex,
    tracks: Sequence[SourceTrack],
    *,
    policy: MatchPolicy,
    overrides: Mapping[str, Override],
    on_progress: Callable[[int], None],
) -> tuple[Match, ...]:
    """One answer per track, in the playlist's order (`S1x-26`). `overrides` are keyed by `SourceTrack.key`.

    `on_progress` is told how many tracks are done, after each.
    """
    if not len(index):
        _log.warning("the library is empty: nothing can be matched")
    matches = []
    for done, track in enumerate(tracks, 1):
        matches.append(
            match_track(index, track, policy=policy, override=overrides.get(track.key) if overrides else None)
        )
        on_progress(done)
    methods = Counter(match.method.value for match in matches)
    _log.info("matched %d tracks: %s", len(tracks), ", ".join(f"{count} {name}" for name, count in methods.items()))
    return tuple(matches)


def match_track(
    index: LibraryIndex, track: SourceTrack, *, policy: MatchPolicy, override: Override | None = None
) -> Match:
    """The answer for one track. A choice whose song has left the library is as good as none."""
    if override and override.chosen and index.row_of(override.chosen) is not None:
        return Match(source=track, method=Method.MANUAL, library_id=override.chosen, confidence=1.0, reason=CHOSEN)
    credit = read_credit(track.artist, track.artists)
    wanted = Wanted(track.duration_ms or 0, read_album(track.album) if track.album else NO_ALBUM)
    forms = readings(track.title, credit)
    search = Search(index, wanted, forms, override.never if override else frozenset())
    for method, rows, weight in _identifiers(index, track):
        ranked = search.identified(rows, weight)
        if ranked and not ranked[0].veto and chance(ranked[0].weight) >= policy.threshold:
            return _found(index, track, method, ranked)
    if not forms[0].title.head:
        return _none(index, track, search, UNTITLED)
    return _decided(index, track, policy, credit, search)


def _identifiers(index: LibraryIndex, track: SourceTrack) -> Iterator[tuple[Method, list[int], Evidence]]:
    if track.recording_mbid:
        yield Method.MBID, index.rows_of_mbid(track.recording_mbid), ev.SAME_MBID
    if track.isrc:
        yield Method.ISRC, index.rows_of_isrc(track.isrc), ev.SAME_ISRC


def _decided(index: LibraryIndex, track: SourceTrack, policy: MatchPolicy, credit: Credit, search: Search) -> Match:
    ranked = search.ranked()
    if not ranked or ranked[0].veto:
        reason = explain_none(index, search.wanted, ranked, list(search.others), _artist_known(index, credit))
        return _none(index, track, search, reason)
    best = ranked[0]
    rival = _rival(index, ranked)
    if rival:
        return _none(index, track, search, explain_tie(index, best, rival))
    if chance(best.weight) < policy.threshold:
        return _none(index, track, search, explain_unsure(index, best))
    return _found(index, track, Method.EXACT if _is_exact(best) else Method.FUZZY, ranked)


def _rival(index: LibraryIndex, ranked: Sequence[Scored]) -> Scored | None:
    """Another recording that is as good as the best: then neither is an answer."""
    best = ranked[0]
    for other in ranked[1:]:
        if other.veto or best.weight - other.weight > TIE:
            return None
        if ev.ARTIST_UNKNOWN in best.evidence and index.credit_of[best.row] != index.credit_of[other.row]:
            return other
        if ev.TAKE_UNNAMED in best.evidence and index.signature_of[best.row] != index.signature_of[other.row]:
            return other
    return None


def _is_exact(scored: Scored) -> bool:
    return ev.TITLE_SAME in scored.evidence and not _INEXACT.intersection(scored.evidence)


def _artist_known(index: LibraryIndex, credit: Credit) -> bool | None:
    if not credit.full:
        return None
    return any(key in index.persons for key in (credit.full, *credit.mains))


def _found(index: LibraryIndex, track: SourceTrack, method: Method, ranked: Sequence[Scored]) -> Match:
    best = ranked[0]
    return Match(
        source=track,
        method=method,
        library_id=index.ids[best.row],
        confidence=chance(best.weight),
        reason=explain_found(method, best),
        candidates=tuple(_candidate(index, scored) for scored in ranked[1 : RUNNERS_UP + 1]),
    )


def _none(index: LibraryIndex, track: SourceTrack, search: Search, reason: str) -> Match:
    near = [_candidate(index, scored) for scored in search.ranked()[:RUNNERS_UP]]
    others = [
        _shown(index, row, 0.0, OTHERS) for row in islice(search.others, min(OTHERS_SHOWN, RUNNERS_UP - len(near)))
    ]
    return Match(
        source=track,
        method=Method.NONE,
        library_id=None,
        confidence=0.0,
        reason=reason,
        candidates=(*near, *others),
    )


def _candidate(index: LibraryIndex, scored: Scored) -> Candidate:
    return _shown(index, scored.row, 0.0 if scored.veto else chance(scored.weight), reasons(scored))


def _shown(index: LibraryIndex, row: int, confidence: float, observed: tuple[str, ...]) -> Candidate:
    return Candidate(
        library_id=index.ids[row],
        title=index.titles[row],
        artist=index.artists[index.credit_of[row]],
        album=index.albums[index.album_of[row]],
        confidence=confidence,
        reasons=observed,
    )
