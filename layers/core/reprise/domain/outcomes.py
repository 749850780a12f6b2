"""What the sync side tells the notifier: how a connection fared in one job (invariant 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reprise.domain.failures import FailureKind
from reprise.domain.playlists import Playlist, SyncState

CONNECTION_CAUSE = "connection"
NAME_TOLD_MAX = 80
"""Letters of a playlist's name that are passed on: a whole job's ends have to fit into one message."""


class OutcomeType(StrEnum):
    FAILED = "sync.failed"
    """A fatal failure: a person has to act (`S0-01`)."""
    SUCCEEDED = "sync.succeeded"
    """The connection worked (`S0-12`); `playlists` says which ended and how."""
    RECONNECTED = "connection.reconnected"
    """The person signed in or reconnected (`S0-13`, `S0-17`)."""
    DEGRADED = "sync.degraded"
    """A retriable failure: recorded, and never an email by itself (`S0x-11`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEnd:
    """How one playlist's run ended. `fatal` is True when it failed for good by its own fault (not the connection's)."""

    playlist_id: str
    name: str
    state: SyncState
    fatal: bool = False

    @classmethod
    def of(cls, playlist: Playlist, state: SyncState, *, fatal: bool = False) -> PlaylistEnd:
        """An end of `playlist`, its name cut to what a message has room for."""
        name = playlist.name
        if len(name) > NAME_TOLD_MAX:
            name = f"{name[: NAME_TOLD_MAX - 1].rstrip()}…"
        return cls(playlist_id=playlist.playlist_id, name=name, state=state, fatal=fatal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One message to the notifier, per job and connection. The same run always makes the same `outcome_id`.

    `provider` is the connection's stable id, `provider_name` what a person calls it. `detail` is what a person is told
    of the failure, whole and in our own words; "" when nothing failed. `failure_kind`, `status` (HTTP) and
    `first_failure_at` are None unless something failed. `cause` is "connection", or "playlist:<id>" when the fault is
    one playlist's own.
    """

    outcome_id: str
    outcome_type: OutcomeType
    user_id: str
    provider: str
    provider_name: str
    occurred_at: datetime
    playlists: tuple[PlaylistEnd, ...] = ()
    cause: str = CONNECTION_CAUSE
    failure_kind: FailureKind | None = None
    detail: str = ""
    status: int | None = None
    first_failure_at: datetime | None = None

    def resolves(self, cause: str) -> bool:
        """True when this outcome shows that an earlier failure of `cause` is over.

        Signing in resolves everything of that provider; a success resolves the connection, and the playlists
        that ended in it without a fault of their own.
        """
        if self.outcome_type is OutcomeType.RECONNECTED:
            return True
        if self.outcome_type is not OutcomeType.SUCCEEDED:
            return False
        ended_well = {f"playlist:{end.playlist_id}" for end in self.playlists if not end.fatal}
        return cause == CONNECTION_CAUSE or cause in ended_well
