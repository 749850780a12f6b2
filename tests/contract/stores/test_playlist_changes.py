"""What a person changes between runs: links, names, settings, and answers to what was held back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import (
    HISTORY_MAX,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    HoldReason,
    Playlist,
    Progress,
    Snapshot,
    SyncState,
)
from reprise.domain.settings import SETTINGS, SettingsChange
from reprise.ports.playlists import LeaseLost, Link
from reprise_dev.doubles.backends import Stores
from reprise_dev.samples.specimens import LEASE, T0, a_playlist, a_run_end, an_event

HOUR = timedelta(hours=1)
MADE_OF = Fingerprint(source="s", library="l", policy="p", overrides="o", name="Sunday morning")
HELD = HeldBack(
    reason=HoldReason.SOURCE_SHRANK,
    sentence="It lost 40 of 50 tracks.",
    report_id="report-2",
    since=T0,
    fingerprint=MADE_OF,
)
HISTORY = tuple(
    Snapshot(report_id=f"report-{number}", written_at=T0 - number * HOUR, songs=number) for number in (1, 0)
)

ALL_SET: SettingsChange = {
    "enabled": False,
    "remote_name": "Lundi",
    "match_threshold": 0.95,
    "include_unmatched_tracks": True,
}

Change: TypeAlias = Callable[[Stores, Playlist, AuditEvent], bool]


def link(stores: Stores, playlist: Playlist, event: AuditEvent) -> bool:
    remote = Link(remote_id="theirs", name="Road trip")
    return stores.playlists.link(event.user_id, playlist.playlist_id, remote=remote, due_at=T0 + HOUR, event=event)


def unlink(stores: Stores, playlist: Playlist, event: AuditEvent) -> bool:
    return stores.playlists.unlink(event.user_id, playlist.playlist_id, event)


def rename(stores: Stores, playlist: Playlist, event: AuditEvent) -> bool:
    return stores.playlists.change(event.user_id, playlist.playlist_id, {"remote_name": "Lundi"}, [event])


def set_all(stores: Stores, playlist: Playlist, event: AuditEvent) -> bool:
    """Every setting at once, with an event for each; the first of them is the one that is handed in."""
    others = [replace(event, event_id=f"{event.event_id}-{name}") for name in list(SETTINGS)[1:]]
    return stores.playlists.change(event.user_id, playlist.playlist_id, ALL_SET, [event, *others])


def confirm(stores: Stores, playlist: Playlist, event: AuditEvent) -> bool:
    return stores.playlists.answer_hold(
        event.user_id, playlist.playlist_id, report_id="report-2", answer=HoldAnswer.CONFIRMED, event=event
    )


BETWEEN_RUNS = [link, unlink, confirm]
EVERY = [*BETWEEN_RUNS, rename, set_all]
every = pytest.mark.parametrize("change", EVERY)
between_runs = pytest.mark.parametrize("change", BETWEEN_RUNS)


def added(stores: Stores, **changes: object) -> Playlist:
    """A playlist that was written before, and whose next write waits."""
    before: dict[str, object] = {"remote_id": "ours", "written": MADE_OF, "held": HELD, "history": HISTORY}
    playlist = a_playlist(**before | changes)
    stores.playlists.add(playlist, an_event(playlist, EventType.PLAYLIST_IMPORTED))
    return playlist


def now_of(stores: Stores, playlist: Playlist) -> Playlist:
    found = stores.playlists.get(playlist.user_id, playlist.playlist_id)
    assert found is not None
    return found


def told(stores: Stores, playlist: Playlist) -> list[str]:
    page = stores.events.of_playlist(playlist.user_id, playlist.playlist_id, limit=100, cursor=None)
    return [event.event_id for event in reversed(page.items)]


def begin(stores: Stores, as_read: Playlist, run_id: str = "run-1", at: timedelta = timedelta()) -> bool:
    now = T0 + at
    return stores.playlists.begin(as_read, run_id=run_id, lease_until=now + LEASE, now=now, event=an_event(as_read))


def finish(stores: Stores, playlist: Playlist, run_id: str = "run-1", **changes: object) -> bool:
    return stores.playlists.finish(
        "u-1", playlist.playlist_id, run_id=run_id, end=a_run_end(**changes), event=an_event(playlist)
    )


# --- what each of them does --------------------------------------------------------------------------------------


def test_linking_takes_the_list_and_its_name_and_forgets_what_was_written(stores: Stores) -> None:
    playlist = added(stores, enabled=False)
    event = an_event(playlist, EventType.PLAYLIST_LINKED)
    assert link(stores, playlist, event)
    linked = now_of(stores, playlist)
    assert linked == replace(
        playlist,
        remote_id="theirs",
        remote_name="Road trip",
        enabled=True,
        due_at=T0 + HOUR,
        written=None,
        held=None,
        history=(),
        revision=linked.revision,
    )
    assert list(stores.playlists.due(T0)) == []
    assert list(stores.playlists.due(T0 + HOUR)) == [("u-1", playlist.playlist_id)]
    assert told(stores, playlist)[1:] == [event.event_id]


def test_unlinking_lets_go_of_everything_and_leaves_the_schedule(stores: Stores) -> None:
    playlist = added(stores, remote_name="Road trip", generation=3)
    event = an_event(playlist, EventType.PLAYLIST_UNLINKED)
    assert unlink(stores, playlist, event)
    alone = now_of(stores, playlist)
    assert alone == replace(
        playlist,
        remote_id=None,
        remote_name=None,
        generation=4,
        enabled=False,
        due_at=None,
        written=None,
        held=None,
        history=(),
        revision=alone.revision,
    )
    assert alone.marker != playlist.marker, "a later generation never takes up an earlier one's list"
    assert list(stores.playlists.due(T0 + timedelta(days=9))) == []
    assert told(stores, playlist)[1:] == [event.event_id]


def test_an_unlinked_playlist_gets_on_the_schedule_again(stores: Stores) -> None:
    playlist = added(stores)
    unlink(stores, playlist, an_event(playlist))
    event = an_event(playlist, EventType.PLAYLIST_ENABLED)
    assert stores.playlists.change("u-1", playlist.playlist_id, {"enabled": True}, [event])
    assert list(stores.playlists.due(T0)) == [("u-1", playlist.playlist_id)]


@pytest.mark.parametrize("name", ["Lundi", None])
def test_the_remote_list_gets_a_name_and_loses_it(stores: Stores, name: str | None) -> None:
    playlist = added(stores, remote_name="Road trip")
    event = an_event(playlist, EventType.PLAYLIST_RENAMED)
    assert stores.playlists.change("u-1", playlist.playlist_id, {"remote_name": name}, [event])
    renamed = now_of(stores, playlist)
    assert renamed == replace(playlist, remote_name=name, revision=renamed.revision)
    assert told(stores, playlist)[1:] == [event.event_id]


@pytest.mark.parametrize("threshold", [0.0, 0.125, 1.0, None])
def test_a_threshold_is_set_and_taken_back(stores: Stores, threshold: float | None) -> None:
    playlist = added(stores, match_threshold=0.9)
    event = an_event(playlist, EventType.SETTINGS_CHANGED)
    assert stores.playlists.change("u-1", playlist.playlist_id, {"match_threshold": threshold}, [event])
    changed = now_of(stores, playlist)
    assert changed == replace(playlist, match_threshold=threshold, revision=changed.revision)
    assert changed.match_threshold is None or isinstance(changed.match_threshold, float)
    assert told(stores, playlist)[1:] == [event.event_id]


@pytest.mark.parametrize("include", [True, False])
def test_what_the_comment_tells_is_set(stores: Stores, include: bool) -> None:
    playlist = added(stores, include_unmatched_tracks=not include)
    event = an_event(playlist, EventType.SETTINGS_CHANGED)
    assert stores.playlists.change("u-1", playlist.playlist_id, {"include_unmatched_tracks": include}, [event])
    changed = now_of(stores, playlist)
    assert changed == replace(playlist, include_unmatched_tracks=include, revision=changed.revision)
    assert told(stores, playlist)[1:] == [event.event_id]


def test_every_setting_changes_at_once_with_an_event_each(stores: Stores) -> None:
    assert set(ALL_SET) == set(SETTINGS)
    playlist = added(stores)
    assert set_all(stores, playlist, an_event(playlist, EventType.SETTINGS_CHANGED))
    assert now_of(stores, playlist) == replace(playlist, **ALL_SET, due_at=None, revision=1)
    assert len(told(stores, playlist)) == 1 + len(SETTINGS)
    assert list(stores.playlists.due(T0 + HOUR)) == []

    on = an_event(playlist, EventType.PLAYLIST_ENABLED, occurred_at=T0 + HOUR)
    assert stores.playlists.change("u-1", playlist.playlist_id, {"enabled": True, "remote_name": None}, [on])
    changed = replace(playlist, **ALL_SET, revision=2)
    assert now_of(stores, playlist) == replace(changed, enabled=True, remote_name=None, due_at=T0 + HOUR)


def test_linking_and_unlinking_leave_the_settings(stores: Stores) -> None:
    for change in (link, unlink):
        playlist = added(stores, match_threshold=0.9, include_unmatched_tracks=True)
        assert change(stores, playlist, an_event(playlist))
        changed = now_of(stores, playlist)
        assert (changed.match_threshold, changed.include_unmatched_tracks) == (0.9, True)


@pytest.mark.parametrize("answer", HoldAnswer)
def test_an_answer_is_noted_and_may_be_changed(stores: Stores, answer: HoldAnswer) -> None:
    playlist = added(stores)
    for said in (HoldAnswer.DISMISSED, answer):
        assert stores.playlists.answer_hold(
            "u-1", playlist.playlist_id, report_id="report-2", answer=said, event=an_event(playlist)
        )
    answered = now_of(stores, playlist)
    assert answered == replace(playlist, held=replace(HELD, answer=answer), revision=answered.revision)


@pytest.mark.parametrize("held", [None, replace(HELD, report_id="report-3")])
def test_an_answer_to_what_does_not_wait_is_refused(stores: Stores, held: HeldBack | None) -> None:
    playlist = added(stores, held=held)
    assert not confirm(stores, playlist, an_event(playlist))
    assert now_of(stores, playlist) == playlist
    assert len(told(stores, playlist)) == 1


# --- whom they reach, and how often ------------------------------------------------------------------------------


@every
@pytest.mark.parametrize("playlist_id", ["nobody", "", "x" * 5000, "\x00", "\ud800"])
def test_a_playlist_that_is_not_there_is_no_error(stores: Stores, change: Change, playlist_id: str) -> None:
    ghost = a_playlist(playlist_id=playlist_id)
    event = replace(an_event(ghost), playlist_id="some-id")
    assert not change(stores, ghost, event)
    assert stores.playlists.get("u-1", playlist_id) is None
    assert stores.events.of_playlist("u-1", "some-id", limit=9, cursor=None).items == ()


@every
def test_nobody_changes_anothers(stores: Stores, change: Change) -> None:
    playlist = added(stores)
    assert not change(stores, playlist, an_event(playlist, user_id="u-2"))
    assert now_of(stores, playlist) == playlist


@every
def test_a_change_made_again_after_a_lost_reply_is_made_once(stores: Stores, change: Change) -> None:
    playlist = added(stores)
    event = an_event(playlist)
    assert change(stores, playlist, event)
    changed = now_of(stores, playlist)
    assert change(stores, playlist, event)
    assert now_of(stores, playlist) == changed
    assert len(told(stores, playlist)) == (1 + len(SETTINGS) if change is set_all else 2)


# --- runs --------------------------------------------------------------------------------------------------------


@every
def test_no_run_begins_with_what_it_read_before(stores: Stores, change: Change) -> None:
    playlist = added(stores)
    as_read = now_of(stores, playlist)
    assert change(stores, playlist, an_event(playlist))
    changed = now_of(stores, playlist)
    assert not begin(stores, as_read)
    assert now_of(stores, playlist) == changed
    assert begin(stores, changed)


@between_runs
def test_while_a_run_holds_its_lease_it_is_refused(stores: Stores, change: Change) -> None:
    playlist = added(stores)
    begin(stores, now_of(stores, playlist))
    running = now_of(stores, playlist)
    last_moment = an_event(playlist, occurred_at=T0 + LEASE - timedelta(milliseconds=1))
    assert not change(stores, playlist, last_moment)
    assert now_of(stores, playlist) == running
    assert len(told(stores, playlist)) == 2
    assert finish(stores, playlist, held=HELD)
    assert change(stores, playlist, last_moment)


@between_runs
def test_a_run_that_outlived_its_lease_saves_nothing_after_it(stores: Stores, change: Change) -> None:
    playlist = added(stores)
    begin(stores, now_of(stores, playlist))
    pid = playlist.playlist_id
    assert change(stores, playlist, an_event(playlist, occurred_at=T0 + LEASE))
    changed = now_of(stores, playlist)
    assert (changed.run_id, changed.lease_until, changed.progress) == (None, None, None)
    assert changed.interrupted(T0 + LEASE)
    with pytest.raises(LeaseLost):
        stores.playlists.save_remote_id("u-1", pid, run_id="run-1", remote_id="of the old run")
    stores.playlists.report_progress("u-1", pid, run_id="run-1", progress=Progress(phase="Late"))
    assert not finish(stores, playlist, written=MADE_OF)
    assert now_of(stores, playlist) == changed


def test_a_name_given_while_it_runs_stays(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, now_of(stores, playlist))
    assert rename(stores, playlist, an_event(playlist))
    assert finish(stores, playlist, written=MADE_OF)
    ended = now_of(stores, playlist)
    assert (ended.remote_name, ended.written) == ("Lundi", MADE_OF)
    assert ended.target_name != MADE_OF.name, "so the next run sees that something is to do"


def test_the_remote_list_may_be_gone(stores: Stores) -> None:
    playlist = added(stores)
    as_read = now_of(stores, playlist)
    begin(stores, as_read)
    stores.playlists.save_remote_id("u-1", playlist.playlist_id, run_id="run-1", remote_id=None)
    assert now_of(stores, playlist).remote_id is None
    finish(stores, playlist)
    assert not begin(stores, as_read, "run-2", at=HOUR), "it would write to a list that is not there"


@pytest.mark.parametrize("moment", ["begin", "finish", "identified"])
def test_what_was_read_before_a_run_is_stale_after_it(stores: Stores, moment: str) -> None:
    playlist = added(stores)
    steps: dict[str, Callable[[], object]] = {
        "begin": lambda: begin(stores, now_of(stores, playlist)),
        "identified": lambda: stores.playlists.save_remote_id(
            "u-1", playlist.playlist_id, run_id="run-1", remote_id="new"
        ),
        "finish": lambda: finish(stores, playlist),
    }
    as_read = now_of(stores, playlist)
    for step, do in steps.items():
        if step == moment:
            as_read = now_of(stores, playlist)
        do()
    assert not begin(stores, as_read, "run-2", at=HOUR)
    assert begin(stores, now_of(stores, playlist), "run-2", at=HOUR)


def test_an_end_holds_back_and_the_next_one_lets_go(stores: Stores) -> None:
    playlist = added(stores, held=None)
    begin(stores, now_of(stores, playlist))
    held = replace(HELD, since=T0 + timedelta(microseconds=1500), answer=HoldAnswer.CONFIRMED)
    assert finish(stores, playlist, state=SyncState.WARNING, held=held)
    assert now_of(stores, playlist).held == replace(held, since=T0 + timedelta(milliseconds=1))
    begin(stores, now_of(stores, playlist), "run-2", at=HOUR)
    assert finish(stores, playlist, "run-2")
    assert now_of(stores, playlist).held is None
    assert not confirm(stores, playlist, an_event(playlist))


def test_an_end_tells_the_lists_written_or_leaves_them(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, now_of(stores, playlist))
    assert finish(stores, playlist)
    assert now_of(stores, playlist).history == HISTORY
    written = tuple(Snapshot(report_id=f"r{n}", written_at=T0, songs=n) for n in range(HISTORY_MAX))
    for run_id, history in (("run-2", written), ("run-3", ())):
        begin(stores, now_of(stores, playlist), run_id, at=HOUR)
        assert finish(stores, playlist, run_id, history=history)
        assert now_of(stores, playlist).history == history
