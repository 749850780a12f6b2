"""What servers write into `Retry-After`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.http.retry_after import RETRY_AFTER_MAX_S, retry_after_s

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("-7", None),
        ("1.5", None),
        ("soon", None),
        ("99999999", RETRY_AFTER_MAX_S),
        ("9" * 50, RETRY_AFTER_MAX_S),
        ("Sat, 21 Nov 2026 12:00:30 -0000", 30),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 21 Nov 2036 12:00:00 GMT", RETRY_AFTER_MAX_S),
    ],
)
def test_retry_after(header: str, seconds: int | None) -> None:
    assert retry_after_s(header, NOON) == seconds


@given(st.text(max_size=60))
def test_retry_after_is_a_sensible_number_or_none(header: str) -> None:
    seconds = retry_after_s(header, NOON)
    assert seconds is None or 0 <= seconds <= RETRY_AFTER_MAX_S
