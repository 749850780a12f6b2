"""Playlists and their state machine in DynamoDB.

A change and its audit events are one transaction, one call. An event is written only if it is not there yet: so it
also proves, after a lost reply, that the change was made, and a call made again changes nothing.

    lease   ── run A ──┤ expired        begin: no lease, or lease_until <= now
                        └─ due again ── run B ──    finish: run_id is still mine
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from reprise.domain.events import AuditEvent
from reprise.domain.playlists import HoldAnswer, Playlist, Progress, SourceRef, SyncState
from reprise.domain.settings import SettingsChange
from reprise.domain.waiting import WaitingJob, Wish
from reprise.ports.playlists import AlreadyThere, LeaseLost, Link, RunEnd
from reprise.stores.dynamodb.database import (
    bind,
    condition_held,
    connection,
    could_be_key,
    without_conflict,
    write_together,
)
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.playlist_documents import progress_document, source_document
from reprise.stores.dynamodb.playlist_rows import (
    ENABLED,
    FORGET_WRITTEN,
    FREE_LEASE,
    WAITING,
    PlaylistRow,
    end_actions,
    free_at,
    playlist_of,
    row_of,
    set_or_remove,
    setting_actions,
    switch_actions,
    waiting_text,
    waits_no_more,
)
from reprise.stores.dynamodb.times import ms, ms_up, seconds, seconds_up


class DynamoPlaylists:
    """`PlaylistStore`. `events_table` None makes it one that only reads, as the dispatcher may."""

    def __init__(self, *, table_name: str, events_table: str | None, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(PlaylistRow, table_name=table_name, region=region, endpoint=endpoint)
        self._connection = connection(region, endpoint)
        self._log = events_table and DynamoEvents(table_name=events_table, region=region, endpoint=endpoint)

    def add(self, playlist: Playlist, event: AuditEvent) -> None:
        row = row_of(self._rows, playlist)
        added = self._write([event], lambda t: t.save(row, condition=PlaylistRow.playlist_id.does_not_exist()))
        if not added and not self._events.has(event):
            raise AlreadyThere(f"playlist {playlist.playlist_id}")

    def get(self, user_id: str, playlist_id: str) -> Playlist | None:
        row = self._read(user_id, playlist_id) if could_be_key(playlist_id) else None
        return None if row is None else playlist_of(row)

    def get_many(self, user_id: str, playlist_ids: Sequence[str]) -> tuple[Playlist, ...]:
        keys = [(user_id, playlist_id) for playlist_id in dict.fromkeys(playlist_ids) if could_be_key(playlist_id)]
        found = {row.playlist_id: playlist_of(row) for row in self._rows.batch_get(keys, consistent_read=True)}
        return tuple(found[playlist_id] for _, playlist_id in keys if playlist_id in found)

    def of_user(self, user_id: str) -> tuple[Playlist, ...]:
        rows = self._rows.query(user_id, consistent_read=True)
        return tuple(sorted(map(playlist_of, rows), key=lambda playlist: (playlist.created_at, playlist.playlist_id)))

    def count(self, user_id: str) -> int:
        return self._rows.count(user_id, consistent_read=True)

    def due(self, tick: datetime) -> Iterator[tuple[str, str]]:
        for row in self._rows.due.query(ENABLED, PlaylistRow.due_at <= seconds(tick)):
            yield row.user_id, row.playlist_id

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
        row = self._rows(playlist.user_id, playlist.playlist_id)
        actions: list[Action] = [
            PlaylistRow.state.set(SyncState.SYNCING.value),
            PlaylistRow.run_id.set(run_id),
            PlaylistRow.lease_until.set(ms_up(lease_until)),
            PlaylistRow.due_at.set(seconds_up(lease_until)),
            PlaylistRow.progress.remove(),
            PlaylistRow.revision.add(1),
            *(WAITING[wish].remove() for wish in playlist.wishes_of(job_id)),
        ]
        unchanged = PlaylistRow.revision == playlist.revision
        if not playlist.revision:
            unchanged |= PlaylistRow.revision.does_not_exist()
        condition = PlaylistRow.playlist_id.exists() & free_at(now) & unchanged
        begun = self._write([event], lambda t: t.update(row, actions, condition=condition))
        return begun or self._had_begun(playlist, run_id, now, event)

    def note_waiting(self, user_id: str, playlist_id: str, wish: Wish, job: WaitingJob, *, now: datetime) -> bool:
        noted = WAITING[wish]
        free = waits_no_more(noted, now) | noted.contains(f" {job.job_id} ")
        if job.argument:
            free |= ~noted.contains(f" {job.argument}")
        row = self._rows(user_id, playlist_id)
        condition = PlaylistRow.playlist_id.exists() & free
        change: list[Action] = [noted.set(waiting_text(job))]
        return without_conflict(lambda: condition_held(lambda: row.update(change, condition=condition)))

    def forget_waiting(self, user_id: str, playlist_id: str, wish: Wish, job_id: str) -> None:
        row = self._rows(user_id, playlist_id)
        condition = WAITING[wish].contains(f" {job_id} ")
        change: list[Action] = [WAITING[wish].remove()]
        without_conflict(lambda: condition_held(lambda: row.update(change, condition=condition)))

    def report_progress(self, user_id: str, playlist_id: str, *, run_id: str, progress: Progress) -> None:
        self._update_mine(user_id, playlist_id, run_id, PlaylistRow.progress.set(progress_document(progress)))

    def save_remote_id(self, user_id: str, playlist_id: str, *, run_id: str, remote_id: str | None) -> None:
        change = set_or_remove(PlaylistRow.remote_id, remote_id)
        if not self._update_mine(user_id, playlist_id, run_id, change, PlaylistRow.revision.add(1)):
            raise LeaseLost(playlist_id)

    def finish(self, user_id: str, playlist_id: str, *, run_id: str, end: RunEnd, event: AuditEvent) -> bool:
        row = self._rows(user_id, playlist_id)
        finished = self._write(
            [event], lambda t: t.update(row, end_actions(end), condition=PlaylistRow.run_id == run_id)
        )
        return finished or self._events.has(event)

    def change(self, user_id: str, playlist_id: str, change: SettingsChange, events: Sequence[AuditEvent]) -> bool:
        return self._change(user_id, playlist_id, events, *setting_actions(change, events[0].occurred_at))

    def link(self, user_id: str, playlist_id: str, *, remote: Link, due_at: datetime, event: AuditEvent) -> bool:
        return self._change_between_runs(
            user_id,
            playlist_id,
            event,
            PlaylistRow.remote_id.set(remote.remote_id),
            PlaylistRow.remote_name.set(remote.name),
            *switch_actions(due_at),
            *FORGET_WRITTEN,
        )

    def unlink(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        return self._change_between_runs(
            user_id,
            playlist_id,
            event,
            PlaylistRow.remote_id.remove(),
            PlaylistRow.remote_name.remove(),
            PlaylistRow.generation.add(1),
            *switch_actions(None),
            *FORGET_WRITTEN,
        )

    def change_source(
        self, user_id: str, playlist_id: str, *, source: SourceRef, due_at: datetime, event: AuditEvent
    ) -> bool:
        document, due = source_document(source), seconds_up(due_at)
        actions = PlaylistRow.source.set(document), PlaylistRow.due_at.set(due)
        return self._change(user_id, playlist_id, [event], *actions)

    def answer_hold(
        self, user_id: str, playlist_id: str, *, report_id: str, answer: HoldAnswer, event: AuditEvent
    ) -> bool:
        waits = PlaylistRow.held_report_id == report_id
        answered = PlaylistRow.held_answer.set(answer.value)
        return self._change_between_runs(user_id, playlist_id, event, answered, condition=waits)

    def _change_between_runs(
        self,
        user_id: str,
        playlist_id: str,
        event: AuditEvent,
        *actions: Action,
        condition: Condition | None = None,
    ) -> bool:
        """A change that a run under way would undo. It takes the lease from one that outlived it."""
        free = free_at(event.occurred_at)
        holds = free if condition is None else free & condition
        return self._change(user_id, playlist_id, [event], *actions, *FREE_LEASE, condition=holds)

    def _change(
        self,
        user_id: str,
        playlist_id: str,
        events: Sequence[AuditEvent],
        *actions: Action,
        condition: Condition | None = None,
    ) -> bool:
        """A person's change, with its events. False when there is no such playlist, or `condition` does not hold."""
        if not could_be_key(playlist_id):
            return False
        row = self._rows(user_id, playlist_id)
        holds = PlaylistRow.playlist_id.exists() if condition is None else PlaylistRow.playlist_id.exists() & condition
        every = [*actions, PlaylistRow.revision.add(1)]
        changed = self._write(events, lambda t: t.update(row, every, condition=holds))
        return changed or self._events.has(events[0])

    def remove(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        if not could_be_key(playlist_id):
            return False
        row = self._rows(user_id, playlist_id)
        removed = self._write([event], lambda t: t.delete(row, condition=PlaylistRow.playlist_id.exists()))
        return removed or self._events.has(event)

    def _write(self, events: Sequence[AuditEvent], change: Callable[[TransactWrite], None]) -> bool:
        """`change` and `events`, all or nothing. False when a condition failed, or the events are there already."""

        def together(transaction: TransactWrite) -> None:
            change(transaction)
            for event in events:
                self._events.add_within(transaction, event)

        return write_together(self._connection, together)

    def _had_begun(self, playlist: Playlist, run_id: str, now: datetime, event: AuditEvent) -> bool:
        """Whether a refused `begin` is the repetition of one whose reply was lost, and its lease still holds."""
        row = self._read(playlist.user_id, playlist.playlist_id)
        if row is None or row.run_id != run_id or row.lease_until is None or row.lease_until <= ms(now):
            return False
        return self._events.has(event)

    def _read(self, user_id: str, playlist_id: str) -> PlaylistRow | None:
        try:
            return self._rows.get(user_id, playlist_id, consistent_read=True)
        except self._rows.DoesNotExist:
            return None

    def _update_mine(self, user_id: str, playlist_id: str, run_id: str, *actions: Action) -> bool:
        """Change something while the lease is `run_id`'s; False when it is not."""
        row = self._rows(user_id, playlist_id)
        return without_conflict(
            lambda: condition_held(lambda: row.update(list(actions), condition=PlaylistRow.run_id == run_id))
        )

    @property
    def _events(self) -> DynamoEvents:
        if not self._log:
            raise TypeError("this store was made for reading only: it has no table for events")
        return self._log
