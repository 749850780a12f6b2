"""How often something may be tried, and what a person is told who tried too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.refusals import TooManyAttempts
from reprise_dev.doubles.fakes import MemoryAttempts

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LIMIT = Limit(attempts=2, window=timedelta(hours=1))


@pytest.mark.parametrize(
    ("into", "seconds", "words"),
    [
        (timedelta(), 3600, "60 minutes"),
        (timedelta(minutes=58), 120, "2 minutes"),
        (timedelta(minutes=58, seconds=59), 61, "2 minutes"),
        (timedelta(minutes=59), 60, "1 minute"),
        (timedelta(minutes=59, seconds=59), 1, "1 minute"),
    ],
)
def test_one_more_than_allowed_is_told_when_the_window_ends(into: timedelta, seconds: int, words: str) -> None:
    attempts, now = MemoryAttempts(), NOON + into
    for _ in range(LIMIT.attempts):
        limit_attempts("ann", LIMIT, attempts=attempts, now=now)
    with pytest.raises(TooManyAttempts) as refused:
        limit_attempts("ann", LIMIT, attempts=attempts, now=now)
    assert refused.value.retry_after_s == seconds
    assert str(refused.value) == refused.value.sentence == f"Too many attempts. Try again in {words}."
    limit_attempts("ann", LIMIT, attempts=attempts, now=now + timedelta(seconds=seconds))
    limit_attempts("ben", LIMIT, attempts=attempts, now=now)
