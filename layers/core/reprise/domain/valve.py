"""The safety valve: when a sync would do to a good playlist what nobody wants, it is held back (`S1-W8`, invariant 10).

A source that vanished, came back empty or lost most of its tracks, and a library in which suddenly hardly anything is
found, look the same as a person's wish to shorten a list. So the write waits until a person says which it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.playlists import Counts, HoldReason

# Lists of up to so many songs may change as they like: half of four is two.
SMALL_LIST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ValvePolicy:
    """`max_shrink` is the share of tracks that may be lost at once, `min_match_rate` the share that must be found.

    Both in [0, 1]. A `max_shrink` of 1 and a `min_match_rate` of 0 leave the valve open for all but empty sources.
    """

    max_shrink: float = 0.5
    min_match_rate: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.max_shrink <= 1.0 and 0.0 <= self.min_match_rate <= 1.0):
            raise ValueError("shares lie between 0 and 1")


def hold_reason(before: Counts, now: Counts, policy: ValvePolicy) -> tuple[HoldReason, str] | None:
    """Why a list that holds `before` must not become `now` unasked, with a sentence; None when it may.

    `before` are the counts of the last write; with nothing written before (`matched` 0) only the match rate counts.
    """
    if before.matched and not now.total:
        return HoldReason.SOURCE_EMPTY, f"The playlist is empty at its source; it had {before.total} tracks."
    if before.matched > SMALL_LIST and now.total < before.total * (1 - policy.max_shrink):
        return HoldReason.SOURCE_SHRANK, f"The playlist shrank at its source from {before.total} tracks to {now.total}."
    if before.matched > SMALL_LIST and now.matched < before.matched * (1 - policy.max_shrink):
        return (
            HoldReason.MATCHES_SHRANK,
            f"Only {now.matched} of {now.total} tracks are found in your library now; {before.matched} were before.",
        )
    if now.total and now.rate < policy.min_match_rate:
        return HoldReason.MATCH_RATE_LOW, f"Only {now.matched} of {now.total} tracks are found in your library."
    return None
