"""Music servers on bad days, and lists that somebody else had their hands on: what a person is told, and what stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind
from reprise.domain.jobs import Operation, Reason
from reprise.domain.playlists import SyncState
from reprise.ports.playlists import Link
from reprise_dev.doubles.fake_navidrome import Fault
from tests.faults.operations import AFTER, BEFORE, DECOY
from tests.faults.world import ALICE, NAME, PLAYLIST, TITLES, USER, World, song

# More requests than any run makes.
ALWAYS = 100
SECOND = "p-second"


@pytest.fixture
def synced(world: World) -> World:
    """A playlist that is in step, and has changed at its source since."""
    world.add_playlist(*BEFORE)
    world.tick()
    assert shown(world) == BEFORE
    world.notices()
    world.change_source(*AFTER)
    world.server.requests.clear()
    return world


def shown(world: World) -> tuple[str, ...] | None:
    """The one list there is besides the one made by hand; None for none."""
    lists = [one for one in world.lists() if one.name != DECOY]
    assert len(lists) <= 1
    return world.titles(lists[0].song_ids) if lists else None


def press(world: World, operation: Operation = Operation.SYNC) -> None:
    """A person asks for it now."""
    world.clock.now += timedelta(minutes=1)
    assert not world.deliver(world.job(operation=operation)).comes_again


def asked(world: World) -> list[str]:
    """The methods of all requests since the last look."""
    methods = [request.method for request in world.server.requests]
    world.server.requests.clear()
    return methods


def end(world: World, playlist_id: str = PLAYLIST) -> AuditEvent:
    """The newest event: that of the end of the last run."""
    return world.trail(playlist_id)[-1]


@dataclass(frozen=True)
class Told:
    """What the notifier hears of the last job."""

    outcome: str
    kind: str | None
    cause: str = "connection"


def told(world: World) -> set[Told]:
    return {
        Told(notice.notice_type.value, notice.fault.kind.value if notice.fault else None, notice.cause)
        for notice in world.notices()
    }


WELL = {Told("sync.succeeded", None)}


def in_step(world: World, titles: tuple[str, ...] = AFTER) -> None:
    """All is well: on the server, in the playlist's state, in the trail, and for the notifier."""
    playlist = world.playlist()
    assert shown(world) == titles
    assert playlist.state is SyncState.SUCCESS
    assert playlist.last_error is None
    assert end(world).event_type is EventType.SYNC_COMPLETED
    assert told(world) == WELL
    assert world.health.get(USER, MUSIC_SERVER).healthy


def failed_with(world: World, kind: FailureKind, outcome: str, cause: str = "connection") -> None:
    playlist = world.playlist()
    assert playlist.state is SyncState.ERROR
    assert playlist.last_error is not None
    assert playlist.last_error.kind is kind
    assert playlist.lease_until is None
    assert end(world).event_type is EventType.SYNC_FAILED
    assert end(world).metadata["failure_kind"] == kind.value
    assert Told(outcome, kind.value, cause) in told(world)


class TestListsInOtherHands:
    def test_renamed_its_name_is_put_right_when_it_is_looked_at(self, synced: World) -> None:
        world = synced
        world.tick()
        world.notices()
        remote_id = world.playlist().remote_id or ""
        world.server.edit_playlist(remote_id, name="Renamed by hand")
        press(world)
        assert [one.name for one in world.lists() if one.id == remote_id] == [NAME]
        assert end(world).metadata["changed"] is True
        in_step(world)

    def test_renamed_and_without_our_words_it_keeps_its_name(self, synced: World) -> None:
        world = synced
        remote_id = world.playlist().remote_id or ""
        world.server.edit_playlist(remote_id, name="Mine now", comment="my own words")
        world.tick()
        (mine,) = [one for one in world.lists() if one.id == remote_id]
        assert (mine.name, mine.comment) == ("Mine now", "my own words")
        in_step(world)

    def test_deleted_it_is_made_anew(self, synced: World) -> None:
        world = synced
        before = world.playlist().remote_id or ""
        world.server.delete_playlist(before)
        world.tick()
        assert world.playlist().remote_id not in (None, before)
        in_step(world)

    def test_deleted_with_nothing_else_changed_it_is_noticed_within_eight_days(self, synced: World) -> None:
        world = synced
        world.tick()
        world.notices()
        world.server.delete_playlist(world.playlist().remote_id or "")
        world.tick()
        assert shown(world) is None  # unchanged means free: nobody looked
        world.notices()
        world.clock.now += timedelta(days=8)
        world.tick()
        in_step(world)

    def test_emptied_by_hand_it_is_filled_again(self, synced: World) -> None:
        world = synced
        world.tick()
        world.notices()
        world.server.edit_playlist(world.playlist().remote_id or "", song_ids=())
        press(world)
        in_step(world)

    @pytest.mark.parametrize("readonly", ["another person's", "smart"])
    def test_one_that_cannot_be_written_is_left_alone_and_said_once(self, synced: World, readonly: str) -> None:
        world = synced
        theirs = world.ids(*TITLES[:3])
        if readonly == "smart":
            remote_id = world.server.add_playlist(ALICE, "Smart", theirs, smart=True)
        else:
            world.server.add_user("bob", "his")
            remote_id = world.server.add_playlist("bob", "Bob's", theirs, public=True)
        world.change_remote_id(remote_id)
        world.tick()
        assert world.server.playlist(remote_id).song_ids == theirs
        failed_with(world, FailureKind.FORBIDDEN, "sync.failed", f"playlist:{PLAYLIST}")
        assert world.health.get(USER, MUSIC_SERVER).healthy
        asked(world)
        world.tick()
        assert asked(world) == ["getScanStatus"]  # until something changes, it is not tried again
        assert told(world) == {*WELL, Told("sync.failed", "forbidden", f"playlist:{PLAYLIST}")}
        world.change_source(*BEFORE)
        world.change_remote_id(next(one.id for one in world.lists() if one.name == NAME))
        world.tick()
        in_step_but_for_the_other(world, BEFORE, remote_id)

    def test_another_persons_private_list_is_none_of_ours(self, synced: World) -> None:
        """The server says that it is not there. Our own list is found by its marker, and no second one is made."""
        world = synced
        world.server.add_user("bob", "his")
        theirs = world.server.add_playlist("bob", "Bob's", world.ids(*TITLES[:3]))
        world.change_remote_id(theirs)
        world.tick()
        assert world.server.playlist(theirs).song_ids == world.ids(*TITLES[:3])
        in_step(world)


def in_step_but_for_the_other(world: World, titles: tuple[str, ...], other: str) -> None:
    assert [world.titles(one.song_ids) for one in world.lists() if one.name == NAME] == [titles]
    assert world.playlist().state is SyncState.SUCCESS
    assert world.server.playlist(other).song_ids == world.ids(*TITLES[:3])


class TestAServerWithOtherIds:
    def renumbered(self, world: World) -> None:
        renamed = world.server.renumber_ids()
        world.song_ids = {title: renamed[song_id] for title, song_id in world.song_ids.items()}

    def test_the_list_is_found_again_and_there_is_no_second_one(self, synced: World) -> None:
        world = synced
        before = world.playlist().remote_id
        self.renumbered(world)
        world.tick()
        assert world.playlist().remote_id not in (None, before)
        in_step(world)

    def test_an_unchanged_one_is_found_again_too(self, synced: World) -> None:
        world = synced
        world.tick()
        world.notices()
        self.renumbered(world)
        world.tick()
        in_step(world)
        assert [one.id for one in world.lists() if one.name == NAME] == [world.playlist().remote_id]

    def test_deleting_deletes_it_under_its_new_id(self, synced: World) -> None:
        world = synced
        self.renumbered(world)
        press(world, Operation.DELETE_REMOTE)
        assert shown(world) is None
        assert end(world).event_type is EventType.REMOTE_DELETED
        assert told(world) == WELL
        assert world.playlist().remote_id is None

    def test_recreating_leaves_one_list(self, synced: World) -> None:
        world = synced
        self.renumbered(world)
        press(world, Operation.RECREATE)
        in_step(world)

    def test_undo_of_a_list_whose_songs_have_other_ids_leaves_the_list_alone_and_says_so(self, synced: World) -> None:
        world = synced
        world.tick()
        world.notices()
        oldest = world.playlist().history[-1].report_id
        self.renumbered(world)
        world.clock.now += timedelta(minutes=1)
        assert not world.deliver(world.job(operation=Operation.UNDO, argument=oldest)).comes_again
        assert shown(world) == AFTER
        playlist = world.playlist()
        assert playlist.state is SyncState.WARNING
        assert playlist.last_error is not None
        assert "no longer knows" in playlist.last_error.sentence

    def test_a_list_that_is_gone_is_as_good_as_deleted(self, synced: World) -> None:
        world = synced
        world.server.delete_playlist(world.playlist().remote_id or "")
        press(world, Operation.DELETE_REMOTE)
        assert shown(world) is None
        assert end(world).event_type is EventType.REMOTE_DELETED
        assert told(world) == WELL


class TestServersThatFail:
    def test_unreachable_it_backs_off_and_after_a_while_a_person_is_told(self, synced: World) -> None:
        world = synced
        world.server.fail_next(*[Fault.refused()] * ALWAYS)
        world.tick()
        failed_with(world, FailureKind.UNREACHABLE, "sync.degraded")
        health = world.health.get(USER, MUSIC_SERVER)
        assert health.consecutive_failures == 1
        assert health.next_retry_at is not None
        asked(world)
        world.deliver(world.job(reason=Reason.SCHEDULE))  # too early
        assert asked(world) == []
        assert told(world) == set()
        for _ in range(2):
            world.tick()
        failed_with(world, FailureKind.UNREACHABLE, "sync.failed")
        world.server.recover()
        world.tick()
        in_step(world)

    def test_restarting_is_waited_for(self, synced: World) -> None:
        world = synced
        world.server.fail_next(Fault.http(502), Fault.refused(), Fault.http(503))
        world.tick()
        in_step(world)

    @pytest.mark.parametrize("at", ["getScanStatus", "getPlaylist", "createPlaylist"])
    def test_a_bad_gateway_that_stays_is_no_persons_fault(self, synced: World, at: str) -> None:
        world = synced
        world.server.fail_next(*[Fault.http(502, method=at)] * ALWAYS)
        world.tick()
        failed_with(world, FailureKind.SERVER_ERROR, "sync.degraded")
        assert shown(world) == BEFORE
        world.server.recover()
        world.tick()
        in_step(world)

    def test_while_it_scans_what_is_known_of_the_library_serves(self, synced: World) -> None:
        world = synced
        (world.song_ids["Brand New"],) = world.server.add_songs([song("Brand New")])
        world.change_source(*AFTER, "Brand New")
        world.server.set_scanning(True)
        world.tick()
        assert shown(world) == AFTER
        assert world.playlist().state is SyncState.WARNING
        assert end(world).metadata["unmatched"] == 1
        assert told(world) == WELL
        world.server.set_scanning(False)
        world.tick()
        in_step(world, (*AFTER, "Brand New"))

    def test_its_very_first_scan_is_waited_for(self, world: World) -> None:
        world.server.miss_files(world.song_ids.values())
        world.server.set_scanning(True)
        world.add_playlist(*AFTER)
        world.tick()
        failed_with(world, FailureKind.SERVER_ERROR, "sync.degraded")
        assert shown(world) is None
        world.server.miss_files(world.song_ids.values(), missing=False)
        world.server.set_scanning(False)
        world.tick()
        in_step(world)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (Fault.login_page(), FailureKind.MISCONFIGURED),
            (Fault.redirect("https://elsewhere.test/login"), FailureKind.MISCONFIGURED),
            (Fault.http(401), FailureKind.MISCONFIGURED),
            (Fault.http(403), FailureKind.MISCONFIGURED),
            (Fault.http(404), FailureKind.MISCONFIGURED),
            (Fault.http(407), FailureKind.MISCONFIGURED),
            (Fault.http(413), FailureKind.MISCONFIGURED),
            (Fault.http(451), FailureKind.MISCONFIGURED),
            (Fault.api(20, "Incompatible version"), FailureKind.MISCONFIGURED),
            (Fault.api(30, "Incompatible version"), FailureKind.MISCONFIGURED),
            (Fault.api(41, "No tokens"), FailureKind.MISCONFIGURED),
            (Fault.api(60, "The trial is over"), FailureKind.FORBIDDEN),
            (Fault.truncated(), FailureKind.MALFORMED_RESPONSE),
        ],
        ids=[
            "html",
            "redirect",
            "401",
            "403",
            "404",
            "407",
            "413",
            "451",
            "client too old",
            "server too old",
            "no tokens",
            "trial over",
            "half JSON",
        ],
    )
    def test_what_everybody_meets_is_waited_out_and_nobody_has_to_sign_in_again(
        self, synced: World, fault: Fault, kind: FailureKind
    ) -> None:
        world = synced
        world.server.fail_next(*[fault] * ALWAYS)
        world.tick()
        failed_with(world, kind, "sync.degraded")
        assert shown(world) == BEFORE
        assert not world.health.get(USER, MUSIC_SERVER).latched
        asked(world)
        world.tick()
        assert asked(world)
        failed_with(world, kind, "sync.degraded")
        press(world)
        assert asked(world), "whoever mended it can see so at once"
        failed_with(world, kind, "sync.failed")
        world.server.recover()
        world.tick()
        in_step(world)

    def test_a_password_that_the_server_itself_refuses_stops_all_calls_until_the_person_signs_in(
        self, synced: World
    ) -> None:
        world = synced
        world.server.fail_next(*[Fault.api(40, "Wrong username or password")] * ALWAYS)
        world.tick()
        failed_with(world, FailureKind.AUTH_INVALID, "sync.failed")
        assert shown(world) == BEFORE
        assert world.health.get(USER, MUSIC_SERVER).latched
        asked(world)
        before = len(world.trail())
        world.tick()
        press(world)
        assert asked(world) == []
        assert told(world) == {Told("sync.failed", "auth_invalid")}
        assert world.playlist().state is SyncState.ERROR
        assert len(world.trail()) == before + 2  # the tick costs nothing, the press says why it was refused
        world.server.recover()
        world.health.reset(USER, MUSIC_SERVER)  # the person signs in
        world.tick()
        in_step(world)

    def test_one_answer_that_breaks_off_is_asked_for_again(self, synced: World) -> None:
        world = synced
        world.server.fail_next(*[Fault.truncated(method=at) for at in ("getScanStatus", "getPlaylist")])
        world.tick()
        in_step(world)

    @pytest.mark.parametrize("fault", [Fault.truncated, Fault.lost_reply])
    def test_an_answer_to_a_creation_that_breaks_off_makes_no_second_list(self, world: World, fault: type) -> None:
        world.add_playlist(*AFTER)
        world.server.fail_next(fault(method="createPlaylist"))
        world.tick()
        in_step(world)

    def test_an_older_server_is_spoken_to_in_its_own_version(self, synced: World) -> None:
        world = synced
        refusal = {"status": "failed", "version": "1.15.0", "error": {"code": 30, "message": "Incompatible version"}}
        body = json.dumps({"subsonic-response": refusal}).encode()
        world.server.fail_next(Fault(status=200, body=body, headers=(("Content-Type", "application/json"),)))
        world.tick()
        in_step(world)

    def test_a_list_too_large_for_it_is_that_lists_fault_alone(self, synced: World) -> None:
        world = synced
        world.add_playlist(*AFTER, playlist_id=SECOND)
        world.server.fail_next(Fault.http(413, method="createPlaylist"))
        world.tick()
        failed_with(world, FailureKind.TOO_LARGE, "sync.failed", f"playlist:{PLAYLIST}")
        assert sorted(world.titles(one.song_ids) for one in world.lists() if one.name == NAME) == sorted(
            [BEFORE, AFTER]
        )
        assert world.playlist(SECOND).state is SyncState.SUCCESS
        assert world.health.get(USER, MUSIC_SERVER).healthy
        asked(world)
        world.tick()
        assert asked(world) == ["getScanStatus"]

    def test_asked_to_wait_a_little_it_waits(self, synced: World) -> None:
        world = synced
        world.server.fail_next(Fault.http(429, retry_after="7"))
        before = world.clock.now
        world.tick()
        in_step(world)
        assert world.clock.now - before > timedelta(seconds=7)

    def test_asked_to_wait_long_nobody_calls_before(self, synced: World) -> None:
        world = synced
        world.server.fail_next(Fault.http(429, retry_after="7300"))
        world.tick()
        failed_with(world, FailureKind.RATE_LIMITED, "sync.degraded")
        asked(world)
        for _ in range(2):  # one hour later, and two
            world.tick()
        assert asked(world) == []
        assert told(world) == set()
        world.tick()
        in_step(world)

    def test_a_library_that_looks_empty_empties_nothing(self, synced: World) -> None:
        """Navidrome answers so when its database fails."""
        world = synced
        world.server.scan()
        world.server.swallow_searches(ALWAYS)
        world.tick()
        assert shown(world) == AFTER
        world.server.swallow_searches(0)
        world.tick()
        in_step(world)

    def test_a_music_disk_that_is_not_mounted_empties_nothing(self, synced: World) -> None:
        world = synced
        world.server.miss_files(world.song_ids.values())
        world.tick()
        held = [one for one in world.lists() if one.name == NAME]
        assert [world.titles(one.rows) for one in held] in ([BEFORE], [AFTER])
        world.server.miss_files(world.song_ids.values(), missing=False)
        world.notices()
        world.tick()
        in_step(world)


class TestALinkedList:
    def linked(self, world: World) -> str:
        world.add_playlist(*AFTER)
        remote_id = world.server.add_playlist(ALICE, "Theirs", world.ids(*BEFORE), comment="Their own words")
        link = Link(remote_id=remote_id, name="Theirs")
        event = world.event(EventType.PLAYLIST_LINKED)
        world.playlists.link(USER, PLAYLIST, remote=link, due_at=world.clock(), event=event)
        world.tick()
        in_step(world)
        return remote_id

    def test_it_keeps_its_name_and_words_and_bears_our_mark_beside_them(self, world: World) -> None:
        remote_id = self.linked(world)
        view = world.server.playlist(remote_id)
        assert (view.name, view.comment) == ("Theirs", f"Their own words {world.playlist().marker}")
