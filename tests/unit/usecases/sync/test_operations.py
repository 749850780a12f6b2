"""What else can be done with a playlist than syncing it, and the valve that holds a harmful sync back."""

from __future__ import annotations

import pytest

from reprise.domain.jobs import Operation
from reprise.domain.playlists import HISTORY_MAX, HoldAnswer, HoldReason, SyncState
from reprise.domain.previews import Change
from reprise.domain.tracks import LibraryTrack
from reprise.ports.playlists import Link
from reprise_dev.doubles.fakes.music_server import HeldList
from tests.unit.usecases.sync.world import HOUR, USER, World

MANY = tuple(f"m{number}" for number in range(12))


@pytest.fixture
def world() -> World:
    world = World()
    world.server.library += [
        LibraryTrack(id=key, title=f"Missing {key}", artist=f"Nobody {key}", duration_ms=180_000) for key in MANY
    ]
    world.server.song_count = len(world.server.library)
    return world


class TestTheValve:
    def shrunken(self, world: World) -> None:
        world.add("mix", *MANY)
        world.tick()
        world.change_source("mix", *MANY[:3])
        world.now += HOUR
        world.tick()

    def test_a_source_that_lost_most_is_held_back_and_says_why(self, world: World) -> None:
        self.shrunken(world)
        playlist = world.playlist("mix")
        assert world.remote("mix") == MANY
        assert playlist.state is SyncState.WARNING
        assert playlist.held is not None
        assert playlist.held.reason is HoldReason.SOURCE_SHRANK
        assert playlist.last_error is not None
        assert playlist.last_error.sentence == (
            "Held back: The playlist shrank at its source from 12 tracks to 3. The list on the server is as it was."
        )
        assert playlist.counts.matched == 12

    @pytest.mark.parametrize("keys", [(), ("x", "y", "z", *MANY[:2])])
    def test_neither_an_empty_source_nor_a_vanished_library_empties_a_list(
        self, world: World, keys: tuple[str, ...]
    ) -> None:
        world.add("mix", *MANY[:6])
        world.tick()
        world.change_source("mix", *keys)
        world.now += HOUR
        world.tick()
        assert world.remote("mix") == MANY[:6]
        assert world.playlist("mix").held is not None

    def test_while_it_waits_a_tick_costs_nothing_and_the_button_holds_too(self, world: World) -> None:
        self.shrunken(world)
        world.server.calls.clear()
        world.now += HOUR
        world.tick()
        assert world.server.calls == ["library_stamp"]
        assert world.playlist("mix").held is not None
        world.press("mix")
        assert world.remote("mix") == MANY

    def test_confirmed_it_is_written(self, world: World) -> None:
        self.shrunken(world)
        held = world.playlist("mix").held
        assert held is not None
        assert world.playlists.answer_hold(
            USER, "mix", report_id=held.report_id, answer=HoldAnswer.CONFIRMED, event=world.event("mix")
        )
        world.press("mix")
        assert world.remote("mix") == MANY[:3]
        assert world.playlist("mix").held is None
        assert world.playlist("mix").counts.total == 3

    def test_an_answer_to_another_hold_is_none(self, world: World) -> None:
        self.shrunken(world)
        assert not world.playlists.answer_hold(
            USER, "mix", report_id="another", answer=HoldAnswer.CONFIRMED, event=world.event("mix")
        )

    def test_a_confirmation_counts_only_for_what_was_shown(self, world: World) -> None:
        self.shrunken(world)
        held = world.playlist("mix").held
        assert held is not None
        world.playlists.answer_hold(
            USER, "mix", report_id=held.report_id, answer=HoldAnswer.CONFIRMED, event=world.event("mix")
        )
        world.change_source("mix", "s1")
        world.press("mix")
        assert world.remote("mix") == MANY

    def test_dismissed_it_stays_quiet_until_something_changes(self, world: World) -> None:
        self.shrunken(world)
        held = world.playlist("mix").held
        assert held is not None
        world.playlists.answer_hold(
            USER, "mix", report_id=held.report_id, answer=HoldAnswer.DISMISSED, event=world.event("mix")
        )
        world.now += HOUR
        world.tick()
        after = world.playlist("mix").held
        assert after is not None
        assert after.answer is HoldAnswer.DISMISSED
        world.change_source("mix", *MANY[:8])
        world.now += HOUR
        world.tick()
        assert world.remote("mix") == MANY[:8]
        assert world.playlist("mix").held is None


class TestRebuild:
    def test_it_reads_the_library_afresh_and_keeps_the_list(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.tick()
        remote_id = world.playlist("mix").remote_id
        world.server.library = [song for song in world.server.library if song.id != "s1"]
        world.server.calls.clear()
        world.press("mix", operation=Operation.REBUILD)
        assert "songs" in world.server.calls
        assert world.playlist("mix").remote_id == remote_id
        assert world.remote("mix") == ("s2",)

    def test_recreate_makes_another_list(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.tick()
        world.press("mix", operation=Operation.RECREATE)
        assert [row.songs for row in world.server.lists.values()] == [("s1", "s2")]
        assert world.server.calls.count("delete_playlist") == 1
        assert world.playlist("mix").remote_id in world.server.lists


class TestDeleteRemote:
    def test_the_list_goes_and_is_let_go_of(self, world: World) -> None:
        world.add("mix", "s1")
        world.tick()
        world.press("mix", operation=Operation.DELETE_REMOTE)
        playlist = world.playlist("mix")
        assert world.server.lists == {}
        assert (playlist.remote_id, playlist.state, playlist.counts.total) == (None, SyncState.PENDING, 0)
        assert world.trail("mix")[-2:] == ["sync_started", "remote_deleted"]

    def test_a_list_whose_id_was_lost_is_found_by_its_marker_and_others_stay(self, world: World) -> None:
        world.add("mix", "s1")
        world.add("mix-2", "s2")
        world.tick()
        other = world.playlist("mix-2").remote_id
        world.playlists.begin(
            world.playlist("mix"), run_id="r", lease_until=world.now + HOUR, now=world.now, event=world.event("mix")
        )
        world.playlists.save_remote_id(USER, "mix", run_id="r", remote_id=None)
        world.now += 2 * HOUR
        world.press("mix", operation=Operation.DELETE_REMOTE)
        assert list(world.server.lists) == [other]

    def test_again_does_no_harm(self, world: World) -> None:
        world.add("mix", "s1")
        world.tick()
        for _ in range(2):
            world.press("mix", operation=Operation.DELETE_REMOTE)
        assert world.playlist("mix").state is SyncState.PENDING


class TestUndo:
    def test_an_earlier_list_is_written_again(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.tick()
        world.change_source("mix", "s3", "x")
        world.now += HOUR
        world.tick()
        newest, first = world.playlist("mix").history
        assert (newest.songs, first.songs) == (1, 2)
        world.press("mix", operation=Operation.UNDO, argument=first.report_id)
        assert world.remote("mix") == ("s1", "s2")
        assert world.playlist("mix").counts.total == 2
        assert world.playlist("mix").written is None

    def test_a_report_that_is_gone_changes_nothing(self, world: World) -> None:
        world.add("mix", "s1")
        world.tick()
        world.press("mix", operation=Operation.UNDO, argument="gone")
        assert world.remote("mix") == ("s1",)
        error = world.playlist("mix").last_error
        assert error is not None
        assert "no longer kept" in error.sentence

    def test_the_history_is_short(self, world: World) -> None:
        world.add("mix", "s1")
        for round_ in range(HISTORY_MAX + 3):
            world.change_source("mix", *("s1", "s2", "s3")[: round_ % 3 + 1])
            world.press("mix")
        history = world.playlist("mix").history
        assert len(history) == HISTORY_MAX
        assert list(history) == sorted(history, key=lambda snapshot: snapshot.report_id, reverse=True)


class TestPreview:
    def test_it_tells_what_would_change_and_why_and_writes_nothing(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.tick()
        before = world.playlist("mix")
        world.change_source("mix", "s2", "s4", "x")
        calls = len(world.server.calls)
        world.press("mix", operation=Operation.PREVIEW)
        assert "write_playlist" not in world.server.calls[calls:]
        preview = world.previews.load(USER, "mix")
        assert preview is not None
        assert [(shown.step.change, shown.title) for shown in preview.steps] == [
            (Change.REMOVED, "Paranoid Android"),
            (Change.ADDED, "Roads"),
        ]
        assert all(shown.why.endswith(".") for shown in preview.steps)
        assert preview.kept == 1
        assert (preview.counts.total, preview.counts.matched) == (3, 2)
        after = world.playlist("mix")
        assert (after.state, after.counts, after.written, after.history) == (
            before.state,
            before.counts,
            before.written,
            before.history,
        )
        assert world.trail("mix")[-1] == "previewed"

    def test_it_says_that_the_valve_would_hold(self, world: World) -> None:
        world.add("mix", *MANY)
        world.tick()
        world.change_source("mix", MANY[0])
        world.press("mix", operation=Operation.PREVIEW)
        preview = world.previews.load(USER, "mix")
        assert preview is not None
        assert preview.held == "The playlist shrank at its source from 12 tracks to 1."

    def test_before_the_first_sync_everything_is_new(self, world: World) -> None:
        world.add("mix", "s1")
        world.press("mix", operation=Operation.PREVIEW)
        preview = world.previews.load(USER, "mix")
        assert preview is not None
        assert [shown.step.change for shown in preview.steps] == [Change.ADDED]
        assert world.playlist("mix").state is SyncState.PENDING


class TestLink:
    def test_a_linked_list_is_overwritten_and_keeps_its_id(self, world: World) -> None:
        world.add("mix", "s1", "s2")
        world.server.lists["theirs"] = HeldList("Old Favourites", "", ("s4",))
        world.playlists.link(
            USER,
            "mix",
            remote=Link(remote_id="theirs", name="Old Favourites"),
            due_at=world.now,
            event=world.event("mix"),
        )
        world.tick("mix")
        assert world.server.lists["theirs"].songs == ("s1", "s2")
        assert list(world.server.lists) == ["theirs"]
        assert world.playlist("mix").target_name == "Old Favourites"

    def test_after_unlinking_a_new_list_is_made_and_the_old_one_left(self, world: World) -> None:
        world.add("mix", "s1")
        world.tick()
        old = world.playlist("mix").remote_id
        world.playlists.unlink(USER, "mix", world.event("mix"))
        assert not world.playlist("mix").enabled
        assert world.tick() == ()
        world.press("mix")
        assert world.playlist("mix").remote_id != old
        assert len(world.server.lists) == 2


def test_what_changed_between_reading_and_the_lease_is_read_again(world: World) -> None:
    world.add("mix", "s1")
    world.tick()
    stale = world.playlist("mix")
    world.playlists.change(USER, "mix", {"remote_name": "Another Name"}, [world.event("mix")])
    assert not world.playlists.begin(
        stale, run_id="r", lease_until=world.now + HOUR, now=world.now, event=world.event("mix")
    )
    many = world.playlists.get_many
    world.playlists.get_many = lambda user_id, ids: (stale,) if ids == ("mix",) else many(user_id, ids)  # type: ignore[method-assign]
    world.press("mix")
    assert world.playlist("mix").written is not None
    assert world.playlist("mix").written.name == "Another Name"  # type: ignore[union-attr]
