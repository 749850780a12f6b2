"""One end for everything that belongs to a request."""

from __future__ import annotations

import time
from collections.abc import Callable

from reprise.http.errors import DeadlineExceeded


class Deadline:
    """Holds for all steps together, however slowly bytes arrive. `clock` is in seconds, monotonic."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends = clock() + seconds

    def left_s(self) -> float:
        """Returns the seconds left, more than 0. Raises `DeadlineExceeded`."""
        left = self._ends - self._clock()
        if left <= 0:
            raise DeadlineExceeded
        return left
