"""Work for the sync function: ids, never payloads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from reprise.domain.ids import slot_start

PLAYLISTS_PER_JOB = 25


class Reason(StrEnum):
    SCHEDULE = "schedule"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncJob:
    """Sync these playlists of this user. `slot` is the start of the schedule's slot it belongs to.

    The same tick delivered twice makes the same `job_id`; a manual job has an id of its own.
    """

    job_id: str
    user_id: str
    playlist_ids: tuple[str, ...]
    reason: Reason
    slot: datetime


def jobs_for_tick(due: Iterable[tuple[str, str]], *, tick: datetime, interval: timedelta) -> Iterator[SyncJob]:
    """One job per user and at most 25 playlists, from `(user_id, playlist_id)` pairs in any order."""
    slot = slot_start(tick, interval)
    by_user: dict[str, set[str]] = {}
    for user_id, playlist_id in due:
        by_user.setdefault(user_id, set()).add(playlist_id)
    for user_id, playlist_ids in sorted(by_user.items()):
        for chunk in _chunks(sorted(playlist_ids)):
            yield SyncJob(
                job_id=_job_id(user_id, chunk, slot),
                user_id=user_id,
                playlist_ids=chunk,
                reason=Reason.SCHEDULE,
                slot=slot,
            )


def manual_jobs(
    user_id: str, playlist_ids: Iterable[str], *, job_ids: Iterator[str], now: datetime, interval: timedelta
) -> Iterator[SyncJob]:
    """Jobs for a person's own request, with ids taken from `job_ids`."""
    for chunk in _chunks(list(dict.fromkeys(playlist_ids))):
        yield SyncJob(
            job_id=next(job_ids),
            user_id=user_id,
            playlist_ids=chunk,
            reason=Reason.MANUAL,
            slot=slot_start(now, interval),
        )


def _chunks(playlist_ids: list[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(playlist_ids)
    while chunk := tuple(islice(remaining, PLAYLISTS_PER_JOB)):
        yield chunk


def _job_id(user_id: str, playlist_ids: tuple[str, ...], slot: datetime) -> str:
    named = "\n".join((user_id, slot.isoformat(), *playlist_ids))
    return f"tick-{hashlib.sha256(named.encode()).hexdigest()[:24]}"
