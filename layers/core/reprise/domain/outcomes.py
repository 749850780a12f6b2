"""What happened to one connection in one job, as facts: whether that is worth telling is for the notifier to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reprise.domain.connections import Party
from reprise.domain.failures import FailureKind
from reprise.domain.health import Health
from reprise.domain.playlists import Playlist, SyncState

# Letters of a playlist's name that are passed on: a whole job's ends have to fit into one message.
NAME_TOLD_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a connection is doing. `failures` in a row since `since`; 0 and None for a healthy one.

    `latched` means that it is not called again until the person reconnects.
    """

    failures: int = 0
    since: datetime | None = None
    latched: bool = False

    @classmethod
    def of(cls, health: Health) -> Standing:
        return cls(failures=health.consecutive_failures, since=health.first_failure_at, latched=health.latched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What failed: `detail` is one sentence of our own words, or ""; `status` is an HTTP status, None for none."""

    kind: FailureKind
    detail: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistEnd:
    """How one playlist's run ended. `fault` is set where it failed for good, by itself, at the outcome's connection."""

    playlist_id: str
    name: str
    state: SyncState
    fault: Fault | None = None

    @classmethod
    def of(cls, playlist: Playlist, state: SyncState, fault: Fault | None = None) -> PlaylistEnd:
        """Returns an end of `playlist`, its name cut to what a message has room for."""
        name = playlist.name
        if len(name) > NAME_TOLD_MAX:
            name = f"{name[: NAME_TOLD_MAX - 1].rstrip()}…"
        return cls(playlist_id=playlist.playlist_id, name=name, state=state, fault=fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One message to the notifier, per job and connection. The same run always makes the same `outcome_id`.

    `before` and `after` are the connection's standing around the job. `fault` is what failed of the connection itself,
    None where it worked. `reconnected` means that there was no job: the person signed in or connected again
    (`S0-13`, `S0-17`). `ends` are the playlists that came as far as this connection, or were kept from it by `fault`.
    """

    outcome_id: str
    user_id: str
    party: Party
    occurred_at: datetime
    before: Standing = Standing()
    after: Standing = Standing()
    fault: Fault | None = None
    reconnected: bool = False
    ends: tuple[PlaylistEnd, ...] = ()
