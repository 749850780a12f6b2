"""How strict the matcher is on this instance."""

from __future__ import annotations

from reprise.matching.policy import DEFAULT_THRESHOLD, MatchPolicy


def match_policy(threshold: float | None) -> MatchPolicy:
    """`threshold` is the setting; None takes the calibrated one."""
    return MatchPolicy(threshold=DEFAULT_THRESHOLD if threshold is None else threshold)
