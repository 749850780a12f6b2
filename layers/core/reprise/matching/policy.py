"""How strict the matcher is. Handed in, never read from anywhere (`S1-04`, `S1x-25`)."""

from __future__ import annotations

from dataclasses import dataclass

# Changes whenever the matcher may answer differently: every playlist is then matched afresh.
ALGORITHM = "3"

DEFAULT_THRESHOLD = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPolicy:
    """`threshold` in [0, 1]: answers of lower confidence become "none"."""

    threshold: float = DEFAULT_THRESHOLD

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError("the threshold lies between 0 and 1")

    @property
    def version(self) -> str:
        return f"{ALGORITHM}:{self.threshold:.3f}"
