"""What a job does to playlists, the server, the audit trail and the notifier."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.matches import Method, Override
from reprise.domain.notices import NoticeType
from reprise.domain.playlists import SourcePlaylist, SyncState
from tests.unit.usecases.sync.world import HOUR, T0, USER, World, tracks

AUTH = SyncFailure(FailureKind.AUTH_INVALID)
ANOTHERS_START = AuditEvent(
    event_id="another",
    user_id=USER,
    playlist_id="mix",
    event_type=EventType.SYNC_STARTED,
    provider="files",
    message="",
    occurred_at=T0,
)


@pytest.fixture
def world() -> World:
    return World()


def test_a_playlist_reaches_the_server_in_order_with_repetitions_kept(world: World) -> None:
    world.add("mix", "s2", "s1", "s2", name="Mix")
    world.tick()
    assert world.remote("mix") == ("s2", "s1", "s2")
    playlist = world.playlist("mix")
    assert playlist.state is SyncState.SUCCESS
    assert (playlist.counts.total, playlist.counts.matched) == (3, 3)
    assert playlist.last_synced_at == T0
    assert playlist.last_error is None
    assert playlist.progress is None
    assert world.trail("mix") == ["sync_started", "sync_completed"]
    assert world.server.closed == 1


def test_missing_tracks_make_a_warning_and_the_report_names_them(world: World) -> None:
    world.add("mix", "s1", "x", "s3")
    world.tick()
    playlist = world.playlist("mix")
    assert playlist.state is SyncState.WARNING
    assert playlist.last_error is not None
    assert playlist.last_error.sentence == "1 of 3 tracks are not in your library."
    assert world.methods("mix") == [Method.EXACT, Method.NONE, Method.EXACT]
    end = world.history("mix")[0]
    assert end.metadata["match_rate"] == pytest.approx(0.6667)
    assert end.metadata["unmatched"] == 1


def test_nothing_found_writes_nothing(world: World) -> None:
    world.add("mix", "x", "y")
    world.tick()
    assert world.server.lists == {}
    error = world.playlist("mix").last_error
    assert error is not None
    assert error.sentence == "None of the 2 tracks is in your library; nothing was written."
    assert world.playlist("mix").state is SyncState.WARNING


def test_the_next_tick_of_an_unchanged_playlist_asks_the_server_one_thing_and_writes_nothing(world: World) -> None:
    world.add("mix", "s1", "x")
    world.tick()
    before = world.playlist("mix")
    world.server.calls.clear()
    world.now += HOUR
    world.tick()
    assert world.server.calls == ["library_stamp"]
    assert world.playlist("mix") == before
    assert world.trail("mix") == ["sync_started", "sync_completed"]


def test_every_tick_finds_it_due_again(world: World) -> None:
    world.add("mix", "s1")
    for _ in range(5):
        assert [end.playlist_id for end in world.tick()] == ["mix"]
        world.now += HOUR


def test_a_tick_that_comes_twice_does_no_more_than_once(world: World) -> None:
    world.add("mix", "s1")
    world.tick("mix")
    after = world.playlist("mix")
    assert world.tick("mix") == ()
    world.now += HOUR
    for _ in range(2):
        world.tick("mix")
        assert world.playlist("mix") == after


def test_a_changed_source_is_written_in_place(world: World) -> None:
    world.add("mix", "s1")
    world.tick()
    remote_id = world.playlist("mix").remote_id
    world.change_source("mix", "s3", "s1")
    world.now += HOUR
    world.tick("mix")
    assert world.remote("mix") == ("s3", "s1")
    assert world.playlist("mix").remote_id == remote_id
    assert len(world.server.lists) == 1


def test_new_music_leads_to_a_new_match(world: World) -> None:
    missing = world.server.library.pop()
    world.server.song_count = 3
    world.add("mix", "s1", "s4")
    world.tick()
    assert world.remote("mix") == ("s1",)
    world.server.library.append(missing)
    world.server.song_count, world.server.stamp = 4, "stamp-2"
    world.now += HOUR
    world.tick("mix")
    assert world.remote("mix") == ("s1", "s4")
    assert world.playlist("mix").state is SyncState.SUCCESS


def test_a_scan_that_found_nothing_costs_an_enumeration_and_no_write(world: World) -> None:
    world.add("mix", "s1")
    world.tick()
    world.server.stamp = "stamp-2"
    world.server.calls.clear()
    world.now += HOUR
    world.tick("mix")
    assert "songs" in world.server.calls
    assert "write_playlist" not in world.server.calls


def test_once_a_week_each_list_is_looked_at_and_repaired_at_an_hour_of_its_own(world: World) -> None:
    names = [f"mix-{number}" for number in range(12)]
    for name in names:
        world.add(name, "s1", "s2")
    world.tick()
    for row in world.server.lists.values():
        row.songs = ("s2",)
    repaired: dict[str, int] = {}
    for hour in range(1, 8 * 24 + 1):
        world.now += HOUR
        world.tick(*names)
        for name in names:
            if world.remote(name) == ("s1", "s2"):
                repaired.setdefault(name, hour)
    assert repaired.keys() == set(names)
    assert all(6 * 24 <= hour <= 8 * 24 for hour in repaired.values())
    assert len(set(repaired.values())) > 6, "not all at once"


def test_the_button_always_looks(world: World) -> None:
    world.add("mix", "s1", "s2")
    world.tick()
    remote_id = world.playlist("mix").remote_id
    assert remote_id is not None
    world.server.lists[remote_id].songs = ("s2",)
    world.press("mix")
    assert world.remote("mix") == ("s1", "s2")


def test_a_disabled_playlist_is_left_out_by_the_schedule_but_not_by_the_button(world: World) -> None:
    playlist = world.add("mix", "s1")
    world.playlists.place(replace(playlist, enabled=False))
    assert world.tick("mix") == ()
    assert [end.state for end in world.press("mix")] == [SyncState.SUCCESS]


def test_one_job_done_twice_does_the_work_once(world: World) -> None:
    world.add("mix", "s1")
    world.tick("mix")
    assert world.tick("mix") == ()
    assert world.trail("mix") == ["sync_started", "sync_completed"]


def test_a_second_run_yields_with_a_reason(world: World) -> None:
    playlist = world.add("mix", "s1")
    held = world.playlists.begin(
        playlist,
        run_id="other",
        lease_until=T0 + timedelta(minutes=5),
        now=T0,
        event=ANOTHERS_START,
    )
    assert held
    assert world.tick("mix") == ()
    assert world.server.lists == {}
    assert world.trail("mix") == ["sync_started", "sync_skipped"]


def test_an_expired_lease_is_taken_over_and_nothing_is_trusted(world: World) -> None:
    world.add("mix", "s1")
    world.tick("mix")
    world.playlists.begin(
        world.playlist("mix"), run_id="dead", lease_until=T0 + timedelta(minutes=16), now=T0, event=ANOTHERS_START
    )
    world.now += timedelta(minutes=17)
    assert world.playlist("mix").interrupted(world.now)
    world.now = T0 + HOUR
    world.server.calls.clear()
    world.tick()
    assert "write_playlist" in world.server.calls
    assert world.playlist("mix").state is SyncState.SUCCESS


def test_losing_the_lease_in_the_middle_stops_the_run_without_touching_the_playlist(world: World) -> None:
    world.add("mix", "s1")

    def another_takes_over() -> None:
        world.now += timedelta(minutes=17)
        assert world.playlists.begin(
            world.playlist("mix"),
            run_id="other",
            lease_until=world.now + timedelta(minutes=16),
            now=world.now,
            event=ANOTHERS_START,
        )

    world.server.before_write = another_takes_over
    assert world.tick("mix") == ()
    assert world.playlist("mix").run_id == "other"
    assert world.playlist("mix").state is SyncState.SYNCING


class TestConnectionFailures:
    def test_one_refusal_fails_every_playlist_and_is_told_once(self, world: World) -> None:
        for name in ("a", "b", "c"):
            world.add(name, "s1")
        world.server.refuse = AUTH
        world.tick()
        assert world.server.calls == ["library_stamp"]
        (notice,) = world.told()
        assert notice.notice_type is NoticeType.FAILED
        assert notice.fault is not None
        assert notice.fault.kind is FailureKind.AUTH_INVALID
        assert [end.playlist_id for end in notice.ends] == ["a", "b", "c"]
        for name in ("a", "b", "c"):
            error = world.playlist(name).last_error
            assert world.playlist(name).state is SyncState.ERROR
            assert error is not None
            assert error.sentence == (
                "Navidrome refuses the password or token that Reprise has for you. "
                "Sign in to Reprise again with your current password."
            )
            assert world.trail(name) == ["sync_started", "sync_failed"]

    def test_while_latched_nothing_is_called_yet_each_tick_tells_once(self, world: World) -> None:
        world.add("a", "s1")
        world.add("b", "s1")
        world.server.refuse = AUTH
        world.tick()
        first = world.told()[0].first_failure_at
        world.server.calls.clear()
        world.server.refuse = None
        for _ in range(3):
            world.now += HOUR
            world.tick()
            (notice,) = world.told()
            assert notice.notice_type is NoticeType.FAILED
            assert notice.first_failure_at == first
            assert {end.playlist_id for end in notice.ends} == {"a", "b"}
        assert world.server.calls == []
        assert world.trail("a") == ["sync_started", "sync_failed"]

    def test_signing_in_again_and_the_next_tick_is_green(self, world: World) -> None:
        world.add("a", "s1")
        world.tick()
        world.server.refuse = AUTH
        world.now += HOUR
        world.tick()
        world.server.refuse = None
        world.health.reset(USER, MUSIC_SERVER)
        world.told()
        world.now += HOUR
        world.tick()
        assert world.playlist("a").state is SyncState.SUCCESS
        assert [notice.notice_type for notice in world.told()] == [NoticeType.SUCCEEDED]

    def test_the_button_on_a_latched_connection_answers_without_calling(self, world: World) -> None:
        world.add("a", "s1")
        world.server.refuse = AUTH
        world.tick()
        world.server.calls.clear()
        world.press("a")
        assert world.server.calls == []
        assert world.trail("a") == ["sync_started", "sync_failed"] * 2

    def test_unreachable_backs_off_and_is_no_reason_to_write_to_anybody(self, world: World) -> None:
        world.add("a", "s1")
        world.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
        world.tick()
        assert [notice.notice_type for notice in world.told()] == [NoticeType.DEGRADED]
        world.server.calls.clear()
        world.now += timedelta(seconds=10)
        world.tick("a")
        assert world.server.calls == []

    def test_a_server_dead_for_three_tries_is_told_to_the_person(self, world: World) -> None:
        world.add("a", "s1")
        world.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
        told = []
        for _ in range(3):
            world.tick()
            told += [notice.notice_type for notice in world.told()]
            world.now += HOUR
        assert told == [NoticeType.DEGRADED, NoticeType.DEGRADED, NoticeType.FAILED]

    def test_one_worker_at_a_time_tries_a_failing_connection(self, world: World) -> None:
        world.add("a", "s1")
        world.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
        world.tick()
        world.now += HOUR
        seen = world.health.get(USER, MUSIC_SERVER)
        assert world.health.claim_probe(seen, now=world.now, until=world.now + timedelta(minutes=20))
        world.server.calls.clear()
        world.tick("a")
        world.press("a")
        assert world.server.calls == []
        world.now += timedelta(minutes=21)
        world.press("a")
        assert world.server.calls != []

    def test_a_failure_of_the_old_password_does_not_latch_the_new_one(self, world: World) -> None:
        world.add("a", "s1")
        old = world.connections.get(USER, MUSIC_SERVER)
        assert old is not None

        def signs_in_just_now() -> None:
            world.connections.put(replace(old, authorised_at=world.now + timedelta(seconds=1)))
            raise AUTH

        world.server.before_write = signs_in_just_now
        world.tick()
        assert world.told() == []
        assert world.health.get(USER, MUSIC_SERVER).healthy

    def test_recovery_resets_at_once(self, world: World) -> None:
        world.add("a", "s1")
        world.server.refuse = SyncFailure(FailureKind.SERVER_ERROR)
        world.tick()
        world.server.refuse = None
        world.now += HOUR
        world.tick()
        assert world.health.get(USER, MUSIC_SERVER).healthy

    def test_a_credential_that_cannot_be_read_asks_for_a_sign_in(self, world: World) -> None:
        world.add("a", "s1")
        broken = world.connections.get(USER, MUSIC_SERVER)
        assert broken is not None
        world.connections.put(replace(broken, ciphertext=b"altered"))
        world.tick()
        (notice,) = world.told()
        assert notice.fault is not None
        assert notice.fault.kind is FailureKind.AUTH_INVALID
        assert world.server.calls == []


class TestPlaylistFailures:
    def test_one_forbidden_list_does_not_stop_the_others_and_is_told_as_its_own_fault(self, world: World) -> None:
        world.add("a", "s1")
        world.add("b", "s2")
        world.tick()
        world.told()
        remote_id = world.playlist("a").remote_id
        assert remote_id is not None
        world.server.lists[remote_id].writable = False
        for name in ("a", "b"):
            world.change_source(name, "s3")
        world.now += HOUR
        world.tick()
        assert world.playlist("a").state is SyncState.ERROR
        assert world.playlist("b").state is SyncState.SUCCESS
        assert world.health.get(USER, MUSIC_SERVER).healthy
        assert [(o.notice_type, o.cause) for o in world.told()] == [
            (NoticeType.SUCCEEDED, "connection"),
            (NoticeType.FAILED, "playlist:a"),
        ]

    def test_a_fatal_list_is_not_tried_again_until_something_changes(self, world: World) -> None:
        world.add("a", "s1")
        world.tick()
        remote_id = world.playlist("a").remote_id
        assert remote_id is not None
        world.server.lists[remote_id].writable = False
        world.change_source("a", "s3")
        world.now += HOUR
        world.tick()
        world.server.calls.clear()
        world.told()
        world.now += HOUR
        world.tick()
        assert world.server.calls == ["library_stamp"]
        assert [o.notice_type for o in world.told()] == [NoticeType.SUCCEEDED, NoticeType.FAILED]
        world.server.lists[remote_id].writable = True
        world.press("a")
        assert world.remote("a") == ("s3",)

    def test_a_bug_fails_its_playlist_alone(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        world.add("a", "s1")
        world.add("b", "s2")
        world.server.refuse_once["write_playlist"] = ZeroDivisionError("bug")
        world.tick()
        assert world.playlist("a").state is SyncState.ERROR
        assert world.playlist("a").last_error.kind is FailureKind.INTERNAL  # type: ignore[union-attr]
        assert world.playlist("b").state is SyncState.SUCCESS
        assert "sync run broke" in caplog.text

    def test_an_upload_that_vanished_is_told_as_not_found(self, world: World) -> None:
        playlist = world.add("a", "s1")
        world.playlists.place(replace(playlist, source=replace(playlist.source, locator="gone", version="other")))
        world.tick()
        error = world.playlist("a").last_error
        assert error is not None
        assert error.kind is FailureKind.NOT_FOUND

    def test_an_upload_that_was_replaced_while_the_library_was_read_is_read_the_next_time(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = world.add("a", "s1").source
        load = world.contents.load

        def replaced_just_before(user_id: str, locator: str) -> SourcePlaylist | None:
            if locator == before.locator:
                content = SourcePlaylist(name="", tracks=tracks("s2"), version="v2")
                kept = replace(before, locator=world.contents.save(USER, content), version="v2")
                event = replace(ANOTHERS_START, event_id="newer", playlist_id="a", event_type=EventType.SOURCE_REPLACED)
                assert world.playlists.change_source(USER, "a", source=kept, due_at=world.now, event=event)
                world.contents.forget(USER, locator)
            return load(user_id, locator)

        monkeypatch.setattr(world.contents, "load", replaced_just_before)
        world.tick()
        error = world.playlist("a").last_error
        assert error is not None
        assert error.kind is FailureKind.INTERRUPTED
        world.now += HOUR
        world.tick()
        assert world.playlist("a").state is SyncState.SUCCESS
        assert world.remote("a") == ("s2",)


def test_songs_the_server_no_longer_knows_are_told_and_the_library_is_read_again(world: World) -> None:
    world.add("mix", "s1", "s2")
    world.tick()
    world.server.library = [song for song in world.server.library if song.id != "s2"]
    world.change_source("mix", "s2", "s1")
    world.now += HOUR
    world.tick()
    playlist = world.playlist("mix")
    assert playlist.state is SyncState.WARNING
    assert playlist.last_error is not None
    assert playlist.last_error.sentence == "The music server no longer knows 1 of the songs."
    assert world.remote("mix") == ("s1",)
    world.server.song_count = 3
    world.server.calls.clear()
    world.now += HOUR
    world.tick()
    assert "songs" in world.server.calls


def test_a_server_that_knows_none_of_the_songs_has_its_library_read_again(world: World) -> None:
    world.add("mix", "s1")
    world.server.refuse_once["write_playlist"] = SyncFailure(FailureKind.INTERRUPTED, scope=Scope.PLAYLIST)
    world.tick()
    assert world.playlist("mix").state is SyncState.ERROR
    assert world.health.get(USER, MUSIC_SERVER).healthy
    world.server.calls.clear()
    world.now += HOUR
    world.tick()
    assert "songs" in world.server.calls
    assert world.remote("mix") == ("s1",)


def test_manual_choices_win_and_a_change_of_them_is_noticed(world: World) -> None:
    playlist = world.add("mix", "s1")
    world.tick()
    key = world.contents.load(USER, playlist.source.locator).tracks[0].key  # type: ignore[union-attr]
    world.overrides.place(USER, Override(track_key=key, chosen="s4"))
    world.now += HOUR
    world.tick()
    assert world.remote("mix") == ("s4",)
    assert world.methods("mix") == [Method.MANUAL]


def test_short_of_time_the_rest_becomes_a_new_job(world: World) -> None:
    for name in ("a", "b", "c"):
        world.add(name, "s1")
    ends = world.tick("a", "b", "c", remaining_s=30.0)
    assert [end.playlist_id for end in ends] == ["a"]
    (rest,) = world.jobs.jobs
    assert rest.playlist_ids == ("b", "c")
    assert rest.user_id == USER


def test_progress_is_told_while_the_run_is_on(world: World) -> None:
    world.add("mix", "s1", "s2")
    seen: list[str] = []
    world.server.before_write = lambda: seen.append(world.playlist("mix").progress.phase)  # type: ignore[union-attr]
    world.tick()
    assert seen == ["Writing to the music server"]


def test_a_ban_from_the_whole_account_is_the_connections_failure(world: World) -> None:
    world.add("a", "s1")
    world.add("b", "s1")
    world.server.refuse = SyncFailure(FailureKind.FORBIDDEN, scope=Scope.CONNECTION)
    world.tick()
    (notice,) = world.told()
    assert (notice.cause, notice.notice_type) == ("connection", NoticeType.DEGRADED)
    assert not world.health.get(USER, MUSIC_SERVER).latched, "whoever lifts it asks nobody to sign in again"
    for _ in range(2):
        world.now += HOUR
        world.tick()
    (_, lasting) = world.told()
    assert lasting.notice_type is NoticeType.FAILED
