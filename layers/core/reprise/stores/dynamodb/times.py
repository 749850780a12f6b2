"""Times as numbers: milliseconds since the epoch; whole seconds where TTL or the `due` index reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)


def ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def ms_up(moment: datetime) -> int:
    """Rounded up: for the end of a lease, which must not come early."""
    return -((_EPOCH - moment) // _MILLISECOND)


def seconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _SECOND


def seconds_up(moment: datetime) -> int:
    """Rounded up: for what must not be due, or expire, early."""
    return -((_EPOCH - moment) // _SECOND)


def from_ms(number: float) -> datetime:
    return _EPOCH + int(number) * _MILLISECOND


def from_ms_or_none(number: float | None) -> datetime | None:
    return None if number is None else from_ms(number)


def from_seconds(number: float) -> datetime:
    return _EPOCH + int(number) * _SECOND


def ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else ms(moment)
