"""A playlist kept in step, and the states it goes through (`S1-05`…`08`, `S1-29`).

pending ─▶ syncing ─▶ success | warning | error ─▶ syncing ─▶ …      disabling leaves the machine
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reprise.domain.connections import ConnectionId
from reprise.domain.failures import FailureKind
from reprise.domain.tracks import SourceTrack
from reprise.domain.waiting import WaitingJob, Wish

NAME_MAX = 255

# How every marker begins.
MARKER_PREFIX = "reprise:"


class SyncState(StrEnum):
    PENDING = "pending"
    SYNCING = "syncing"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """Where a playlist comes from. `kind` is a source's stable id ("files"); `locator` is opaque to all others, and may
    hold a secret (an address with a token): it is shown nowhere.

    `version` names the content as last seen, None when the source cannot say without being read.
    `label` is what a person recognises ("JSPF file", "Spotify"). `connection_id` is what it is read over, None for
    what a person uploaded.
    """

    kind: str
    locator: str = field(repr=False)
    label: str
    version: str | None = None
    connection_id: ConnectionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlaylist:
    """A playlist as its source has it now, order and repetitions kept. `version` changes when `tracks` may have."""

    name: str
    tracks: tuple[SourceTrack, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How a playlist's tracks were found (`S1x-12`). `by_method` maps a method's value to a number, zeros left out."""

    total: int = 0
    matched: int = 0
    by_method: Mapping[str, int] = field(default_factory=dict)

    @property
    def unmatched(self) -> int:
        return self.total - self.matched

    @property
    def rate(self) -> float:
        """Share of tracks found, in [0, 1]; 0 for a playlist of none."""
        return self.matched / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a running sync is: `phase` in words, `done` of `total` steps (0 of 0: not countable)."""

    phase: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """Why the state is `error` (or what a `warning` says): kind None for warnings, `sentence` for a person.

    `connection_id` is what failed; None for warnings, and where that was not noted.
    """

    kind: FailureKind | None
    sentence: str
    connection_id: ConnectionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What the last write was made of. Equal fingerprints mean that nothing can have changed: "unchanged means free".

    `source`, `library`, `policy` and `overrides` are version strings; `name` is the name given to the remote list;
    `include_unmatched_tracks` is whether its comment told what is missing.
    """

    source: str
    library: str
    policy: str
    overrides: str
    name: str
    include_unmatched_tracks: bool = False


class HoldReason(StrEnum):
    """Why the safety valve held a write back."""

    SOURCE_EMPTY = "source_empty"
    SOURCE_SHRANK = "source_shrank"
    MATCHES_SHRANK = "matches_shrank"
    MATCH_RATE_LOW = "match_rate_low"


class HoldAnswer(StrEnum):
    """What a person said of a write that was held back."""

    WAITING = "waiting"
    # Write it: the next run does, if what it would write is still made of the same.
    CONFIRMED = "confirmed"
    # Leave the list as it is, until something changes.
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A write that waits for a person. `report_id` is what would be written; `fingerprint` what it is made of."""

    reason: HoldReason
    sentence: str
    report_id: str
    since: datetime
    fingerprint: Fingerprint
    answer: HoldAnswer = HoldAnswer.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A list as it was written once: `report_id` names the report that holds its `songs` songs."""

    report_id: str
    written_at: datetime
    songs: int


# So many written lists can be gone back to.
HISTORY_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """One playlist of one user. One read of it shows a list row or a detail page (`S1-07`, `S1-25`).

    `remote_id` is the list's id on the music server, None before the first write. `lease_until` is when the
    running sync loses its right to write, None when none runs. `due_at` is when the schedule wants it next,
    None while disabled. `written` is None until something was written. `verified_at` is when the remote
    list was last seen to be what we wrote. `report_id` names the stored match report. `held` is the write
    that waits for a person, None for none. `history` are the last lists written, newest first. `generation`
    counts how often the playlist let go of its remote list: a later one never takes up an earlier one's.
    `match_threshold` is the playlist's own, None for that of its owner or the instance. `include_unmatched_tracks`
    has the comment of the remote list name what is not in the library (`S1x-11`).
    `revision` counts changes that matter to a run, so that none begins with what it read before one. `source_name` is
    what the source called it when last read, None where that was not noted. `waiting` are jobs that a person asked for
    and that have not begun.
    """

    user_id: str
    playlist_id: str
    name: str
    source: SourceRef
    created_at: datetime
    enabled: bool = True
    state: SyncState = SyncState.PENDING
    counts: Counts = field(default_factory=Counts)
    remote_id: str | None = None
    remote_name: str | None = None
    last_synced_at: datetime | None = None
    last_error: LastError | None = None
    last_job_id: str | None = None
    report_id: str | None = None
    written: Fingerprint | None = None
    verified_at: datetime | None = None
    progress: Progress | None = None
    run_id: str | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None
    held: HeldBack | None = None
    history: tuple[Snapshot, ...] = ()
    generation: int = 0
    match_threshold: float | None = None
    include_unmatched_tracks: bool = False
    revision: int = 0
    source_name: str | None = None
    waiting: Mapping[Wish, WaitingJob] = field(default_factory=dict)

    def waiting_for(self, wish: Wish, argument: str, now: datetime) -> str | None:
        """The id of the job that waits to do this; None where none does."""
        job = self.waiting.get(wish)
        return job.job_id if job is not None and job.argument == argument and job.until > now else None

    def wishes_of(self, job_id: str) -> tuple[Wish, ...]:
        """What is noted to wait for this job."""
        return tuple(wish for wish, job in self.waiting.items() if job.job_id == job_id)

    def interrupted(self, now: datetime) -> bool:
        """True when it says `syncing` but the run that said so is gone (invariant 2)."""
        return self.state is SyncState.SYNCING and (self.lease_until is None or self.lease_until <= now)

    def renamed_by(self, source_name: str) -> str | None:
        """The name to take over from the source; None where it has not changed, or a person chose another."""
        followed = self.source_name is not None and self.name == self.source_name
        return source_name[:NAME_MAX] if followed and source_name and source_name != self.source_name else None

    @property
    def target_name(self) -> str:
        """The name the list bears on the music server (`S1-26`)."""
        return self.remote_name or self.name

    @property
    def marker(self) -> str:
        """What marks the remote list as ours, in its comment and, while it is being made, in its name."""
        return f"{MARKER_PREFIX}{self.playlist_id}" + (f"-g{self.generation}" if self.generation else "")
