"""Stored times are milliseconds, due times are seconds: the fakes round as the tables do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)


def stored(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return _EPOCH + (moment - _EPOCH) // _MILLISECOND * _MILLISECOND


def stored_or_none(moment: datetime | None) -> datetime | None:
    return None if moment is None else stored(moment)


def lease_end(moment: datetime) -> datetime:
    """Up to whole milliseconds: a lease never ends early."""
    return _EPOCH - (_EPOCH - moment) // _MILLISECOND * _MILLISECOND


def due(moment: datetime) -> datetime:
    """Up to whole seconds: nothing is due early."""
    return _EPOCH - (_EPOCH - moment) // _SECOND * _SECOND
