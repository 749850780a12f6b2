"""From what happened to what there is to tell: the first step of the notifier. Pure.

reconnected                                   ─▶ reconnected
the connection failed ─ latched, or lasting   ─▶ failed
                      └ otherwise             ─▶ degraded
the connection worked                         ─▶ succeeded, and failed for each playlist at fault itself
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from reprise.domain.failures import latches
from reprise.domain.notices import CONNECTION_CAUSE, Notice, NoticeType, cause_of
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd

# From when on a failure that would pass by itself is worth telling a person: so many in a row, or for so long.
LASTING_FAILURES = 3
LASTING_TIME = timedelta(hours=24)


def derive(outcome: Outcome) -> tuple[Notice, ...]:
    """Returns what there is to tell of `outcome`, the connection first; the same each time."""
    if outcome.reconnected:
        return (_notice(outcome, NoticeType.RECONNECTED, outcome.ends),)
    if outcome.fault is not None:
        told = NoticeType.FAILED if latches(outcome.fault.kind) or _lasting(outcome) else NoticeType.DEGRADED
        since = outcome.after.since or outcome.occurred_at
        return (_notice(outcome, told, outcome.ends, fault=outcome.fault, since=since),)
    at_fault = [
        _notice(
            outcome,
            NoticeType.FAILED,
            [end],
            cause=cause_of(end.playlist_id),
            fault=end.fault,
            since=outcome.occurred_at,
        )
        for end in outcome.ends
        if end.fault is not None
    ]
    return (_notice(outcome, NoticeType.SUCCEEDED, outcome.ends), *at_fault)


def _lasting(outcome: Outcome) -> bool:
    since = outcome.after.since
    return outcome.after.failures >= LASTING_FAILURES or (
        since is not None and outcome.occurred_at - since >= LASTING_TIME
    )


def _notice(
    outcome: Outcome,
    notice_type: NoticeType,
    ends: Sequence[PlaylistEnd],
    *,
    cause: str = CONNECTION_CAUSE,
    fault: Fault | None = None,
    since: datetime | None = None,
) -> Notice:
    return Notice(
        notice_id=f"{outcome.outcome_id}:{cause}:{notice_type.value}",
        notice_type=notice_type,
        user_id=outcome.user_id,
        party=outcome.party,
        occurred_at=outcome.occurred_at,
        ends=tuple(ends),
        cause=cause,
        fault=fault,
        first_failure_at=since,
    )
