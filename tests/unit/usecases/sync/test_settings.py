"""What a person sets for their playlists, and what a run makes of it: the threshold, and what the comment tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.jobs import Operation
from reprise.domain.matches import MatchReport, Method
from reprise.domain.playlists import SourcePlaylist, SourceRef, SyncState
from reprise.domain.tracks import SourceTrack
from reprise.ports.playlists import Link
from reprise_dev.doubles.fakes.music_server import HeldList
from tests.unit.usecases.sync.world import HOUR, USER, World


@pytest.fixture
def world() -> World:
    return World()


def include(world: World, *, wanted: bool = True) -> None:
    assert world.playlists.change(USER, "mix", {"include_unmatched_tracks": wanted}, [world.event("mix")])


def told(world: World) -> list[str]:
    """What the comment of the list says that it lacks."""
    remote_id = world.playlist("mix").remote_id
    assert remote_id is not None
    return [track.title for track in world.server.lists[remote_id].missing]


def next_tick(world: World) -> list[str]:
    """The calls made to the server by the next tick."""
    world.server.calls.clear()
    world.now += HOUR
    world.tick("mix")
    return world.server.calls


class TestTheComment:
    def test_it_tells_nothing_unless_asked_to(self, world: World) -> None:
        world.add("mix", "s1", "x")
        world.tick()
        assert told(world) == []

    def test_switched_on_it_is_written_at_the_next_tick_and_costs_nothing_after_it(self, world: World) -> None:
        world.add("mix", "s1", "x", "s2", "y")
        world.tick()
        include(world)
        assert "write_playlist" in next_tick(world)
        assert told(world) == ["Missing x", "Missing y"]
        assert world.remote("mix") == ("s1", "s2")
        assert next_tick(world) == ["library_stamp"]

    def test_switched_off_again_it_is_taken_back(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.tick()
        assert told(world) == ["Missing x"]
        include(world, wanted=False)
        next_tick(world)
        assert told(world) == []
        assert next_tick(world) == ["library_stamp"]

    def test_what_else_is_missing_by_now_is_told_though_the_songs_stay(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.tick()
        history = world.playlist("mix").history
        world.change_source("mix", "s1", "x", "z")
        next_tick(world)
        assert told(world) == ["Missing x", "Missing z"]
        assert world.history("mix")[0].metadata["changed"] is True
        assert world.playlist("mix").history == history, "no other list was written that one could go back to"

    def test_when_all_is_found_nothing_is_missing(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.tick()
        world.change_source("mix", "s1", "s2")
        next_tick(world)
        assert told(world) == []
        assert world.playlist("mix").state is SyncState.SUCCESS

    def test_an_undo_tells_what_that_list_lacks(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.tick()
        first = world.playlist("mix").history[0].report_id
        world.change_source("mix", "s2", "z")
        next_tick(world)
        world.press("mix", operation=Operation.UNDO, argument=first)
        assert (world.remote("mix"), told(world)) == (("s1",), ["Missing x"])

    def test_an_undo_after_it_was_switched_off_tells_nothing(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.tick()
        include(world, wanted=False)
        world.press("mix", operation=Operation.UNDO, argument=world.playlist("mix").history[0].report_id)
        assert told(world) == []

    def test_a_preview_changes_no_comment(self, world: World) -> None:
        world.add("mix", "s1", "x")
        world.tick()
        include(world)
        before = world.playlist("mix").written
        world.press("mix", operation=Operation.PREVIEW)
        assert told(world) == []
        assert world.playlist("mix").written == before
        next_tick(world)
        assert told(world) == ["Missing x"]

    def test_what_is_held_back_leaves_the_comment_too(self, world: World) -> None:
        world.add("mix", "s1", "s2", "s3", "s4", "x")
        include(world)
        world.tick()
        world.change_source("mix")
        next_tick(world)
        assert world.playlist("mix").held is not None
        assert told(world) == ["Missing x"]

    @pytest.mark.parametrize("operation", [Operation.REBUILD, Operation.RECREATE])
    def test_a_list_made_or_matched_anew_tells_it_too(self, world: World, operation: Operation) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.press("mix", operation=operation)
        assert told(world) == ["Missing x"]

    def test_a_linked_list_is_marked_at_its_first_write_and_never_again(self, world: World) -> None:
        world.add("mix", "s1", "x")
        include(world)
        world.server.lists["theirs"] = HeldList("Old Favourites", "", ("s4",))
        link = Link(remote_id="theirs", name="Old Favourites")
        world.playlists.link(USER, "mix", remote=link, due_at=world.now, event=world.event("mix"))
        world.tick("mix")
        theirs = world.server.lists["theirs"]
        assert (theirs.name, theirs.marker, told(world)) == ("Old Favourites", "reprise:mix", ["Missing x"])
        theirs.marker, theirs.missing = "Mine, all mine.", ()
        world.change_source("mix", "s1", "s2", "z")
        next_tick(world)
        assert (theirs.songs, theirs.marker, told(world)) == (("s1", "s2"), "Mine, all mine.", [])

    def test_a_linked_list_can_be_given_another_name(self, world: World) -> None:
        world.add("mix", "s1")
        world.server.lists["theirs"] = HeldList("Old Favourites", "", ("s4",))
        link = Link(remote_id="theirs", name="Old Favourites")
        world.playlists.link(USER, "mix", remote=link, due_at=world.now, event=world.event("mix"))
        world.tick("mix")
        world.playlists.change(USER, "mix", {"remote_name": "New Favourites"}, [world.event("mix")])
        next_tick(world)
        assert world.server.lists["theirs"].name == "New Favourites"


class TestTheThreshold:
    """Of "Roads", and a "Teardrops" that is only nearly "Teardrop"."""

    NEARLY = (
        SourceTrack(title="Roads", artist="Portishead", album="Dummy"),
        SourceTrack(title="Teardrops", artist="Massive Attack"),
    )

    @pytest.fixture
    def above(self, world: World) -> float:
        """A threshold that is just too high for it. The playlist was synced once."""
        content = SourcePlaylist(name="", tracks=self.NEARLY, version="v-nearly")
        world.add("mix", "s4")
        world.playlists.change_source(
            USER,
            "mix",
            source=SourceRef(
                kind="files", locator=world.contents.save(USER, content), label="JSPF", version="v-nearly"
            ),
            due_at=world.now,
            event=world.event("mix"),
        )
        world.tick()
        nearly = self.report(world).matches[1]
        assert nearly.method is Method.FUZZY
        return round(nearly.confidence + 0.002, 3)

    def add(self, world: World, playlist_id: str) -> None:
        content = SourcePlaylist(name="", tracks=self.NEARLY, version="v")
        source = SourceRef(kind="files", locator=world.contents.save(USER, content), label="JSPF", version="v")
        world.playlists.place(replace(world.add(playlist_id), source=source))

    def report(self, world: World) -> MatchReport:
        report_id = world.playlist("mix").report_id
        assert report_id is not None
        report = world.reports.load(USER, "mix", report_id)
        assert report is not None
        return report

    def of_playlist(self, world: World, threshold: float | None) -> None:
        assert world.playlists.change(USER, "mix", {"match_threshold": threshold}, [world.event("mix")])

    def of_person(self, world: World, threshold: float | None) -> None:
        assert world.connections.set_match_threshold(USER, MUSIC_SERVER, threshold)

    def test_without_one_the_instances_holds_and_the_report_says_so(self, world: World, above: float) -> None:
        assert world.remote("mix") == ("s4", "s3")
        assert self.report(world).threshold == world.ports.policy.threshold < above

    def test_a_persons_own_leads_to_a_fresh_match_at_the_next_tick_and_to_one_only(
        self, world: World, above: float
    ) -> None:
        self.of_person(world, above)
        next_tick(world)
        assert world.remote("mix") == ("s4",)
        assert self.report(world).threshold == above
        assert next_tick(world) == ["library_stamp"]

    def test_a_playlists_own_comes_before_that(self, world: World, above: float) -> None:
        self.of_person(world, above)
        self.of_playlist(world, 0.5)
        next_tick(world)
        assert world.remote("mix") == ("s4", "s3")
        assert self.report(world).threshold == 0.5
        self.of_playlist(world, None)
        next_tick(world)
        assert world.remote("mix") == ("s4",)
        self.of_person(world, None)
        next_tick(world)
        assert world.remote("mix") == ("s4", "s3")
        assert self.report(world).threshold == world.ports.policy.threshold

    def test_none_at_all_is_a_threshold_too(self, world: World, above: float) -> None:
        self.of_person(world, above)
        self.of_playlist(world, 0.0)
        next_tick(world)
        assert world.remote("mix") == ("s4", "s3")
        assert self.report(world).threshold == 0.0

    def test_a_preview_asks_for_it_and_says_so(self, world: World, above: float) -> None:
        self.of_playlist(world, above)
        world.press("mix", operation=Operation.PREVIEW)
        preview = world.previews.load(USER, "mix")
        assert preview is not None
        assert (preview.threshold, preview.counts.matched) == (above, 1)
        assert world.remote("mix") == ("s4", "s3")

    def test_each_playlist_of_a_job_has_its_own(self, world: World, above: float) -> None:
        content = SourcePlaylist(name="", tracks=self.NEARLY, version="v-nearly")
        world.add("other", "s4")
        world.playlists.change_source(
            USER,
            "other",
            source=SourceRef(
                kind="files", locator=world.contents.save(USER, content), label="JSPF", version="v-nearly"
            ),
            due_at=world.now,
            event=world.event("other"),
        )
        self.of_playlist(world, above)
        world.now += HOUR
        world.tick("mix", "other")
        assert (world.remote("mix"), world.remote("other")) == (("s4",), ("s4", "s3"))
