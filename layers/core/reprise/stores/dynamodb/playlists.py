"""Playlists and their state machine in DynamoDB.

Every change of state and its audit event are one transaction of two items, one call. The event is written only if
it is not there yet: so it also proves, after a lost reply, that the change was made, and a call made again
changes nothing.

    lease   ── run A ──┤ expired        begin: no lease, or lease_until <= now
                        └─ due again ── run B ──    finish: run_id is still mine
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from reprise.domain.events import AuditEvent
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    Playlist,
    Progress,
    SourceRef,
    SyncState,
)
from reprise.ports.stores import AlreadyThere, LeaseLost, Link, RunEnd
from reprise.stores.dynamodb.database import (
    CONDITION_FAILED,
    bind,
    connection,
    could_be_key,
    without_conflict,
    write_together,
)
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.playlist_documents import (
    counts_document,
    error_document,
    error_of,
    held_document,
    held_of,
    progress_document,
    snapshot_document,
    snapshot_of,
    source_document,
    written_document,
)
from reprise.stores.dynamodb.times import (
    from_ms,
    from_ms_or_none,
    from_seconds,
    ms,
    ms_or_none,
    ms_up,
    seconds,
    seconds_up,
)

_ENABLED = "enabled"
"""The one partition of the `due` index. Disabled playlists have no partition, so the index does not hold them."""


class _Due(GlobalSecondaryIndex["_Row"]):  # type: ignore[no-untyped-call]  # pynamodb types its hook not
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_partition = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class _Row(Model):
    user_id = UnicodeAttribute(hash_key=True)
    playlist_id = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    source = JSONAttribute()
    created_at = NumberAttribute()
    enabled = BooleanAttribute()
    state = UnicodeAttribute()
    counts = JSONAttribute()
    remote_id = UnicodeAttribute(null=True)
    remote_name = UnicodeAttribute(null=True)
    last_synced_at = NumberAttribute(null=True)
    last_error = JSONAttribute(null=True)
    last_job_id = UnicodeAttribute(null=True)
    report_id = UnicodeAttribute(null=True)
    written = JSONAttribute(null=True)
    verified_at = NumberAttribute(null=True)
    progress = JSONAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    lease_until = NumberAttribute(null=True)
    # Kept while disabled, when only the partition is missing: `finish` need not know whether it was disabled meanwhile.
    due_at = NumberAttribute(null=True)
    due_partition = UnicodeAttribute(null=True)
    held = JSONAttribute(null=True)
    held_report_id = UnicodeAttribute(null=True)
    held_answer = UnicodeAttribute(null=True)
    history = JSONAttribute(null=True)
    generation = NumberAttribute(null=True)
    revision = NumberAttribute(null=True)
    due = _Due()


_FORGET_WRITTEN: tuple[Action, ...] = (
    _Row.written.remove(),
    _Row.held.remove(),
    _Row.held_report_id.remove(),
    _Row.held_answer.remove(),
    _Row.history.remove(),
)


class DynamoPlaylists:
    """`PlaylistStore`. `events_table` None makes it one that only reads, as the dispatcher may."""

    def __init__(self, *, table_name: str, events_table: str | None, region: str | None, endpoint: str | None) -> None:
        self._rows = bind(_Row, table_name=table_name, region=region, endpoint=endpoint)
        self._connection = connection(region, endpoint)
        self._log = events_table and DynamoEvents(table_name=events_table, region=region, endpoint=endpoint)

    def add(self, playlist: Playlist, event: AuditEvent) -> None:
        row = _row(self._rows, playlist)
        added = self._write(event, lambda t: t.save(row, condition=_Row.playlist_id.does_not_exist()))
        if not added and not self._events.has(event):
            raise AlreadyThere(f"playlist {playlist.playlist_id}")

    def get(self, user_id: str, playlist_id: str) -> Playlist | None:
        row = self._read(user_id, playlist_id) if could_be_key(playlist_id) else None
        return None if row is None else _playlist(row)

    def get_many(self, user_id: str, playlist_ids: Sequence[str]) -> tuple[Playlist, ...]:
        keys = [(user_id, playlist_id) for playlist_id in dict.fromkeys(playlist_ids) if could_be_key(playlist_id)]
        found = {row.playlist_id: _playlist(row) for row in self._rows.batch_get(keys, consistent_read=True)}
        return tuple(found[playlist_id] for _, playlist_id in keys if playlist_id in found)

    def of_user(self, user_id: str) -> tuple[Playlist, ...]:
        rows = self._rows.query(user_id, consistent_read=True)
        return tuple(sorted(map(_playlist, rows), key=lambda playlist: (playlist.created_at, playlist.playlist_id)))

    def due(self, tick: datetime) -> Iterator[tuple[str, str]]:
        for row in self._rows.due.query(_ENABLED, _Row.due_at <= seconds(tick)):
            yield row.user_id, row.playlist_id

    def begin(
        self, playlist: Playlist, *, run_id: str, lease_until: datetime, now: datetime, event: AuditEvent
    ) -> bool:
        row = self._rows(playlist.user_id, playlist.playlist_id)
        free = _Row.lease_until.does_not_exist() | (_Row.lease_until <= ms(now))
        actions: list[Action] = [
            _Row.state.set(SyncState.SYNCING.value),
            _Row.run_id.set(run_id),
            _Row.lease_until.set(ms_up(lease_until)),
            _Row.due_at.set(seconds_up(lease_until)),
            _Row.progress.remove(),
            _Row.revision.add(1),
        ]
        unchanged = _Row.revision == playlist.revision
        if not playlist.revision:
            unchanged |= _Row.revision.does_not_exist()
        condition = _Row.playlist_id.exists() & free & unchanged
        begun = self._write(event, lambda t: t.update(row, actions, condition=condition))
        return begun or self._had_begun(playlist, run_id, now, event)

    def report_progress(self, user_id: str, playlist_id: str, *, run_id: str, progress: Progress) -> None:
        self._update_mine(user_id, playlist_id, run_id, _Row.progress.set(progress_document(progress)))

    def save_remote_id(self, user_id: str, playlist_id: str, *, run_id: str, remote_id: str | None) -> None:
        change = _Row.remote_id.remove() if remote_id is None else _Row.remote_id.set(remote_id)
        if not self._update_mine(user_id, playlist_id, run_id, change, _Row.revision.add(1)):
            raise LeaseLost(playlist_id)

    def finish(self, user_id: str, playlist_id: str, *, run_id: str, end: RunEnd, event: AuditEvent) -> bool:
        row = self._rows(user_id, playlist_id)
        finished = self._write(event, lambda t: t.update(row, _end_actions(end), condition=_Row.run_id == run_id))
        return finished or self._events.has(event)

    def set_enabled(
        self, user_id: str, playlist_id: str, *, enabled: bool, due_at: datetime | None, event: AuditEvent
    ) -> bool:
        if not could_be_key(playlist_id):
            return False
        row = self._rows(user_id, playlist_id)
        actions: list[Action] = [
            _Row.enabled.set(enabled),
            _Row.due_partition.set(_ENABLED) if enabled else _Row.due_partition.remove(),
            _Row.due_at.remove() if due_at is None else _Row.due_at.set(seconds_up(due_at)),
        ]
        switched = self._write(event, lambda t: t.update(row, actions, condition=_Row.playlist_id.exists()))
        return switched or self._events.has(event)

    def link(self, user_id: str, playlist_id: str, *, remote: Link, due_at: datetime, event: AuditEvent) -> bool:
        return self._change(
            user_id,
            playlist_id,
            event,
            _Row.remote_id.set(remote.remote_id),
            _Row.remote_name.set(remote.name),
            _Row.enabled.set(True),
            _Row.due_partition.set(_ENABLED),
            _Row.due_at.set(seconds_up(due_at)),
            *_FORGET_WRITTEN,
        )

    def unlink(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        return self._change(
            user_id,
            playlist_id,
            event,
            _Row.remote_id.remove(),
            _Row.remote_name.remove(),
            _Row.generation.add(1),
            _Row.enabled.set(False),
            _Row.due_partition.remove(),
            _Row.due_at.remove(),
            *_FORGET_WRITTEN,
        )

    def rename_remote(self, user_id: str, playlist_id: str, *, remote_name: str | None, event: AuditEvent) -> bool:
        name = _Row.remote_name.remove() if remote_name is None else _Row.remote_name.set(remote_name)
        return self._change(user_id, playlist_id, event, name)

    def answer_hold(
        self, user_id: str, playlist_id: str, *, report_id: str, answer: HoldAnswer, event: AuditEvent
    ) -> bool:
        waits = _Row.held_report_id == report_id
        return self._change(user_id, playlist_id, event, _Row.held_answer.set(answer.value), condition=waits)

    def _change(
        self,
        user_id: str,
        playlist_id: str,
        event: AuditEvent,
        *actions: Action,
        condition: Condition | None = None,
    ) -> bool:
        """A person's change, with its event. False when there is no such playlist, or `condition` does not hold."""
        if not could_be_key(playlist_id):
            return False
        row = self._rows(user_id, playlist_id)
        holds = _Row.playlist_id.exists() if condition is None else _Row.playlist_id.exists() & condition
        every = [*actions, _Row.revision.add(1)]
        return self._write(event, lambda t: t.update(row, every, condition=holds)) or self._events.has(event)

    def remove(self, user_id: str, playlist_id: str, event: AuditEvent) -> bool:
        if not could_be_key(playlist_id):
            return False
        row = self._rows(user_id, playlist_id)
        removed = self._write(event, lambda t: t.delete(row, condition=_Row.playlist_id.exists()))
        return removed or self._events.has(event)

    def _write(self, event: AuditEvent, change: Callable[[TransactWrite], None]) -> bool:
        """`change` and `event`, both or neither. False when a condition failed, or `event` is there already."""

        def both(transaction: TransactWrite) -> None:
            change(transaction)
            self._events.add_within(transaction, event)

        return write_together(self._connection, both)

    def _had_begun(self, playlist: Playlist, run_id: str, now: datetime, event: AuditEvent) -> bool:
        """Whether a refused `begin` is the repetition of one whose reply was lost, and its lease still holds."""
        row = self._read(playlist.user_id, playlist.playlist_id)
        if row is None or row.run_id != run_id or row.lease_until is None or row.lease_until <= ms(now):
            return False
        return self._events.has(event)

    def _read(self, user_id: str, playlist_id: str) -> _Row | None:
        try:
            return self._rows.get(user_id, playlist_id, consistent_read=True)
        except self._rows.DoesNotExist:
            return None

    def _update_mine(self, user_id: str, playlist_id: str, run_id: str, *actions: Action) -> bool:
        """Change something while the lease is `run_id`'s; False when it is not."""
        row = self._rows(user_id, playlist_id)
        try:
            without_conflict(lambda: row.update(list(actions), condition=_Row.run_id == run_id))
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise
            return False
        return True

    @property
    def _events(self) -> DynamoEvents:
        if not self._log:
            raise TypeError("this store was made for reading only: it has no table for events")
        return self._log


def _end_actions(end: RunEnd) -> list[Action]:
    actions: list[Action] = [
        _Row.state.set(end.state.value),
        _Row.last_job_id.set(end.job_id),
        _Row.due_at.set(seconds_up(end.due_at)),
        _Row.last_error.set(error_document(end.last_error)) if end.last_error else _Row.last_error.remove(),
        _Row.written.set(written_document(end.written)) if end.written else _Row.written.remove(),
        _Row.run_id.remove(),
        _Row.lease_until.remove(),
        _Row.progress.remove(),
        _Row.revision.add(1),
        *_hold_actions(end.held),
    ]
    if end.history is not None:
        actions.append(_Row.history.set([snapshot_document(snapshot) for snapshot in end.history]))
    if end.state is not SyncState.ERROR:
        actions.append(_Row.last_synced_at.set(ms(end.ended_at)))
    if end.counts is not None:
        actions.append(_Row.counts.set(counts_document(end.counts)))
    if end.verified_at is not None:
        actions.append(_Row.verified_at.set(ms(end.verified_at)))
    if end.report_id is not None:
        actions.append(_Row.report_id.set(end.report_id))
    if end.name is not None:
        actions.append(_Row.name.set(end.name))
    return actions


def _hold_actions(held: HeldBack | None) -> tuple[Action, ...]:
    """The answer and what it answers stand beside the document, where conditions and updates reach them."""
    if held is None:
        return (_Row.held.remove(), _Row.held_report_id.remove(), _Row.held_answer.remove())
    return (
        _Row.held.set(held_document(held)),
        _Row.held_report_id.set(held.report_id),
        _Row.held_answer.set(held.answer.value),
    )


def _row(rows: type[_Row], playlist: Playlist) -> _Row:
    return rows(
        playlist.user_id,
        playlist.playlist_id,
        name=playlist.name,
        source=source_document(playlist.source),
        created_at=ms(playlist.created_at),
        enabled=playlist.enabled,
        state=playlist.state.value,
        counts=counts_document(playlist.counts),
        remote_id=playlist.remote_id,
        remote_name=playlist.remote_name,
        last_synced_at=ms_or_none(playlist.last_synced_at),
        last_error=playlist.last_error and error_document(playlist.last_error),
        last_job_id=playlist.last_job_id,
        report_id=playlist.report_id,
        written=playlist.written and written_document(playlist.written),
        verified_at=ms_or_none(playlist.verified_at),
        progress=playlist.progress and progress_document(playlist.progress),
        run_id=playlist.run_id,
        lease_until=None if playlist.lease_until is None else ms_up(playlist.lease_until),
        due_at=None if playlist.due_at is None else seconds_up(playlist.due_at),
        due_partition=_ENABLED if playlist.enabled else None,
        held=playlist.held and held_document(playlist.held),
        held_report_id=playlist.held and playlist.held.report_id,
        held_answer=playlist.held and playlist.held.answer.value,
        history=[snapshot_document(snapshot) for snapshot in playlist.history],
        generation=playlist.generation,
        revision=playlist.revision,
    )


def _playlist(row: _Row) -> Playlist:
    return Playlist(
        user_id=row.user_id,
        playlist_id=row.playlist_id,
        name=row.name,
        source=SourceRef(**row.source),
        created_at=from_ms(row.created_at),
        enabled=row.enabled,
        state=SyncState(row.state),
        counts=Counts(**row.counts),
        remote_id=row.remote_id,
        remote_name=row.remote_name,
        last_synced_at=from_ms_or_none(row.last_synced_at),
        last_error=row.last_error and error_of(row.last_error),
        last_job_id=row.last_job_id,
        report_id=row.report_id,
        written=row.written and Fingerprint(**row.written),
        verified_at=from_ms_or_none(row.verified_at),
        progress=row.progress and Progress(**row.progress),
        run_id=row.run_id,
        lease_until=from_ms_or_none(row.lease_until),
        due_at=from_seconds(row.due_at) if row.enabled and row.due_at is not None else None,
        held=held_of(row.held, row.held_answer) if row.held and row.held_answer else None,
        history=tuple(snapshot_of(document) for document in row.history or ()),
        generation=int(row.generation or 0),
        revision=int(row.revision or 0),
    )
