"""When a message that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

# After the first try, and twice as long after each further one: whoever waits for it waits about as long again as the
# trouble lasted, and at most an hour longer.
RETRY_FIRST = timedelta(seconds=30)
RETRY_LONGEST = timedelta(hours=1)


def retry_after(tries: int) -> timedelta:
    """Returns how long to wait when `tries` (at least 1) have failed."""
    doublings = min(max(tries, 1) - 1, 10)
    return min(RETRY_FIRST * (1 << doublings), RETRY_LONGEST)
