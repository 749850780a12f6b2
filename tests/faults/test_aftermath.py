"""What an accident leaves behind, and the operation that comes upon it."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind
from reprise.domain.jobs import Operation, Reason
from reprise.domain.playlists import Playlist, SyncState
from reprise_dev.doubles.fake_navidrome import Fault as ServerFault
from tests.faults.operations import AFTER, BEFORE, DECOY, MISSING
from tests.faults.outside import Fault, Plan
from tests.faults.world import LEASE, PLAYLIST, USER, World

ALWAYS = 100


def shown(world: World) -> list[tuple[str, ...]]:
    return [world.titles(one.song_ids) for one in world.lists() if one.name != DECOY]


def at(world: World, body: str, name: str) -> int:
    """The number of the call of that name in an undisturbed delivery of `body`; the world is as before afterwards."""
    mark = world.mark()
    world.deliver(body)
    number = next(call.number for call in world.outside.calls if call.name == name)
    world.back_to(mark)
    return number


def cut_off(world: World, body: str, name: str) -> None:
    """The function is killed after that call, and the lease runs out."""
    assert world.deliver(body, Plan(at=at(world, body, name), fault=Fault.KILLED_AFTER)).killed
    world.clock.now += LEASE


def press(world: World, operation: Operation = Operation.SYNC) -> None:
    world.clock.now += timedelta(minutes=1)
    assert not world.deliver(world.job(operation=operation)).comes_again


def synced(world: World) -> None:
    world.add_playlist(*BEFORE)
    world.tick()
    assert shown(world) == [BEFORE]


class TestRecreate:
    def test_a_source_that_cannot_be_read_costs_no_list(self, world: World) -> None:
        synced(world)
        world.lose_content(world.playlist().source.locator)
        press(world, Operation.RECREATE)
        assert shown(world) == [BEFORE]
        assert world.playlist().state is SyncState.ERROR

    def test_a_source_of_which_nothing_is_found_costs_no_list(self, world: World) -> None:
        synced(world)
        world.change_source(MISSING)
        press(world, Operation.RECREATE)
        assert shown(world) == [BEFORE]
        assert world.playlist().state is SyncState.WARNING

    def test_cut_off_between_deleting_and_making_the_next_tick_makes_it(self, world: World) -> None:
        synced(world)
        cut_off(world, world.job(operation=Operation.RECREATE), "deletePlaylist")
        assert shown(world) == []
        world.tick()
        assert shown(world) == [BEFORE]
        assert world.playlist().state is SyncState.SUCCESS


class TestDelete:
    def test_a_list_whose_making_was_cut_off_before_its_id_was_saved_goes_too(self, world: World) -> None:
        world.add_playlist(*AFTER)
        cut_off(world, world.job(), "createPlaylist")
        assert shown(world) == [AFTER]
        assert world.playlist().remote_id is None
        press(world, Operation.DELETE_REMOTE)
        assert shown(world) == []
        assert [one.name for one in world.lists()] == [DECOY]


class TestPreview:
    def untouched(self, playlist: Playlist) -> tuple[object, ...]:
        return (
            playlist.state,
            playlist.last_error,
            playlist.written,
            playlist.held,
            playlist.due_at,
            playlist.counts,
            playlist.report_id,
            playlist.history,
            playlist.remote_id,
        )

    def test_one_that_fails_leaves_the_playlist_as_it_was(self, world: World) -> None:
        synced(world)
        before = self.untouched(world.playlist())
        world.server.fail_next(*[ServerFault.http(502, method="getPlaylist")] * ALWAYS)
        press(world, Operation.PREVIEW)
        world.server.recover()
        assert self.untouched(world.playlist()) == before
        end = world.trail()[-1]
        assert end.event_type is EventType.SYNC_FAILED
        assert end.metadata["operation"] == "preview"

    def test_one_of_a_failed_playlist_leaves_its_failure_told(self, world: World) -> None:
        synced(world)
        world.change_source(*AFTER)
        world.server.fail_next(ServerFault.http(413, method="createPlaylist"))
        world.tick()
        before = self.untouched(world.playlist())
        press(world, Operation.PREVIEW)
        assert self.untouched(world.playlist()) == before
        error = world.playlist().last_error
        assert error is not None
        assert error.kind is FailureKind.TOO_LARGE

    def test_after_a_run_that_was_cut_off_the_next_tick_still_looks(self, world: World) -> None:
        """The cut-off run wrote the new list, and the fingerprint still tells of the old one."""
        synced(world)
        world.change_source(*AFTER)
        cut_off(world, world.job(reason=Reason.SCHEDULE), "createPlaylist")
        press(world, Operation.PREVIEW)
        world.change_source(*BEFORE)
        assert shown(world) == [AFTER]
        world.tick()
        assert shown(world) == [BEFORE]


class TestHistory:
    def test_a_list_written_by_a_run_that_was_cut_off_can_be_gone_back_to(self, world: World) -> None:
        synced(world)
        world.change_source(*AFTER)
        cut_off(world, world.job(reason=Reason.SCHEDULE), "createPlaylist")
        world.tick()
        world.change_source(*BEFORE[:2])
        world.tick()
        playlist = world.playlist()
        written = [world.titles(world.report(one.report_id).library_ids) for one in playlist.history]
        assert written == [BEFORE[:2], AFTER, BEFORE]

    def test_a_list_found_in_place_again_and_again_is_kept_once(self, world: World) -> None:
        synced(world)
        for _ in range(3):
            cut_off(world, world.job(), "getPlaylist")
            world.tick()
        assert len(world.playlist().history) == 1


def test_what_a_person_asked_for_while_another_run_tries_a_failing_server_is_told_as_not_done(world: World) -> None:
    synced(world)
    world.server.fail_next(*[ServerFault.refused()] * ALWAYS)
    world.tick()
    world.server.recover()
    now = world.clock()
    failing = world.health.get(USER, MUSIC_SERVER)
    assert world.health.claim_probe(failing, now=now, until=now + timedelta(minutes=20))
    press(world, Operation.DELETE_REMOTE)
    assert shown(world) == [BEFORE]
    end = world.trail()[-1]
    assert end.event_type is EventType.SYNC_SKIPPED
    assert end.metadata["operation"] == "delete_remote"
    assert "failing" in end.message


def test_everything_a_playlist_went_through_is_in_its_trail(world: World) -> None:
    """One start and one end for each run, and a start alone for the one that was killed."""
    synced(world)
    world.change_source(*AFTER)
    cut_off(world, world.job(reason=Reason.SCHEDULE), "createPlaylist")
    world.tick()
    told = [event.event_type.value for event in world.trail()]
    assert told == [
        "playlist_imported",
        *("sync_started", "sync_completed"),
        "sync_started",
        *("sync_started", "sync_completed"),
    ]
    assert world.playlist(PLAYLIST).interrupted(world.clock.now) is False
