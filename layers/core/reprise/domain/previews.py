"""What a sync would change on the server, told before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprise.domain.playlists import Counts


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One difference. Positions count from 0; `before` is None for what is added, `after` for what is removed."""

    change: Change
    library_id: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewStep:
    """A difference as a person reads it. `why` is one sentence."""

    step: Step
    title: str
    artist: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`kept` songs stay where they are in relation to one another. `held` says why the sync would hold the write back,
    "" when it would not. `job_id` names the request that asked for this preview. `threshold` is the confidence that
    was asked of a match, None where an older preview does not tell.
    """

    job_id: str
    created_at: datetime
    counts: Counts
    kept: int
    steps: tuple[PreviewStep, ...]
    held: str = ""
    threshold: float | None = None


def differences(before: Sequence[str], after: Sequence[str]) -> tuple[Step, ...]:
    """What turns the list `before` into `after`: the fewest moves, each repetition counted by itself.

    Removals come first, in their old order; then additions and moves in their new order.
    """
    places: dict[str, list[int]] = {}
    for position, song in enumerate(before):
        places.setdefault(song, []).append(position)
    paired: list[tuple[int, int]] = []
    added: list[tuple[int, str]] = []
    used: Counter[str] = Counter()
    for position, song in enumerate(after):
        if used[song] < len(places.get(song, ())):
            paired.append((places[song][used[song]], position))
            used[song] += 1
        else:
            added.append((position, song))
    stay = _longest_rising(paired)
    kept_before = {old for old, _ in paired}
    removed = [
        Step(change=Change.REMOVED, library_id=song, before=position, after=None)
        for position, song in enumerate(before)
        if position not in kept_before
    ]
    moved = [
        Step(change=Change.MOVED, library_id=after[new], before=old, after=new)
        for old, new in paired
        if (old, new) not in stay
    ]
    fresh = [Step(change=Change.ADDED, library_id=song, before=None, after=position) for position, song in added]
    return (*removed, *sorted(moved + fresh, key=lambda step: step.after or 0))


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The longest part of `pairs` (sorted by new place) whose old places rise: these need not move."""
    tails: list[int] = []
    previous: list[int | None] = []
    for index, (old, _) in enumerate(pairs):
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if pairs[tails[middle]][0] < old else (low, middle)
        previous.append(tails[low - 1] if low else None)
        tails[low : low + 1] = [index]
    stay: set[tuple[int, int]] = set()
    at = tails[-1] if tails else None
    while at is not None:
        stay.add(pairs[at])
        at = previous[at]
    return stay
