"""The operations of the sync function, each from the moment before it: what may be seen meanwhile, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from reprise.domain.connections import MUSIC_SERVER, ConnectionId
from reprise.domain.events import EventType
from reprise.domain.jobs import Operation, Reason
from reprise.domain.playlists import SyncState
from reprise.domain.previews import Preview
from reprise.ports.playlists import Link
from reprise_dev.doubles.fake_navidrome import Fault as ServerFault
from tests.faults.world import ALICE, PLAYLIST, TITLES, USER, VISIBILITY, WEB_HOST, Delivery, World, song

Titles = tuple[str, ...]

MISSING = "Not There At All"
BEFORE: Titles = (TITLES[0], TITLES[1], TITLES[0], TITLES[2])
AFTER: Titles = (TITLES[3], TITLES[1], TITLES[4], TITLES[1])
NEWS = f"{MISSING} Until Now"
DECOY = "By hand"
LINKED = "A list of theirs"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An operation. `before` and `after` are the songs of the list, None where there is none.

    `lists` is the name and the comment the list ends with. `gap` says that there may be none for a moment. `fewest` is
    the least number of outside calls: fewer would mean that not all were seen. `runs` is how many runs the trail tells
    of: none where nothing had changed.
    """

    name: str
    prepare: Callable[[World], None]
    before: Titles | None
    after: Titles | None
    fewest: int
    operation: Operation = Operation.SYNC
    reason: Reason = Reason.SCHEDULE
    gap: bool = False
    ends: tuple[SyncState, ...] = (SyncState.SUCCESS,)
    runs: int = 1

    def message(self, world: World) -> str:
        argument = ""
        if self.operation is Operation.UNDO:
            argument = world.playlist().history[-1].report_id
        return world.job(operation=self.operation, argument=argument, reason=self.reason)

    def clean_run(self, world: World, body: str, first: Delivery) -> Delivery:
        """One undisturbed run, as it comes about after `first`: by the next tick, the queue, or the person."""
        if self.reason is Reason.SCHEDULE:
            bodies = world.next_tick()
            assert len(bodies) == 1, "the playlist is not due at the next tick"
            return world.deliver(bodies[0])
        world.clock.now += VISIBILITY
        return world.deliver(body if first.comes_again else self.message(world))


def _synced(world: World, titles: Titles = BEFORE, kind: str = "files") -> None:
    world.add_playlist(*titles, kind=kind)
    world.tick()
    assert world.playlist().state is SyncState.SUCCESS


def _create(world: World) -> None:
    world.add_playlist(*AFTER)


def _update(world: World) -> None:
    _synced(world)
    world.change_source(*AFTER)


def _update_from_web(world: World) -> None:
    _synced(world, kind="web")
    world.change_source(*AFTER)


def _server_recovers(world: World) -> None:
    """It refused every call at the last tick, and may be tried again."""
    _update(world)
    world.server.fail_next(*[ServerFault.refused()] * 100)
    world.tick()
    world.server.recover()
    assert failing(world) == {MUSIC_SERVER}
    world.clock.now += timedelta(minutes=1)


def _source_recovers(world: World) -> None:
    """Likewise its address."""
    _update_from_web(world)
    world.web_down = True
    world.tick()
    world.web_down = False
    assert failing(world) == {WEB_HOST}
    world.clock.now += timedelta(minutes=1)


def _library_grows(world: World) -> None:
    """A track that was missing is in the library now; the third index of it makes the first one old."""
    world.add_playlist(*BEFORE, NEWS)
    world.tick()
    world.server.add_songs([song("Something Else")])
    world.tick()
    (world.song_ids[NEWS],) = world.server.add_songs([song(NEWS)])


def _rename(world: World) -> None:
    _synced(world)
    world.playlists.change(USER, PLAYLIST, {"remote_name": "Another name"}, [world.event(EventType.PLAYLIST_RENAMED)])


def _link(world: World) -> None:
    world.add_playlist(*AFTER)
    remote_id = world.server.add_playlist(ALICE, LINKED, world.ids(*BEFORE), comment="Their own words")
    world.playlists.link(
        USER,
        PLAYLIST,
        remote=Link(remote_id=remote_id, name=LINKED),
        due_at=world.clock(),
        event=world.event(EventType.PLAYLIST_LINKED),
    )


def _disable(world: World) -> None:
    world.playlists.change(USER, PLAYLIST, {"enabled": False}, [world.event(EventType.PLAYLIST_DISABLED)])


def _delete(world: World) -> None:
    _synced(world)
    _disable(world)


def _undo(world: World) -> None:
    _synced(world, AFTER)
    world.change_source(*BEFORE)
    world.tick()
    _disable(world)


def _gone(world: World) -> None:
    """Somebody deleted the list, and the source changed."""
    _update(world)
    world.server.delete_playlist(world.playlist().remote_id or "")


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(name="create", prepare=_create, before=None, after=AFTER, fewest=25),
        Scenario(name="update", prepare=_update, before=BEFORE, after=AFTER, fewest=16),
        Scenario(
            name="update from the web",
            prepare=_update_from_web,
            before=BEFORE,
            after=AFTER,
            fewest=16,
        ),
        Scenario(name="server recovers", prepare=_server_recovers, before=BEFORE, after=AFTER, fewest=20),
        Scenario(name="source recovers", prepare=_source_recovers, before=BEFORE, after=AFTER, fewest=24),
        Scenario(name="unchanged", prepare=_synced, before=BEFORE, after=BEFORE, fewest=9, runs=0),
        Scenario(name="looked at", prepare=_synced, before=BEFORE, after=BEFORE, reason=Reason.MANUAL, fewest=14),
        Scenario(name="renamed", prepare=_rename, before=BEFORE, after=BEFORE, fewest=14),
        Scenario(name="made anew", prepare=_gone, before=None, after=AFTER, fewest=18),
        Scenario(
            name="rebuild",
            prepare=_library_grows,
            before=BEFORE,
            after=(*BEFORE, NEWS),
            operation=Operation.REBUILD,
            reason=Reason.MANUAL,
            fewest=20,
        ),
        Scenario(
            name="recreate",
            prepare=_update,
            before=BEFORE,
            after=AFTER,
            operation=Operation.RECREATE,
            reason=Reason.MANUAL,
            gap=True,
            fewest=18,
        ),
        Scenario(name="link", prepare=_link, before=BEFORE, after=AFTER, fewest=20),
        Scenario(
            name="disable with delete",
            prepare=_delete,
            before=BEFORE,
            after=None,
            operation=Operation.DELETE_REMOTE,
            reason=Reason.MANUAL,
            ends=(SyncState.PENDING,),
            fewest=10,
        ),
        Scenario(
            name="undo",
            prepare=_undo,
            before=BEFORE,
            after=AFTER,
            operation=Operation.UNDO,
            reason=Reason.MANUAL,
            fewest=12,
        ),
        Scenario(
            name="preview",
            prepare=_update,
            before=BEFORE,
            after=BEFORE,
            operation=Operation.PREVIEW,
            reason=Reason.MANUAL,
            # After a run that was cut off nobody knows any more what is there: the next sync finds out.
            ends=(SyncState.SUCCESS, SyncState.PENDING),
            fewest=13,
        ),
    )
}


@dataclass
class Watch:
    """Looks at the person's lists whenever the server did something."""

    world: World
    scenario: Scenario
    # Whether there may be one more: see `test_every_call.in_flight`.
    stray: bool = False
    # What must never be and was: an error raised here might be taken for one of the server's.
    seen: list[str] = field(default_factory=list)

    def __call__(self) -> None:
        lists = self.world.lists()
        by_hand = [self.world.titles(one.song_ids) for one in lists if one.name == DECOY]
        if by_hand != [TITLES[:2]]:
            self.seen.append("a list made by hand was touched")
        ours = [one for one in lists if one.name != DECOY]
        if len(ours) > 1 + self.stray:
            self.seen.append(f"a second list: {[one.name for one in ours]}")
        shown = self.world.titles(ours[0].song_ids) if ours else None
        allowed = {self.scenario.before, self.scenario.after, None if self.scenario.gap else self.scenario.after}
        if shown not in allowed:
            self.seen.append(f"neither the old list nor the new one: {shown}")

    def check(self) -> None:
        self()
        assert not self.seen, self.seen[0]


@dataclass(frozen=True)
class Ending:
    """Everything that has to be as after an undisturbed run. Times and ids that are made up are left out."""

    lists: tuple[tuple[str, str, bool, Titles], ...]
    saved_id_is_right: bool
    state: SyncState
    sentence: str
    kind: str
    counts: tuple[int, int]
    enabled: bool
    due: bool
    written: object
    held: object
    report: Titles
    history: tuple[Titles, ...]
    preview: object
    healthy: bool


def ending(world: World, *, stray: bool = False) -> Ending:
    """With `stray`, a list that is still called what lists are called while they are made is not looked at."""
    playlist = world.playlist()
    assert playlist.lease_until is None
    assert playlist.run_id is None
    assert playlist.progress is None
    ours = [one for one in world.lists() if one.name != DECOY and not (stray and one.name.endswith("]"))]
    return Ending(
        lists=tuple((one.name, one.comment, one.public, world.titles(one.song_ids)) for one in ours),
        saved_id_is_right=[one.id for one in ours] == ([playlist.remote_id] if playlist.remote_id else []),
        state=playlist.state,
        sentence=playlist.last_error.sentence if playlist.last_error else "",
        kind=str(playlist.last_error.kind) if playlist.last_error else "",
        counts=(playlist.counts.total, playlist.counts.matched),
        enabled=playlist.enabled,
        due=playlist.due_at is not None and playlist.due_at - world.clock.now <= timedelta(hours=1),
        written=playlist.written,
        held=playlist.held,
        report=_songs(world, playlist.report_id),
        history=_without_repeats(_songs(world, snapshot.report_id) for snapshot in playlist.history),
        preview=_changes(world.previews.load(USER, PLAYLIST)),
        healthy=not failing(world),
    )


def failing(world: World) -> set[ConnectionId]:
    """The connections that are told to be failing."""
    return {each for each in (MUSIC_SERVER, WEB_HOST) if not world.health.get(USER, each).healthy}


def _songs(world: World, report_id: str | None) -> Titles:
    return world.titles(world.report(report_id).library_ids) if report_id else ()


def _without_repeats(songs: Iterable[Titles]) -> tuple[Titles, ...]:
    """Making the same list anew is a write each time."""
    kept: list[Titles] = []
    for one in songs:
        if kept[-1:] != [one]:
            kept.append(one)
    return tuple(kept)


def _changes(preview: Preview | None) -> object:
    return preview and (preview.kept, preview.counts, [(step.step, step.title, step.why) for step in preview.steps])


@dataclass(frozen=True)
class Trail:
    """What the audit trail says of runs: how many began, how many of them tell no end, and how the last one ended."""

    begun: int
    open: int
    last: EventType | None


def trail(world: World) -> Trail:
    """Checks on the way that no run tells two starts or two ends, and none an end before its start."""
    starts: dict[str, int] = {}
    ends: dict[str, EventType] = {}
    for event in world.trail():
        run_id = str(event.metadata.get("run_id", ""))
        if not run_id:
            continue
        if event.event_type is EventType.SYNC_STARTED:
            assert run_id not in starts, "two starts"
            assert run_id not in ends, "an end before its start"
            starts[run_id] = len(starts)
        else:
            assert run_id not in ends, "two ends"
            ends[run_id] = event.event_type
    told = [run_id for run_id in starts if run_id in ends and ends[run_id] is not EventType.SYNC_SKIPPED]
    return Trail(
        begun=len(starts),
        open=sum(run_id not in ends for run_id in starts),
        last=ends[told[-1]] if told else None,
    )
