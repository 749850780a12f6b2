"""What has to be remembered between runs. Stores speak domain types; times are aware UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reprise.domain.accounts import Connection, Session, User
from reprise.domain.events import AuditEvent
from reprise.domain.health import Health
from reprise.domain.jobs import Lane
from reprise.domain.matches import MatchReport, Override
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    LastError,
    Playlist,
    Progress,
    Snapshot,
    SourcePlaylist,
    SourceRef,
    SyncState,
)
from reprise.domain.previews import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A slice of a list and where to go on; `cursor` is None at the end, opaque otherwise."""

    items: tuple[AuditEvent, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """What a finished run leaves on its playlist.

    None means "leave as it is" for `counts`, `verified_at`, `report_id`, `name`, `source_name` and `history`; it clears
    `last_error`, `held` and `written` (without a fingerprint the next run looks at everything again).
    """

    state: SyncState
    due_at: datetime
    job_id: str
    ended_at: datetime
    last_error: LastError | None
    counts: Counts | None = None
    written: Fingerprint | None = None
    verified_at: datetime | None = None
    report_id: str | None = None
    name: str | None = None
    source_name: str | None = None
    held: HeldBack | None = None
    history: tuple[Snapshot, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A list that was on the server before. `name` is what it is called there, and goes on being called."""

    remote_id: str
    name: str


class PlaylistStore(Protocol):
    """Playlists and their state machine: every change of state writes its audit event in the same transaction."""

    def add(self, playlist: Playlist, event: AuditEvent) -> None:
        """Raises `AlreadyThere` for an id in use."""
        ...

    def get(self, user_id: str, playlist_id: str) -> Playlist | None: ...

    def get_many(self, user_id: str, playlist_ids: Sequence[str]) -> tuple[Playlist, ...]:
        """Those that exist, in the order asked. One call for up to 100."""
        ...

    def of_user(self, user_id: str) -> tuple[Playlist, ...]:
        """All of a user's, oldest first."""
        ...

    def due(self, tick: datetime) -> Iterator[tuple[str, str]]:
        """`(user_id, playlist_id)` of every enabled playlist with `due_at <= tick`, from the sparse index alone."""
        ...

    def begin(
        self, playlist: Playlist, *, run_id: str, lease_until: datetime, now: datetime, event: AuditEvent
    ) -> bool:
        """Take the lease, set `syncing` and write the start event: all or nothing.

        A disabled playlist may be synced by hand, so only its existence and the lease count. False when another run
        holds an unexpired lease, or the playlist is gone, or changed since it was read (its revision): then
        nothing changed. An enabled playlist becomes due when the lease ends, so a run that dies is taken up at the
        next tick (invariant 2). Calling again with the same `event`, as after a lost reply, is harmless here and below.
        """
        ...

    def report_progress(self, user_id: str, playlist_id: str, *, run_id: str, progress: Progress) -> None:
        """Does nothing when the lease is no longer this run's."""
        ...

    def save_remote_id(self, user_id: str, playlist_id: str, *, run_id: str, remote_id: str | None) -> None:
        """Remember the list's id on the server at once (None: there is no list any more).

        Raises `LeaseLost` when the lease is no longer this run's.
        """
        ...

    def finish(self, user_id: str, playlist_id: str, *, run_id: str, end: RunEnd, event: AuditEvent) -> bool:
        """Leave `syncing`, free the lease and write the end event: all or nothing.

        A playlist disabled meanwhile stays without `due_at`. False when the lease is no longer this run's.
        """
        ...

    def set_enabled(
        self, user_id: str, playlist_id: str, *, enabled: bool, due_at: datetime | None, event: AuditEvent
    ) -> bool:
        """Switch the schedule on (with `due_at`) or off (None). False when there is no such playlist."""
        ...

    def link(self, user_id: str, playlist_id: str, *, remote: Link, due_at: datetime, event: AuditEvent) -> bool:
        """Make `remote` the list that is kept in step, forget what was written, and switch the schedule on.

        False when there is no such playlist, and while a run holds its lease (by the event's time): it would go on
        with the list it began with. One whose lease ran out saves nothing any more.
        """
        ...

    def unlink(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        """Let go of the remote list: forget its id and name and all that was written, count up the generation, and
        switch the schedule off. False when there is no such playlist, and while a run holds its lease.
        """
        ...

    def rename_remote(self, user_id: str, playlist_id: str, *, remote_name: str | None, event: AuditEvent) -> bool:
        """Give the remote list a name of its own (None: the playlist's). False when there is no such playlist."""
        ...

    def set_match_threshold(
        self, user_id: str, playlist_id: str, *, threshold: float | None, event: AuditEvent
    ) -> bool:
        """Give the playlist a threshold of its own (None: none). False when there is no such playlist."""
        ...

    def set_include_unmatched(self, user_id: str, playlist_id: str, *, include: bool, event: AuditEvent) -> bool:
        """Whether the remote list's comment names what is missing. False when there is no such playlist."""
        ...

    def change_source(
        self, user_id: str, playlist_id: str, *, source: SourceRef, due_at: datetime, event: AuditEvent
    ) -> bool:
        """Let the playlist come from elsewhere; an enabled one is due at `due_at`. False when there is none."""
        ...

    def answer_hold(
        self, user_id: str, playlist_id: str, *, report_id: str, answer: HoldAnswer, event: AuditEvent
    ) -> bool:
        """Note what a person said of the write that was held back.

        False when it is not that one that waits, and while a run holds the lease: it would decide without the answer.
        """
        ...

    def remove(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        """Forget a playlist. False when there is none."""
        ...


class EventStore(Protocol):
    """The audit trail."""

    def add(self, event: AuditEvent) -> None:
        """Idempotent by event id."""
        ...

    def of_playlist(self, user_id: str, playlist_id: str, *, limit: int, cursor: str | None) -> Page:
        """Newest first, at most `limit` of them. Raises `BadCursor` for a cursor that is none of ours."""
        ...

    def of_user(self, user_id: str, *, limit: int, cursor: str | None) -> Page:
        """The same for all of a user's playlists, those that are gone included."""
        ...


class HealthStore(Protocol):
    def get(self, user_id: str, connection_id: str) -> Health:
        """A healthy one where nothing is recorded."""
        ...

    def record_failure(self, before: Health, after: Health) -> Health:
        """Replace `before` by `after`, unless another worker was faster: then theirs stands and is returned."""
        ...

    def claim_probe(self, seen: Health, *, now: datetime, until: datetime) -> bool:
        """Be the one worker that tries a failing connection again: nobody else may before `until`.

        False when another worker's claim still holds at `now`, or the streak went on or ended since `seen` was read.
        """
        ...

    def reset(self, user_id: str, connection_id: str) -> None:
        """Healthy from now on."""
        ...


class LaneStore(Protocol):
    """Which job of a person runs, in each lane."""

    def enter(self, user_id: str, lane: Lane, *, holder: str, now: datetime, until: datetime) -> bool:
        """Be the one job in this lane. False while another holder is in it, whose time is not over at `now`.

        Asking again as the same holder, as after a lost reply, is harmless here and below.
        """
        ...

    def leave(self, user_id: str, lane: Lane, *, holder: str) -> None:
        """Make room; does nothing where somebody else is in the lane by now."""
        ...

    def clear(self, user_id: str) -> None:
        """Forget who is in any lane of this person."""
        ...


class UserStore(Protocol):
    def get(self, user_id: str) -> User | None: ...

    def upsert(self, user: User) -> User:
        """Create, or refresh what the server says (`admin`); an email already entered stays. Returns what is stored."""
        ...

    def set_email(self, user_id: str, email: str | None) -> None: ...

    def remove(self, user_id: str) -> None:
        """Forget a person; one who is not there is fine."""
        ...


class SessionStore(Protocol):
    def add(self, session: Session) -> None: ...

    def get(self, token_hash: str) -> Session | None: ...

    def of_user(self, user_id: str) -> tuple[Session, ...]: ...

    def remove(self, token_hash: str) -> None: ...


class AttemptStore(Protocol):
    """Counts attempts in fixed windows, for rate limits (`S1x-90`)."""

    def count(self, key: str, *, window_s: int, now: datetime) -> int:
        """Count one more attempt under `key` and return how many fell into the present window, this one included."""
        ...


class ConnectionStore(Protocol):
    def get(self, user_id: str, connection_id: str) -> Connection | None: ...

    def put(self, connection: Connection) -> None:
        """Create, or refresh the account and its credential; a threshold that is there already stays."""
        ...

    def set_match_threshold(self, user_id: str, connection_id: str, threshold: float | None) -> bool:
        """Keep the person's threshold (None: they have none). False when there is no such account."""
        ...

    def remove(self, user_id: str, connection_id: str) -> None:
        """Forget an account and its credential; one that is not there is fine."""
        ...


class OverrideStore(Protocol):
    def of_user(self, user_id: str) -> tuple[Override, ...]:
        """Every manual choice of a user; empty for most."""
        ...

    def put(self, user_id: str, override: Override) -> None:
        """Replaces what was chosen for that track before."""
        ...

    def remove(self, user_id: str, track_key: str) -> bool:
        """Forget what was chosen for a track. False when nothing was."""
        ...


class SourceContentStore(Protocol):
    """Uploaded playlists, as parsed. `locator` names the content by its digest: equal content, equal locator."""

    def save(self, user_id: str, playlist: SourcePlaylist) -> str:
        """Returns the locator."""
        ...

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCache:
    """What a source last said of a playlist, and how to ask it only for news.

    `etag` and `last_modified` are as the source sent them, "" where it sent none. `version` and `content` (a locator
    of `SourceContentStore`) are what the playlist was at `fetched_at`. `not_before` is when the source wants to be
    asked again at the earliest, None for at once.
    """

    etag: str
    last_modified: str
    version: str
    content: str
    fetched_at: datetime
    not_before: datetime | None = None


class SourceCacheStore(Protocol):
    """What sources remember between runs, per user: the same locator is asked for each of them by itself.

    `kind` is the source's, `locator` its own name for the playlist; it may hold a secret, so no store tells it on.
    """

    def get(self, user_id: str, kind: str, locator: str) -> SourceCache | None: ...

    def put(self, user_id: str, kind: str, locator: str, cache: SourceCache) -> None:
        """Replaces what was there."""
        ...


class ReportStore(Protocol):
    def save(self, user_id: str, report: MatchReport) -> None: ...

    def load(self, user_id: str, playlist_id: str, report_id: str) -> MatchReport | None: ...

    def remove(self, user_id: str, reports: Sequence[tuple[str, str]]) -> None:
        """Delete reports by playlist and id; one that is not there is fine. Raises `OSError` when some were kept."""
        ...


class PreviewStore(Protocol):
    """What a sync would do, one per playlist: the newest replaces the one before."""

    def save(self, user_id: str, playlist_id: str, preview: Preview) -> None: ...

    def load(self, user_id: str, playlist_id: str) -> Preview | None: ...


class PersonalFiles(Protocol):
    """Everything that the stores of contents, caches, reports, previews and library indexes keep of one person."""

    def forget(self, user_id: str) -> None:
        """Delete all of it; what is not there is fine."""
        ...

    def forget_playlist(self, user_id: str, playlist_id: str) -> None:
        """Delete the reports and the preview of one playlist. Contents stay: another playlist may have the same."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryHead:
    """What is known of a stored library index without loading it. `version` is a digest of its content."""

    version: str
    stamp: str
    song_count: int
    checked_at: datetime


class LibraryIndexStore(Protocol):
    """Encoded library indexes, one current per user and server. The bytes are the matcher's business."""

    def head(self, user_id: str, server_url: str) -> LibraryHead | None: ...

    def load(self, user_id: str, server_url: str, version: str) -> bytes | None:
        """None when that version is no longer there."""
        ...

    def save(self, user_id: str, server_url: str, head: LibraryHead, data: bytes | None) -> None:
        """Make `head` the current one, atomically. `data` None: the version is already stored, only the head moves."""
        ...


class AlreadyThere(Exception):
    """Something of that id exists."""


class LeaseLost(Exception):
    """Another run has taken over: stop, and write nothing more."""


class BadCursor(ValueError):
    """A cursor that was not handed out by this store."""
