"""Playlists, their state machine, and what a person chose for their tracks. Times are aware UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reprise.domain.events import AuditEvent
from reprise.domain.matches import Override
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    LastError,
    Playlist,
    Progress,
    Snapshot,
    SourceRef,
    SyncState,
)
from reprise.domain.settings import SettingsChange
from reprise.domain.waiting import WaitingJob, Wish


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

    def count(self, user_id: str) -> int:
        """How many a user has."""
        ...

    def due(self, tick: datetime) -> Iterator[tuple[str, str]]:
        """`(user_id, playlist_id)` of every enabled playlist with `due_at <= tick`, from the sparse index alone."""
        ...

    def begin(
        self,
        playlist: Playlist,
        *,
        run_id: str,
        lease_until: datetime,
        now: datetime,
        event: AuditEvent,
        job_id: str = "",
    ) -> bool:
        """Take the lease, set `syncing` and write the start event: all or nothing. `job_id` waits no more then.

        A disabled playlist may be synced by hand, so only its existence and the lease count. False when another run
        holds an unexpired lease, or the playlist is gone, or changed since it was read (its revision): then
        nothing changed. An enabled playlist becomes due when the lease ends, so a run that dies is taken up at the
        next tick (invariant 2). Calling again with the same `event`, as after a lost reply, is harmless here and below.
        """
        ...

    def note_waiting(self, user_id: str, playlist_id: str, wish: Wish, job: WaitingJob, *, now: datetime) -> bool:
        """Note that a job waits. False while another one waits for the same at `now`, and where there is no playlist.

        Noting the same job again is harmless.
        """
        ...

    def forget_waiting(self, user_id: str, playlist_id: str, wish: Wish, job_id: str) -> None:
        """A job waits no more. Does nothing where another one does by now."""
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

    def change(self, user_id: str, playlist_id: str, change: SettingsChange, events: Sequence[AuditEvent]) -> bool:
        """Change settings and write their events (at least one): all or nothing.

        A playlist that is switched on is due at the time of the events. False when there is no such playlist.
        """
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


class OverrideStore(Protocol):
    def of_user(self, user_id: str) -> tuple[Override, ...]:
        """Every manual choice of a user; empty for most."""
        ...

    def after(self, user_id: str, track_key: str | None) -> Iterator[Override]:
        """The same in the order of their keys, and only those after `track_key`, read as they are asked for."""
        ...

    def put(self, user_id: str, override: Override) -> None:
        """Replaces what was chosen for that track before."""
        ...

    def remove(self, user_id: str, track_key: str) -> bool:
        """Forget what was chosen for a track. False when nothing was."""
        ...


class AlreadyThere(Exception):
    """Something of that id exists."""


class LeaseLost(Exception):
    """Another run has taken over: stop, and write nothing more."""
