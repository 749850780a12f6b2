"""A playlist as an item of its table: attributes, the `due` index, the way there and back, and parts of its updates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any  # Any: attributes of several types

from pynamodb.attributes import Attribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from reprise.domain.playlists import Counts, Fingerprint, HeldBack, Playlist, Progress, SyncState
from reprise.domain.settings import SETTINGS, SettingsChange
from reprise.domain.waiting import WaitingJob, Wish
from reprise.ports.playlists import RunEnd
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
    source_of,
    written_document,
)
from reprise.stores.dynamodb.times import (
    from_ms,
    from_ms_or_none,
    from_seconds,
    ms,
    ms_or_none,
    ms_up,
    seconds_up,
)

# The one partition of the `due` index. Disabled playlists have no partition, so the index does not hold them.
ENABLED = "enabled"


class _Due(GlobalSecondaryIndex["PlaylistRow"]):  # type: ignore[no-untyped-call]  # pynamodb types its hook not
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_partition = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class PlaylistRow(Model):
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
    match_threshold = NumberAttribute(null=True)
    include_unmatched_tracks = BooleanAttribute(null=True)
    revision = NumberAttribute(null=True)
    source_name = UnicodeAttribute(null=True)
    # One attribute for each wish, so that each can be noted and forgotten by itself (`waiting_text`).
    waiting_sync = UnicodeAttribute(null=True)
    waiting_sync_all = UnicodeAttribute(null=True)
    waiting_rebuild = UnicodeAttribute(null=True)
    waiting_recreate = UnicodeAttribute(null=True)
    waiting_delete_remote = UnicodeAttribute(null=True)
    waiting_undo = UnicodeAttribute(null=True)
    waiting_preview = UnicodeAttribute(null=True)
    due = _Due()


WAITING: Mapping[Wish, UnicodeAttribute] = {wish: getattr(PlaylistRow, f"waiting_{wish}") for wish in Wish}


FORGET_WRITTEN: tuple[Action, ...] = (
    PlaylistRow.written.remove(),
    PlaylistRow.held.remove(),
    PlaylistRow.held_report_id.remove(),
    PlaylistRow.held_answer.remove(),
    PlaylistRow.history.remove(),
)
FREE_LEASE: tuple[Action, ...] = (
    PlaylistRow.run_id.remove(),
    PlaylistRow.lease_until.remove(),
    PlaylistRow.progress.remove(),
)


def row_of(rows: type[PlaylistRow], playlist: Playlist) -> PlaylistRow:
    return rows(
        playlist.user_id,
        playlist.playlist_id,
        name=playlist.name,
        source=source_document(playlist.source),
        created_at=ms(playlist.created_at),
        state=playlist.state.value,
        counts=counts_document(playlist.counts),
        remote_id=playlist.remote_id,
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
        due_partition=ENABLED if playlist.enabled else None,
        held=playlist.held and held_document(playlist.held),
        held_report_id=playlist.held and playlist.held.report_id,
        held_answer=playlist.held and playlist.held.answer.value,
        history=[snapshot_document(snapshot) for snapshot in playlist.history],
        generation=playlist.generation,
        revision=playlist.revision,
        source_name=playlist.source_name,
        **{name: getattr(playlist, name) for name in SETTINGS},
    )


def playlist_of(row: PlaylistRow) -> Playlist:
    return Playlist(
        user_id=row.user_id,
        playlist_id=row.playlist_id,
        name=row.name,
        source=source_of(row.source),
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
        match_threshold=None if row.match_threshold is None else float(row.match_threshold),
        include_unmatched_tracks=bool(row.include_unmatched_tracks),
        revision=int(row.revision or 0),
        source_name=row.source_name,
        waiting={wish: _waiting_of(text) for wish in Wish if (text := getattr(row, f"waiting_{wish}"))},
    )


def waiting_text(job: WaitingJob) -> str:
    """Until when, in milliseconds of a fixed width, so that texts compare as times do; which job; and its argument."""
    return f"{ms_up(job.until):015} {job.job_id} {job.argument}"


def waits_no_more(noted: UnicodeAttribute, now: datetime) -> Condition:
    """What is noted there counts no more at `now`, or nothing is."""
    free: Condition = noted.does_not_exist() | (noted < f"{ms(now) + 1:015}")
    return free


def _waiting_of(text: str) -> WaitingJob:
    until, job_id, argument = text.split(" ", 2)
    return WaitingJob(job_id=job_id, until=from_ms(int(until)), argument=argument)


def set_or_remove(attribute: Attribute[Any], value: object) -> Action:
    """None is stored as no attribute."""
    action: Action = attribute.remove() if value is None else attribute.set(value)
    return action


def setting_actions(change: SettingsChange, at: datetime) -> list[Action]:
    """Settings are stored under their own names. A playlist that is switched on is due at `at`."""
    actions = [set_or_remove(getattr(PlaylistRow, name), value) for name, value in change.items()]
    return [*actions, *_due_actions(at if change["enabled"] else None)] if "enabled" in change else actions


def switch_actions(due_at: datetime | None) -> tuple[Action, ...]:
    """Switch the schedule on with that due time, or off (None)."""
    return (PlaylistRow.enabled.set(due_at is not None), *_due_actions(due_at))


def _due_actions(due_at: datetime | None) -> tuple[Action, Action]:
    partition = None if due_at is None else ENABLED
    return (
        set_or_remove(PlaylistRow.due_partition, partition),
        set_or_remove(PlaylistRow.due_at, None if due_at is None else seconds_up(due_at)),
    )


def free_at(now: datetime) -> Condition:
    """No run holds the lease at `now`."""
    free: Condition = PlaylistRow.lease_until.does_not_exist() | (PlaylistRow.lease_until <= ms(now))
    return free


def end_actions(end: RunEnd) -> list[Action]:
    actions: list[Action] = [
        PlaylistRow.state.set(end.state.value),
        PlaylistRow.last_job_id.set(end.job_id),
        PlaylistRow.due_at.set(seconds_up(end.due_at)),
        PlaylistRow.last_error.set(error_document(end.last_error))
        if end.last_error
        else PlaylistRow.last_error.remove(),
        PlaylistRow.written.set(written_document(end.written)) if end.written else PlaylistRow.written.remove(),
        *FREE_LEASE,
        PlaylistRow.revision.add(1),
        *_hold_actions(end.held),
    ]
    if end.history is not None:
        actions.append(PlaylistRow.history.set([snapshot_document(snapshot) for snapshot in end.history]))
    if end.state is not SyncState.ERROR:
        actions.append(PlaylistRow.last_synced_at.set(ms(end.ended_at)))
    if end.counts is not None:
        actions.append(PlaylistRow.counts.set(counts_document(end.counts)))
    if end.verified_at is not None:
        actions.append(PlaylistRow.verified_at.set(ms(end.verified_at)))
    if end.report_id is not None:
        actions.append(PlaylistRow.report_id.set(end.report_id))
    if end.name is not None:
        actions.append(PlaylistRow.name.set(end.name))
    if end.source_name is not None:
        actions.append(PlaylistRow.source_name.set(end.source_name))
    return actions


def _hold_actions(held: HeldBack | None) -> tuple[Action, ...]:
    """The answer and what it answers stand beside the document, where conditions and updates reach them."""
    if held is None:
        return (PlaylistRow.held.remove(), PlaylistRow.held_report_id.remove(), PlaylistRow.held_answer.remove())
    return (
        PlaylistRow.held.set(held_document(held)),
        PlaylistRow.held_report_id.set(held.report_id),
        PlaylistRow.held_answer.set(held.answer.value),
    )
