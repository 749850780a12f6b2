"""Playlists and their state machine: what every `PlaylistStore` does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind
from reprise.domain.playlists import Counts, Fingerprint, LastError, Playlist, Progress, SourceRef, SyncState
from reprise.ports.playlists import AlreadyThere, LeaseLost
from reprise_dev.doubles.backends import Stores
from reprise_dev.samples.specimens import LEASE, T0, a_playlist, a_run_end, an_event, stored_playlists

SECOND = timedelta(seconds=1)
MS = timedelta(milliseconds=1)


def added(stores: Stores, **changes: object) -> Playlist:
    playlist = a_playlist(**changes)
    stores.playlists.add(playlist, an_event(playlist, EventType.PLAYLIST_IMPORTED))
    return playlist


def now_of(stores: Stores, playlist: Playlist) -> Playlist:
    found = stores.playlists.get(playlist.user_id, playlist.playlist_id)
    assert found is not None
    return found


def begin(
    stores: Stores, playlist: Playlist, run_id: str = "run-1", at: timedelta = timedelta(), job_id: str = ""
) -> bool:
    """As a run does: it reads the playlist, then begins with what it read."""
    now = T0 + at
    as_read = stores.playlists.get(playlist.user_id, playlist.playlist_id) or playlist
    event = an_event(playlist)
    return stores.playlists.begin(as_read, run_id=run_id, lease_until=now + LEASE, now=now, event=event, job_id=job_id)


def told(stores: Stores, playlist: Playlist) -> list[str]:
    page = stores.events.of_playlist(playlist.user_id, playlist.playlist_id, limit=100, cursor=None)
    return [event.event_type.value for event in reversed(page.items)]


# --- add, get, list ----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(playlist=stored_playlists)
def test_what_is_added_comes_back(stores: Stores, playlist: Playlist) -> None:
    fresh = replace(playlist, playlist_id=a_playlist().playlist_id)
    stores.playlists.add(fresh, an_event(fresh))
    assert stores.playlists.get(fresh.user_id, fresh.playlist_id) == fresh


def test_times_are_kept_to_the_millisecond_and_a_lease_never_ends_early(stores: Stores) -> None:
    odd = timedelta(microseconds=1500)
    playlist = added(stores, created_at=T0 + odd, lease_until=T0 + odd, due_at=T0 + odd)
    stored = now_of(stores, playlist)
    assert stored.created_at == T0 + MS
    assert stored.lease_until == T0 + 2 * MS
    assert stored.due_at == T0 + SECOND


def test_an_id_in_use_is_not_given_twice(stores: Stores) -> None:
    playlist = added(stores)
    other = replace(playlist, name="An impostor")
    with pytest.raises(AlreadyThere):
        stores.playlists.add(other, an_event(other, EventType.PLAYLIST_IMPORTED))
    assert now_of(stores, playlist).name == playlist.name
    assert told(stores, playlist) == ["playlist_imported"]


def test_adding_again_after_a_lost_reply_is_harmless(stores: Stores) -> None:
    playlist = a_playlist()
    event = an_event(playlist, EventType.PLAYLIST_IMPORTED)
    stores.playlists.add(playlist, event)
    stores.playlists.add(playlist, event)
    assert now_of(stores, playlist) == playlist
    assert told(stores, playlist) == ["playlist_imported"]


@pytest.mark.parametrize("playlist_id", ["nobody", "", "x" * 5000, "\x00", "\ud800"])
def test_an_unknown_id_is_no_error(stores: Stores, playlist_id: str) -> None:
    ghost = a_playlist(playlist_id=playlist_id)
    event = replace(an_event(ghost), playlist_id="some-id")
    assert stores.playlists.get("u-1", playlist_id) is None
    assert stores.playlists.get_many("u-1", [playlist_id]) == ()
    assert stores.playlists.change("u-1", playlist_id, {"enabled": True}, [event]) is False
    assert stores.playlists.remove("u-1", playlist_id, event) is False
    assert stores.events.of_playlist("u-1", "some-id", limit=9, cursor=None).items == ()


def test_nobody_sees_anothers_playlists(stores: Stores) -> None:
    playlist = added(stores, user_id="u-1")
    assert stores.playlists.get("u-2", playlist.playlist_id) is None
    assert stores.playlists.get_many("u-2", [playlist.playlist_id]) == ()
    assert stores.playlists.of_user("u-2") == ()


def test_many_come_in_the_order_asked_and_each_once(stores: Stores) -> None:
    playlists = [added(stores) for _ in range(120)]
    asked = [playlist.playlist_id for playlist in reversed(playlists)]
    found = stores.playlists.get_many("u-1", [asked[0], "nobody", *asked])
    assert [playlist.playlist_id for playlist in found] == asked


def test_asking_for_none_gives_none(stores: Stores) -> None:
    assert stores.playlists.get_many("u-1", []) == ()


def test_a_users_playlists_come_oldest_first(stores: Stores) -> None:
    newer = added(stores, created_at=T0 + SECOND)
    oldest = added(stores, created_at=T0 - SECOND)
    added(stores, user_id="u-2")
    assert stores.playlists.of_user("u-1") == (oldest, newer)


# --- due ---------------------------------------------------------------------------------------------------------


def due(stores: Stores, at: timedelta) -> set[tuple[str, str]]:
    found = list(stores.playlists.due(T0 + at))
    assert len(found) == len(set(found))
    return set(found)


def test_due_is_what_is_enabled_and_whose_time_has_come(stores: Stores) -> None:
    one = added(stores, user_id="u-1", due_at=T0)
    two = added(stores, user_id="u-2", due_at=T0 - timedelta(days=3))
    added(stores, due_at=T0 + SECOND)
    added(stores, enabled=False, due_at=T0)
    added(stores, due_at=None)
    assert due(stores, timedelta()) == {("u-1", one.playlist_id), ("u-2", two.playlist_id)}
    assert due(stores, -timedelta(days=4)) == set()


def test_disabling_and_enabling_moves_it_out_of_the_schedule_and_in_again(stores: Stores) -> None:
    playlist = added(stores, due_at=T0)

    def switch(*, on: bool) -> bool:
        event_type = EventType.PLAYLIST_ENABLED if on else EventType.PLAYLIST_DISABLED
        event = an_event(playlist, event_type, occurred_at=T0 + SECOND)
        return stores.playlists.change("u-1", playlist.playlist_id, {"enabled": on}, [event])

    assert switch(on=False)
    assert now_of(stores, playlist) == replace(playlist, enabled=False, due_at=None, revision=1)
    assert due(stores, timedelta(days=9)) == set()
    assert switch(on=True)
    assert now_of(stores, playlist) == replace(playlist, enabled=True, due_at=T0 + SECOND, revision=2)
    assert due(stores, timedelta()) == set()
    assert due(stores, SECOND) == {("u-1", playlist.playlist_id)}
    assert told(stores, playlist) == ["playlist_imported", "playlist_disabled", "playlist_enabled"]


def test_a_late_repetition_does_not_undo_what_came_after(stores: Stores) -> None:
    playlist = added(stores)
    off = an_event(playlist, EventType.PLAYLIST_DISABLED)
    on = an_event(playlist, EventType.PLAYLIST_ENABLED)
    pid = playlist.playlist_id
    assert stores.playlists.change("u-1", pid, {"enabled": False}, [off])
    assert stores.playlists.change("u-1", pid, {"enabled": True}, [on])
    assert stores.playlists.change("u-1", pid, {"enabled": False}, [off])
    assert now_of(stores, playlist).enabled
    assert told(stores, playlist) == ["playlist_imported", "playlist_disabled", "playlist_enabled"]


# --- begin -------------------------------------------------------------------------------------------------------


def test_begin_takes_the_lease_and_is_due_again_when_it_ends(stores: Stores) -> None:
    playlist = added(stores, state=SyncState.WARNING, progress=Progress(phase="old"))
    assert begin(stores, playlist)
    begun = now_of(stores, playlist)
    assert begun == replace(
        playlist,
        revision=begun.revision,
        state=SyncState.SYNCING,
        run_id="run-1",
        lease_until=T0 + LEASE,
        due_at=T0 + LEASE,
        progress=None,
    )
    assert due(stores, LEASE - SECOND) == set()
    assert due(stores, LEASE) == {("u-1", playlist.playlist_id)}
    assert told(stores, playlist) == ["playlist_imported", "sync_started"]


def test_while_a_lease_runs_nobody_else_begins_and_nothing_changes(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    before = now_of(stores, playlist)
    assert not begin(stores, playlist, "run-2", at=LEASE - MS)
    assert now_of(stores, playlist) == before
    assert told(stores, playlist) == ["playlist_imported", "sync_started"]


def test_the_same_run_delivered_twice_does_not_share_its_lease(stores: Stores) -> None:
    playlist = added(stores)
    assert begin(stores, playlist, "run-1")
    assert not begin(stores, playlist, "run-1", at=SECOND)


def test_an_expired_lease_is_taken_over(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    assert begin(stores, playlist, "run-2", at=LEASE)
    assert now_of(stores, playlist).run_id == "run-2"


def test_a_lease_is_exact_below_the_millisecond(stores: Stores) -> None:
    playlist = added(stores)
    until = T0 + timedelta(microseconds=900)
    now = T0 + timedelta(microseconds=500)
    assert stores.playlists.begin(playlist, run_id="run-1", lease_until=until, now=T0, event=an_event(playlist))
    assert not stores.playlists.begin(
        now_of(stores, playlist), run_id="run-2", lease_until=now + LEASE, now=now, event=an_event(playlist)
    )


def test_a_disabled_playlist_may_be_synced_by_hand_and_stays_off_the_schedule(stores: Stores) -> None:
    playlist = added(stores, enabled=False, due_at=None)
    assert begin(stores, playlist)
    assert now_of(stores, playlist).due_at is None
    assert due(stores, timedelta(days=9)) == set()


def test_a_playlist_that_is_gone_does_not_begin(stores: Stores) -> None:
    playlist = a_playlist()
    assert not begin(stores, playlist)
    assert stores.playlists.get("u-1", playlist.playlist_id) is None
    assert told(stores, playlist) == []


def test_beginning_again_after_a_lost_reply_keeps_the_lease(stores: Stores) -> None:
    playlist = added(stores)
    event = an_event(playlist)

    def again(at: timedelta) -> bool:
        now = T0 + at
        return stores.playlists.begin(playlist, run_id="run-1", lease_until=now + LEASE, now=now, event=event)

    assert again(timedelta())
    assert again(SECOND)
    assert now_of(stores, playlist).lease_until == T0 + LEASE
    assert told(stores, playlist) == ["playlist_imported", "sync_started"]
    assert not again(LEASE), "its lease is over: it may not believe that it holds it"
    assert begin(stores, playlist, "run-2", at=LEASE)
    assert not again(LEASE + SECOND), "another run has taken over"


def test_of_twenty_that_begin_at_once_exactly_one_does(stores: Stores) -> None:
    playlist = added(stores)
    start = Barrier(20)

    def compete(number: int) -> bool:
        start.wait()
        return stores.playlists.begin(
            playlist, run_id=f"run-{number}", lease_until=T0 + LEASE, now=T0, event=an_event(playlist)
        )

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(compete, range(20)))
    assert won.count(True) == 1
    assert now_of(stores, playlist).run_id == f"run-{won.index(True)}"
    assert told(stores, playlist) == ["playlist_imported", "sync_started"]


# --- while it runs -----------------------------------------------------------------------------------------------


def test_progress_shows_and_only_its_own_run_moves_it(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    stores.playlists.report_progress(
        "u-1", playlist.playlist_id, run_id="run-1", progress=Progress(phase="Matching", done=3, total=9)
    )
    stores.playlists.report_progress("u-1", playlist.playlist_id, run_id="run-2", progress=Progress(phase="Lost"))
    assert now_of(stores, playlist).progress == Progress(phase="Matching", done=3, total=9)


def test_the_remote_id_is_remembered_by_its_own_run_only(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    stores.playlists.save_remote_id("u-1", playlist.playlist_id, run_id="run-1", remote_id="r-1")
    with pytest.raises(LeaseLost):
        stores.playlists.save_remote_id("u-1", playlist.playlist_id, run_id="run-2", remote_id="r-2")
    assert now_of(stores, playlist).remote_id == "r-1"


def test_a_run_does_not_bring_a_removed_playlist_back(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    assert stores.playlists.remove("u-1", playlist.playlist_id, an_event(playlist, EventType.PLAYLIST_REMOVED))
    stores.playlists.report_progress("u-1", playlist.playlist_id, run_id="run-1", progress=Progress(phase="Matching"))
    with pytest.raises(LeaseLost):
        stores.playlists.save_remote_id("u-1", playlist.playlist_id, run_id="run-1", remote_id="r-1")
    assert not finish(stores, playlist)
    assert stores.playlists.get("u-1", playlist.playlist_id) is None
    assert told(stores, playlist) == ["playlist_imported", "sync_started", "playlist_removed"]


# --- finish ------------------------------------------------------------------------------------------------------


def finish(stores: Stores, playlist: Playlist, run_id: str = "run-1", **changes: object) -> bool:
    event = an_event(playlist, EventType.SYNC_COMPLETED)
    return stores.playlists.finish("u-1", playlist.playlist_id, run_id=run_id, end=a_run_end(**changes), event=event)


def test_the_end_of_a_run_leaves_what_it_found(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    told_of: dict[str, Any] = {  # Any: fields of several types
        "state": SyncState.WARNING,
        "last_error": LastError(kind=None, sentence="1 of 3 tracks is not in your library."),
        "counts": Counts(total=3, matched=2, by_method={"isrc": 1, "exact": 1}),
        "written": Fingerprint(source="s", library="l", policy="p", overrides="o", name="Sunday morning"),
        "verified_at": T0 + SECOND,
        "report_id": "run-1",
        "name": "Sunday evening",
        "source_name": "Sunday evening",
    }
    assert finish(stores, playlist, **told_of)
    ended = now_of(stores, playlist)
    assert ended == replace(
        playlist,
        **told_of,
        revision=ended.revision,
        last_synced_at=T0 + timedelta(minutes=1),
        last_job_id="job-1",
        due_at=T0 + timedelta(hours=1),
        run_id=None,
        lease_until=None,
        progress=None,
    )
    assert told(stores, playlist) == ["playlist_imported", "sync_started", "sync_completed"]


def test_what_an_end_does_not_tell_stays_and_the_last_error_and_the_fingerprint_go(stores: Stores) -> None:
    playlist = added(
        stores,
        counts=Counts(total=3, matched=3, by_method={"mbid": 3}),
        verified_at=T0 - SECOND,
        report_id="run-0",
        remote_id="r-1",
        last_error=LastError(
            kind=FailureKind.UNREACHABLE,
            sentence="Navidrome could not be reached.",
            connection_id=MUSIC_SERVER,
        ),
        written=Fingerprint(source="s", library="l", policy="p", overrides="o", name="n"),
        source_name="as it was called",
    )
    begin(stores, playlist)
    assert finish(stores, playlist)
    ended = now_of(stores, playlist)
    assert (ended.counts, ended.verified_at, ended.report_id) == (playlist.counts, playlist.verified_at, "run-0")
    assert (ended.name, ended.source_name, ended.remote_id) == (playlist.name, "as it was called", "r-1")
    assert (ended.last_error, ended.written) == (None, None)


def test_a_failed_run_is_not_when_it_was_last_synced(stores: Stores) -> None:
    playlist = added(stores, last_synced_at=T0 - timedelta(days=1))
    begin(stores, playlist)
    error = LastError(kind=FailureKind.UNREACHABLE, sentence="Navidrome could not be reached.")
    assert finish(stores, playlist, state=SyncState.ERROR, last_error=error)
    ended = now_of(stores, playlist)
    assert (ended.state, ended.last_error) == (SyncState.ERROR, error)
    assert ended.last_synced_at == T0 - timedelta(days=1)


def test_a_finished_playlist_may_begin_at_once(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    finish(stores, playlist)
    assert begin(stores, playlist, "run-2", at=SECOND)


def test_a_run_that_lost_its_lease_ends_nothing(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist, "run-1")
    begin(stores, playlist, "run-2", at=LEASE)
    before = now_of(stores, playlist)
    assert not finish(stores, playlist, "run-1", state=SyncState.ERROR)
    assert now_of(stores, playlist) == before
    assert told(stores, playlist) == ["playlist_imported", "sync_started", "sync_started"]


def test_finishing_again_after_a_lost_reply_is_harmless(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    event = an_event(playlist, EventType.SYNC_COMPLETED)

    def again() -> bool:
        return stores.playlists.finish("u-1", playlist.playlist_id, run_id="run-1", end=a_run_end(), event=event)

    assert again()
    ended = now_of(stores, playlist)
    assert again()
    assert now_of(stores, playlist) == ended
    assert begin(stores, playlist, "run-2", at=SECOND)
    assert again(), "it did finish, whatever came after"
    assert now_of(stores, playlist).run_id == "run-2"
    assert told(stores, playlist) == ["playlist_imported", "sync_started", "sync_completed", "sync_started"]


def test_disabled_while_it_ran_stays_off_the_schedule(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    off = an_event(playlist, EventType.PLAYLIST_DISABLED)
    stores.playlists.change("u-1", playlist.playlist_id, {"enabled": False}, [off])
    assert finish(stores, playlist)
    ended = now_of(stores, playlist)
    assert (ended.enabled, ended.due_at, ended.state) == (False, None, SyncState.SUCCESS)
    assert due(stores, timedelta(days=9)) == set()


def test_enabled_while_it_ran_is_due_when_the_run_says(stores: Stores) -> None:
    playlist = added(stores, enabled=False)
    begin(stores, playlist)
    on = an_event(playlist, EventType.PLAYLIST_ENABLED)
    stores.playlists.change("u-1", playlist.playlist_id, {"enabled": True}, [on])
    assert finish(stores, playlist)
    assert now_of(stores, playlist).due_at == T0 + timedelta(hours=1)
    assert due(stores, timedelta(hours=1)) == {("u-1", playlist.playlist_id)}


# --- remove ------------------------------------------------------------------------------------------------------


def test_removing_forgets_it_and_keeps_the_trail(stores: Stores) -> None:
    playlist = added(stores)
    event = an_event(playlist, EventType.PLAYLIST_REMOVED)
    assert stores.playlists.remove("u-1", playlist.playlist_id, event)
    assert stores.playlists.get("u-1", playlist.playlist_id) is None
    assert due(stores, timedelta(days=9)) == set()
    assert stores.playlists.remove("u-1", playlist.playlist_id, event), "the same removal, after a lost reply"
    another = an_event(playlist, EventType.PLAYLIST_REMOVED)
    assert not stores.playlists.remove("u-1", playlist.playlist_id, another)
    assert told(stores, playlist) == ["playlist_imported", "playlist_removed"]


def test_nobody_removes_or_switches_anothers(stores: Stores) -> None:
    playlist = added(stores)
    event: AuditEvent = an_event(playlist, EventType.PLAYLIST_REMOVED, user_id="u-2")
    assert not stores.playlists.remove("u-2", playlist.playlist_id, event)
    assert not stores.playlists.change("u-2", playlist.playlist_id, {"enabled": False}, [event])
    assert now_of(stores, playlist) == playlist


# --- another source ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_another_source_is_due_while_enabled_and_touches_nothing_else(stores: Stores, enabled: bool) -> None:
    playlist = added(stores, enabled=enabled, due_at=T0 + timedelta(days=1) if enabled else None, remote_id="remote-1")
    source = SourceRef(kind="files", locator="ab" * 32, label="CSV (Exportify)", version="v-2")
    event = an_event(playlist, EventType.SOURCE_REPLACED)
    for _ in range(2):  # the second after a lost reply
        assert stores.playlists.change_source("u-1", playlist.playlist_id, source=source, due_at=T0, event=event)
    assert now_of(stores, playlist) == replace(
        playlist, source=source, due_at=T0 if enabled else None, revision=playlist.revision + 1
    )
    assert due(stores, timedelta()) == ({("u-1", playlist.playlist_id)} if enabled else set())
    assert told(stores, playlist) == ["playlist_imported", "source_replaced"]


@pytest.mark.parametrize(("user_id", "playlist_id"), [("u-2", ""), ("u-1", "p-unknown"), ("u-1", "x" * 5000)])
def test_nobody_changes_the_source_of_what_is_not_theirs(stores: Stores, user_id: str, playlist_id: str) -> None:
    playlist = added(stores)
    event = an_event(playlist, EventType.SOURCE_REPLACED, user_id=user_id)
    named = playlist_id or playlist.playlist_id
    other = replace(playlist.source, locator="cd" * 32)
    assert not stores.playlists.change_source(user_id, named, source=other, due_at=T0, event=event)
    assert now_of(stores, playlist) == playlist
