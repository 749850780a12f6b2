"""Playlists and their state machine in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from reprise.domain.changes import linked, unlinked, with_answer, with_source
from reprise.domain.events import AuditEvent
from reprise.domain.playlists import HeldBack, HoldAnswer, Playlist, Progress, Snapshot, SourceRef, SyncState
from reprise.domain.settings import SettingsChange, with_settings
from reprise.domain.waiting import WaitingJob, Wish
from reprise.ports.playlists import AlreadyThere, LeaseLost, Link, RunEnd
from reprise_dev.doubles.fakes.events import MemoryEvents
from reprise_dev.doubles.fakes.rounding import due, lease_end, stored, stored_or_none

_Key = tuple[str, str]


class MemoryPlaylists:
    """Writes its audit events into the `events` it is given. An event that is already there proves a repeated call."""

    def __init__(self, events: MemoryEvents) -> None:
        self._events = events
        # `due_at` is kept here even while a playlist is disabled, and shown only while it is enabled.
        self._rows: dict[_Key, Playlist] = {}
        self._lock = threading.RLock()

    def place(self, playlist: Playlist) -> None:
        """Arrange a test: put a playlist there as it is, without an event."""
        with self._lock:
            self._rows[playlist.user_id, playlist.playlist_id] = _rounded(playlist)

    def add(self, playlist: Playlist, event: AuditEvent) -> None:
        with self._lock:
            if self._events.has(event):
                return
            if (playlist.user_id, playlist.playlist_id) in self._rows:
                raise AlreadyThere(f"playlist {playlist.playlist_id}")
            self.place(playlist)
            self._events.add(event)

    def get(self, user_id: str, playlist_id: str) -> Playlist | None:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
        return None if row is None else _shown(row)

    def get_many(self, user_id: str, playlist_ids: Sequence[str]) -> tuple[Playlist, ...]:
        found = (self.get(user_id, playlist_id) for playlist_id in dict.fromkeys(playlist_ids))
        return tuple(playlist for playlist in found if playlist is not None)

    def of_user(self, user_id: str) -> tuple[Playlist, ...]:
        with self._lock:
            rows = [_shown(row) for (owner, _), row in self._rows.items() if owner == user_id]
        return tuple(sorted(rows, key=lambda row: (row.created_at, row.playlist_id)))

    def count(self, user_id: str) -> int:
        return len(self.of_user(user_id))

    def due(self, tick: datetime) -> Iterator[tuple[str, str]]:
        with self._lock:
            rows = [_shown(row) for row in self._rows.values()]
        due_rows = [(row.due_at, row.user_id, row.playlist_id) for row in rows if row.due_at and row.due_at <= tick]
        yield from ((user_id, playlist_id) for _, user_id, playlist_id in sorted(due_rows))

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
        with self._lock:
            row = self._rows.get((playlist.user_id, playlist.playlist_id))
            if row is None:
                return False
            if _leased(row, now):
                return row.run_id == run_id and self._events.has(event)
            if self._events.has(event) or row.revision != playlist.revision:
                return False
            self._put(
                replace(
                    row,
                    revision=row.revision + 1,
                    state=SyncState.SYNCING,
                    run_id=run_id,
                    lease_until=lease_end(lease_until),
                    due_at=due(lease_until),
                    progress=None,
                    waiting=_without(row, playlist.wishes_of(job_id)),
                )
            )
            self._events.add(event)
            return True

    def note_waiting(self, user_id: str, playlist_id: str, wish: Wish, job: WaitingJob, *, now: datetime) -> bool:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            if row is None or row.waiting_for(wish, job.argument, stored(now)) not in (None, job.job_id):
                return False
            noted = replace(job, until=lease_end(job.until))
            self._put(replace(row, waiting={**row.waiting, wish: noted}))
            return True

    def forget_waiting(self, user_id: str, playlist_id: str, wish: Wish, job_id: str) -> None:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            if row is not None and wish in row.wishes_of(job_id):
                self._put(replace(row, waiting=_without(row, (wish,))))

    def report_progress(self, user_id: str, playlist_id: str, *, run_id: str, progress: Progress) -> None:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            if row is not None and row.run_id == run_id:
                self._put(replace(row, progress=progress))

    def save_remote_id(self, user_id: str, playlist_id: str, *, run_id: str, remote_id: str | None) -> None:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            if row is None or row.run_id != run_id:
                raise LeaseLost(playlist_id)
            self._put(replace(row, remote_id=remote_id, revision=row.revision + 1))

    def finish(self, user_id: str, playlist_id: str, *, run_id: str, end: RunEnd, event: AuditEvent) -> bool:
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            if row is None or row.run_id != run_id or self._events.has(event):
                return self._events.has(event)
            self._put(_finished(row, end))
            self._events.add(event)
            return True

    def change(self, user_id: str, playlist_id: str, change: SettingsChange, events: Sequence[AuditEvent]) -> bool:
        at = events[0].occurred_at
        return self._change(user_id, playlist_id, events, lambda row: with_settings(row, change, at))

    def link(self, user_id: str, playlist_id: str, *, remote: Link, due_at: datetime, event: AuditEvent) -> bool:
        return self._change_between_runs(
            user_id,
            playlist_id,
            event,
            lambda row: linked(row, remote_id=remote.remote_id, name=remote.name, due_at=due_at),
        )

    def unlink(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        return self._change_between_runs(user_id, playlist_id, event, unlinked)

    def change_source(
        self, user_id: str, playlist_id: str, *, source: SourceRef, due_at: datetime, event: AuditEvent
    ) -> bool:
        return self._change(user_id, playlist_id, [event], lambda row: with_source(row, source, due_at=due_at))

    def answer_hold(
        self, user_id: str, playlist_id: str, *, report_id: str, answer: HoldAnswer, event: AuditEvent
    ) -> bool:
        def answered(row: Playlist) -> Playlist | None:
            return with_answer(row, answer) if row.held and row.held.report_id == report_id else None

        return self._change_between_runs(user_id, playlist_id, event, answered)

    def _change_between_runs(
        self, user_id: str, playlist_id: str, event: AuditEvent, change: Callable[[Playlist], Playlist | None]
    ) -> bool:
        def between_runs(row: Playlist) -> Playlist | None:
            return None if _leased(row, event.occurred_at) else change(row)

        return self._change(user_id, playlist_id, [event], between_runs)

    def _change(
        self,
        user_id: str,
        playlist_id: str,
        events: Sequence[AuditEvent],
        change: Callable[[Playlist], Playlist | None],
    ) -> bool:
        """`change` returns None where its condition does not hold."""
        with self._lock:
            row = self._rows.get((user_id, playlist_id))
            known = any(self._events.has(event) for event in events)
            changed = None if row is None or known else change(row)
            if changed is None:
                return known
            self._put(_rounded(changed))
            for event in events:
                self._events.add(event)
            return True

    def remove(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        with self._lock:
            if (user_id, playlist_id) not in self._rows or self._events.has(event):
                return self._events.has(event)
            del self._rows[user_id, playlist_id]
            self._events.add(event)
            return True

    def _put(self, row: Playlist) -> None:
        self._rows[row.user_id, row.playlist_id] = row


def _without(row: Playlist, wishes: tuple[Wish, ...]) -> dict[Wish, WaitingJob]:
    return {wish: job for wish, job in row.waiting.items() if wish not in wishes}


def _leased(row: Playlist, now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > stored(now)


def _released(row: Playlist) -> Playlist:
    return replace(row, run_id=None, lease_until=None, progress=None)


def _shown(row: Playlist) -> Playlist:
    return row if row.enabled else replace(row, due_at=None)


def _finished(row: Playlist, end: RunEnd) -> Playlist:
    return replace(
        _released(row),
        state=end.state,
        due_at=due(end.due_at),
        last_job_id=end.job_id,
        last_synced_at=row.last_synced_at if end.state is SyncState.ERROR else stored(end.ended_at),
        last_error=end.last_error,
        counts=end.counts or row.counts,
        written=end.written,
        verified_at=stored_or_none(end.verified_at) or row.verified_at,
        report_id=end.report_id or row.report_id,
        name=end.name or row.name,
        source_name=row.source_name if end.source_name is None else end.source_name,
        held=_kept_back(end.held),
        history=row.history if end.history is None else _kept(end.history),
        revision=row.revision + 1,
    )


def _kept(history: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
    return tuple(replace(snapshot, written_at=stored(snapshot.written_at)) for snapshot in history)


def _kept_back(held: HeldBack | None) -> HeldBack | None:
    return held and replace(held, since=stored(held.since))


def _rounded(playlist: Playlist) -> Playlist:
    return replace(
        playlist,
        created_at=stored(playlist.created_at),
        last_synced_at=stored_or_none(playlist.last_synced_at),
        verified_at=stored_or_none(playlist.verified_at),
        lease_until=None if playlist.lease_until is None else lease_end(playlist.lease_until),
        due_at=None if playlist.due_at is None else due(playlist.due_at),
        held=_kept_back(playlist.held),
        history=_kept(playlist.history),
    )
