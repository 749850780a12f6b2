"""What there is to tell a person about one connection: the notifier's own reading of an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprise.domain.connections import Party
from reprise.domain.outcomes import Fault, PlaylistEnd

# The cause of a failure that is the connection's own. Others are one playlist's: see `cause_of`.
CONNECTION_CAUSE = "connection"


class NoticeType(StrEnum):
    # A person has to act (`S0-01`).
    FAILED = "sync.failed"
    # The connection worked (`S0-12`).
    SUCCEEDED = "sync.succeeded"
    # The person signed in or connected again (`S0-13`, `S0-17`).
    RECONNECTED = "connection.reconnected"
    # A failure that may pass by itself: recorded, and never an email by itself (`S0x-11`).
    DEGRADED = "sync.degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell. The same outcome always makes the same `notice_id`.

    `cause` is what one failure of a connection is told apart by from another: the connection itself, or one playlist.
    `fault` and `first_failure_at` are None where nothing failed.
    """

    notice_id: str
    notice_type: NoticeType
    user_id: str
    party: Party
    occurred_at: datetime
    ends: tuple[PlaylistEnd, ...] = ()
    cause: str = CONNECTION_CAUSE
    fault: Fault | None = None
    first_failure_at: datetime | None = None

    def resolves(self, cause: str) -> bool:
        """Returns True if this notice shows that an earlier failure of `cause` is over.

        Signing in resolves everything of that connection; a success resolves the connection, and the playlists
        that ended in it without a fault of their own.
        """
        if self.notice_type is NoticeType.RECONNECTED:
            return True
        if self.notice_type is not NoticeType.SUCCEEDED:
            return False
        ended_well = {cause_of(end.playlist_id) for end in self.ends if end.fault is None}
        return cause == CONNECTION_CAUSE or cause in ended_well


def cause_of(playlist_id: str) -> str:
    """Returns the cause of failures that are one playlist's own."""
    return f"playlist:{playlist_id}"
