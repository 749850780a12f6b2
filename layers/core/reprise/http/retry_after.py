"""The `Retry-After` header, which every server writes in its own way."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# No server may silence us for longer than a day.
RETRY_AFTER_MAX_S = 86_400


def retry_after_s(value: str, now: datetime) -> int | None:
    """Returns the seconds that `value` (a number or a date) asks for, at most a day; None if it holds neither."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:12]), RETRY_AFTER_MAX_S)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(round(wait.total_seconds()), 0), RETRY_AFTER_MAX_S)
