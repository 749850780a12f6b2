"""Jobs that wait to be begun. Each is noted with its playlist: asking for the same again makes no further one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wish(StrEnum):
    """What a person can ask for. One job waits for each of them and each playlist."""

    SYNC = "sync"
    # Of every playlist that is switched on: noted with the first one of each job.
    SYNC_ALL = "sync_all"
    REBUILD = "rebuild"
    RECREATE = "recreate"
    DELETE_REMOTE = "delete_remote"
    UNDO = "undo"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingJob:
    """A job that was queued and has not begun. Past `until` it counts no more: it may have been lost.

    `argument` is that of the job: another one makes it another wish.
    """

    job_id: str
    until: datetime
    argument: str = ""
