"""How sure a match has to be, and who says so: the playlist, else its owner, else the instance (`S1-04`, `S1x-25`).

Thresholds lie in [0, 1]: an answer of lower confidence becomes "none". None means that none was set.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.refusals import InvalidInput

# As many as tell one threshold from another: a match report's policy version has no more.
DECIMALS = 3


class SetBy(StrEnum):
    PLAYLIST = "playlist"
    USER = "user"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The threshold in force, and whose it is."""

    value: float
    set_by: SetBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What holds for a person: their own threshold, None for none, and that of the instance."""

    user: float | None
    instance: float

    def in_force(self, playlist: float | None = None) -> Threshold:
        """For a playlist whose own threshold is `playlist`."""
        if playlist is not None:
            return Threshold(value=playlist, set_by=SetBy.PLAYLIST)
        if self.user is not None:
            return Threshold(value=self.user, set_by=SetBy.USER)
        return Threshold(value=self.instance, set_by=SetBy.INSTANCE)


def check_threshold(field: str, threshold: float | None) -> float | None:
    """Returns the threshold with the decimals that count. Raises `InvalidInput` for what is no threshold."""
    if threshold is None:
        return None
    if not 0.0 <= threshold <= 1.0:
        raise InvalidInput(field, "This must be a number from 0 to 1.")
    return round(abs(float(threshold)), DECIMALS)  # JSON has a negative zero and whole numbers
