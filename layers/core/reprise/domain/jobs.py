"""Work for the sync function: ids, never payloads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

# So much before the tick that is to take it up, a playlist is due already: two ticks may be planned a little less than
# an interval apart.
DUE_SLACK = timedelta(minutes=1)
# One job looks at a person's server once, however many playlists it has. What it tells the notifier of so many has to
# fit into one message, and two reads fetch them all.
PLAYLISTS_PER_JOB = 200
# A job that is put off waits so long the first time, and twice as long each further time, up to what SQS delays a
# message by at most. The two leases that can lie in its way one after the other are over at the ninth time.
WAIT_MIN = timedelta(seconds=5)
WAIT_MAX = timedelta(minutes=15)

# So many messages follow one from the other at most. Lambda stops a chain in which a function leads back to itself
# after about sixteen, and says nothing to the person who asked for what it stops.
CHAIN_MAX = 15


class Reason(StrEnum):
    SCHEDULE = "schedule"
    MANUAL = "manual"


class Lane(StrEnum):
    """How many jobs of one person run at a time: one in each lane. So a slow server holds up its owner and nobody else,
    and a person at the button does not wait for the schedule.
    """

    SCHEDULE = "schedule"
    MANUAL = "manual"


class Operation(StrEnum):
    """What is to be done with the playlists of a job."""

    SYNC = "sync"
    # Read the library afresh, match everything again, rewrite in place.
    REBUILD = "rebuild"
    # Delete the remote list, then make it anew (`S1-12`).
    RECREATE = "recreate"
    # Delete the remote list and let go of it (`S1x-16`).
    DELETE_REMOTE = "delete_remote"
    # Write the list of an earlier report again; `argument` is its id.
    UNDO = "undo"
    # Find out what a sync would write, and write nothing.
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncJob:
    """Work on these playlists of this user. `asked_at` is the planned time of the tick, or when the person asked.

    The same tick delivered twice makes the same `job_id`; a manual job has an id of its own. `argument` is "" for
    operations that take none. `waited` counts how often it was put off for another job of the same person; `hops`
    counts the messages that led to this one, by putting off and by handing on.
    """

    job_id: str
    user_id: str
    playlist_ids: tuple[str, ...]
    reason: Reason
    asked_at: datetime
    operation: Operation = Operation.SYNC
    argument: str = ""
    waited: int = 0
    hops: int = 0

    @property
    def lane(self) -> Lane:
        return Lane.SCHEDULE if self.reason is Reason.SCHEDULE else Lane.MANUAL

    @property
    def asked_id(self) -> str:
        """The id of the job that this one was handed on from, or its own."""
        return self.job_id.partition("+")[0]

    @property
    def wait(self) -> timedelta:
        """How long to put it off the next time."""
        return min(WAIT_MIN * (1 << min(self.waited, CHAIN_MAX)), WAIT_MAX)

    @property
    def ends_chain(self) -> bool:
        """True where no further message may follow from this one."""
        return self.hops + 1 >= CHAIN_MAX

    def put_off(self, playlist_ids: tuple[str, ...]) -> SyncJob:
        """The same job, once more, for those of its playlists that could not be worked on yet."""
        return replace(self, playlist_ids=playlist_ids, waited=self.waited + 1, hops=self.hops + 1)

    def handed_on(self, playlist_ids: tuple[str, ...]) -> SyncJob:
        """A job for those of its playlists that there was no time for."""
        return replace(
            self, job_id=f"{self.asked_id}+{len(playlist_ids)}", playlist_ids=playlist_ids, hops=self.hops + 1
        )

    def next_due(self, *, was_due: datetime | None, ended: datetime, interval: timedelta) -> datetime:
        """Returns when a playlist is due again that this job ended with at `ended`.

        After a tick: at the tick one interval later, at whatever minute ticks come and however long the job waited and
        took; if that tick is past, at the next one. A person's own job leaves the schedule as it was; `was_due` is None
        where the playlist had no place in it.
        """
        if self.reason is Reason.MANUAL:
            return was_due or ended
        return max(self.asked_at + interval - min(DUE_SLACK, interval / 2), ended)


def jobs_for_tick(due: Iterable[tuple[str, str]], *, tick: datetime) -> Iterator[SyncJob]:
    """One job per user and at most 200 playlists, from `(user_id, playlist_id)` pairs in any order."""
    by_user: dict[str, set[str]] = {}
    for user_id, playlist_id in due:
        by_user.setdefault(user_id, set()).add(playlist_id)
    for user_id, playlist_ids in sorted(by_user.items()):
        for chunk in _chunks(sorted(playlist_ids)):
            yield SyncJob(
                job_id=_job_id(user_id, chunk, tick),
                user_id=user_id,
                playlist_ids=chunk,
                reason=Reason.SCHEDULE,
                asked_at=tick,
            )


def manual_jobs(
    user_id: str,
    playlist_ids: Iterable[str],
    *,
    job_ids: Iterator[str],
    now: datetime,
    operation: Operation = Operation.SYNC,
    argument: str = "",
) -> Iterator[SyncJob]:
    """Jobs for a person's own request, with ids taken from `job_ids`."""
    for chunk in _chunks(list(dict.fromkeys(playlist_ids))):
        yield SyncJob(
            job_id=next(job_ids),
            user_id=user_id,
            playlist_ids=chunk,
            reason=Reason.MANUAL,
            asked_at=now,
            operation=operation,
            argument=argument,
        )


def _chunks(playlist_ids: list[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(playlist_ids)
    while chunk := tuple(islice(remaining, PLAYLISTS_PER_JOB)):
        yield chunk


def _job_id(user_id: str, playlist_ids: tuple[str, ...], tick: datetime) -> str:
    named = "\n".join((user_id, tick.isoformat(), *playlist_ids))
    return f"tick-{hashlib.sha256(named.encode()).hexdigest()[:24]}"
