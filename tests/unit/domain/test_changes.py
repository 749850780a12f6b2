"""What a playlist is after a person linked it, let go of it, gave it another source, or answered its held write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reprise.domain.changes import linked, unlinked, with_answer, with_source
from reprise.domain.playlists import (
    Fingerprint,
    HeldBack,
    HoldAnswer,
    HoldReason,
    Playlist,
    Progress,
    Snapshot,
    SourceRef,
    SyncState,
)

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOON = NOON + timedelta(minutes=1)
WRITTEN = Fingerprint(source="s", library="l", policy="p", overrides="o", name="Mine")
HELD = HeldBack(reason=HoldReason.SOURCE_SHRANK, sentence="It shrank.", report_id="r2", since=NOON, fingerprint=WRITTEN)
# As a run that outlived its lease leaves it: everything that a change has to put right is there.
BUSY = Playlist(
    user_id="u-ann",
    playlist_id="p1",
    name="Mix",
    source=SourceRef(kind="files", locator="old", label="JSPF"),
    created_at=NOON,
    due_at=NOON,
    state=SyncState.SYNCING,
    run_id="run-1",
    lease_until=NOON,
    progress=Progress(phase="writing", done=1, total=2),
    remote_id="l1",
    remote_name="Mine",
    written=WRITTEN,
    held=HELD,
    history=(Snapshot(report_id="r1", written_at=NOON, songs=1),),
    generation=3,
    revision=7,
)
FREE = replace(BUSY, run_id=None, lease_until=None, progress=None, revision=8)


def test_linked_it_has_that_list_and_nothing_written_yet() -> None:
    off = replace(BUSY, enabled=False, due_at=None)
    assert linked(off, remote_id="l2", name="Theirs", due_at=SOON) == replace(
        FREE,
        remote_id="l2",
        remote_name="Theirs",
        enabled=True,
        due_at=SOON,
        written=None,
        held=None,
        history=(),
    )


def test_let_go_of_it_has_no_list_and_is_switched_off() -> None:
    assert unlinked(BUSY) == replace(
        FREE,
        remote_id=None,
        remote_name=None,
        enabled=False,
        due_at=None,
        generation=4,
        written=None,
        held=None,
        history=(),
    )


@pytest.mark.parametrize(("enabled", "due_at"), [(True, SOON), (False, None)])
def test_with_another_source_it_is_due_if_it_is_switched_on(enabled: bool, due_at: datetime | None) -> None:
    source = SourceRef(kind="files", locator="new", label="CSV")
    before = replace(BUSY, enabled=enabled)
    assert with_source(before, source, due_at=SOON) == replace(before, source=source, due_at=due_at, revision=8)


def test_an_answer_is_noted_where_a_write_waits_for_one() -> None:
    assert with_answer(BUSY, HoldAnswer.CONFIRMED) == replace(FREE, held=replace(HELD, answer=HoldAnswer.CONFIRMED))
    assert with_answer(replace(BUSY, held=None), HoldAnswer.CONFIRMED) == replace(FREE, held=None)


@pytest.mark.parametrize(
    ("state", "lease_until", "interrupted"),
    [
        (SyncState.SYNCING, NOON, True),
        (SyncState.SYNCING, None, True),
        (SyncState.SYNCING, NOON + timedelta(seconds=1), False),
        (SyncState.SUCCESS, NOON, False),
        (SyncState.SUCCESS, None, False),
    ],
)
def test_a_run_is_gone_when_its_lease_is_over(
    state: SyncState, lease_until: datetime | None, interrupted: bool
) -> None:
    assert replace(BUSY, state=state, lease_until=lease_until).interrupted(NOON) is interrupted
