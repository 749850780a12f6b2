"""What the matcher says of each source track, and the report made of it (`S1x-02`, `S1x-43`)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reprise.domain.playlists import Counts
from reprise.domain.tracks import SourceTrack


class Method(StrEnum):
    """How a track was found, in the order tried (`S1x-01`)."""

    MANUAL = "manual"
    MBID = "mbid"
    ISRC = "isrc"
    EXACT = "exact"
    FUZZY = "fuzzy"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A library track that was considered. `confidence` in [0, 1]; `reasons` are short phrases, strongest first."""

    library_id: str
    title: str
    artist: str
    album: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The answer for one source track. `library_id` is None exactly when `method` is NONE.

    `confidence` is the chance of being right, in [0, 1]; for NONE it is 0. `reason` is one
    sentence for a person. `candidates` are the runners-up (and for NONE, what came nearest), best first.
    """

    source: SourceTrack
    method: Method
    library_id: str | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a person said of one source track: `chosen` is "this one" (None: nothing chosen), `never` "never these"."""

    track_key: str
    chosen: str | None = None
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReport:
    """Every source track with its outcome, in the source's order, and what the answers were made from.

    `threshold` is the confidence that was asked for, None where an older report does not tell.
    """

    playlist_id: str
    report_id: str
    created_at: datetime
    library_version: str
    policy_version: str
    matches: tuple[Match, ...] = field(default_factory=tuple)
    threshold: float | None = None

    @property
    def counts(self) -> Counts:
        by_method = Counter(match.method.value for match in self.matches if match.library_id is not None)
        return Counts(total=len(self.matches), matched=by_method.total(), by_method=dict(by_method))

    @property
    def missing(self) -> tuple[SourceTrack, ...]:
        """The tracks that were not found, in the source's order."""
        return tuple(match.source for match in self.matches if match.library_id is None)

    @property
    def library_ids(self) -> tuple[str, ...]:
        """The songs to write: found ones only, order and repetitions kept."""
        return tuple(match.library_id for match in self.matches if match.library_id is not None)


def overrides_version(overrides: Sequence[Override]) -> str:
    """Returns what changes if any manual choice does; "none" for none."""
    named = sorted(f"{each.track_key}\n{each.chosen}\n{sorted(each.never)}" for each in overrides)
    return hashlib.sha256("\n\n".join(named).encode()).hexdigest()[:16] if named else "none"
