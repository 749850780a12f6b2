"""Playlists at web addresses, through the whole of a job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from reprise.domain.connections import MUSIC_SERVER, of_host, source_party
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import BreakerPolicy
from reprise.domain.notices import NoticeType
from reprise.domain.playlists import Playlist, SourceRef, SyncState
from reprise.sources.registry import open_source
from reprise_dev.doubles.fakes import MemorySourceCaches
from reprise_dev.doubles.fakes.sources import memory_sources
from reprise_dev.doubles.playlist_host import PlaylistHost, reply, validated
from reprise_dev.samples.playlist_files import own_json
from tests.unit.usecases.sync.world import HOUR, T0, USER, World, tracks

HOST = of_host("127.0.0.1")


@dataclass
class WebWorld(World):
    """A world with a web server in it, whose files playlists come from."""

    host: PlaylistHost = field(default_factory=PlaylistHost)
    caches: MemorySourceCaches = field(default_factory=MemorySourceCaches)

    def __post_init__(self) -> None:
        super().__post_init__()
        deps = memory_sources(contents=self.contents, caches=self.caches, clock=lambda: self.now)
        self.ports = replace(self.ports, open_source=lambda kind: open_source(kind, deps))

    def publish(self, playlist_id: str, *keys: str, name: str = "") -> None:
        body = own_json(name, tracks(*keys))
        self.host.files[f"/{playlist_id}.json"] = validated(body, etag=f'"{"-".join((name, *keys))}"')

    def follow(self, playlist_id: str, *keys: str) -> Playlist:
        self.publish(playlist_id, *keys)
        playlist = Playlist(
            user_id=USER,
            playlist_id=playlist_id,
            name=playlist_id.title(),
            source=SourceRef(
                kind="web",
                locator=self.host.url(f"/{playlist_id}.json?t=s3cret"),
                label="Reprise JSON",
                connection_id=HOST,
            ),
            created_at=self.now,
            due_at=self.now,
        )
        self.playlists.place(playlist)
        return playlist


@pytest.fixture
def world() -> Iterator[WebWorld]:
    with PlaylistHost() as host:
        yield WebWorld(host=host)


def test_a_list_follows_the_file_at_its_address(world: WebWorld) -> None:
    world.follow("mix", "s2", "s1", "s2")
    world.tick()
    assert world.remote("mix") == ("s2", "s1", "s2")

    world.now += HOUR
    world.publish("mix", "s3", "s2", "s1")
    world.tick()
    assert world.remote("mix") == ("s3", "s2", "s1")


def test_an_unchanged_file_costs_one_conditional_request_a_tick(world: WebWorld) -> None:
    world.follow("mix", "s1", "s2")
    world.tick()
    world.host.requests.clear()

    world.now += HOUR
    world.tick()

    assert [request.headers.get("if-none-match") for request in world.host.requests] == ['"-s1-s2"']
    assert world.trail("mix") == ["sync_started", "sync_completed"], "of the first run alone"


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (404, FailureKind.NOT_FOUND, "The playlist is not there at 127.0.0.1. There is no file at its address."),
        (403, FailureKind.FORBIDDEN, "127.0.0.1 does not let Reprise read this playlist."),
        (500, FailureKind.SERVER_ERROR, "127.0.0.1 reported an error of its own."),
    ],
)
def test_a_source_that_fails_fails_its_playlist_alone(
    world: WebWorld, status: int, kind: FailureKind, said: str
) -> None:
    world.follow("good", "s1", "s2")
    world.follow("bad", "s3", "s4")
    world.tick()
    world.host.files["/bad.json"] = reply(status)
    world.now += HOUR
    world.publish("good", "s2", "s1")
    world.tick()

    bad = world.playlist("bad")
    assert bad.state is SyncState.ERROR
    assert bad.last_error is not None
    assert bad.last_error.kind is kind
    assert bad.last_error.sentence.startswith(said)
    assert "Navidrome" not in bad.last_error.sentence
    assert "s3cret" not in repr(world.history("bad"))
    assert world.remote("bad") == ("s3", "s4"), "the list on the server stays as it was"
    assert world.remote("good") == ("s2", "s1")
    assert world.health.get(USER, MUSIC_SERVER).healthy

    world.publish("bad", "s4")
    world.now += HOUR
    world.tick()
    assert world.playlist("bad").state is SyncState.SUCCESS
    assert world.now > T0


def test_a_broken_file_leaves_the_list_as_it_was_and_is_mended_where_it_is(world: WebWorld) -> None:
    world.follow("mix", "s1", "s2")
    world.tick()
    world.host.files["/mix.json"] = reply(body=own_json("", tracks("s1", "s2"))[:-30])
    world.now += HOUR
    world.tick()

    error = world.playlist("mix").last_error
    assert error is not None
    assert error.kind is FailureKind.MALFORMED_RESPONSE
    assert error.sentence.startswith("What 127.0.0.1 holds is no playlist that Reprise can read. line ")
    assert world.remote("mix") == ("s1", "s2")


def test_a_failing_source_says_nothing_of_the_music_server(world: WebWorld) -> None:
    """The source is asked first: its failure neither heals nor harms the connection that was not called."""
    world.follow("bad", "s3")
    world.tick()
    world.told()
    failing = world.health.get(USER, MUSIC_SERVER).failed(
        SyncFailure(FailureKind.SERVER_ERROR), world.now, 1.0, BreakerPolicy()
    )
    world.health.record_failure(world.health.get(USER, MUSIC_SERVER), failing)
    world.host.files["/bad.json"] = reply(404)
    world.now += HOUR
    world.tick()
    assert world.health.get(USER, MUSIC_SERVER).consecutive_failures == 1
    worked, failed = world.told()
    assert worked.notice_type is NoticeType.SUCCEEDED
    assert (failed.cause, failed.party) == ("playlist:bad", source_party(HOST))
    assert failed.fault is not None
    assert failed.fault.kind is FailureKind.NOT_FOUND


class TestNames:
    def test_a_new_name_at_the_source_is_the_playlists_and_the_lists(self, world: WebWorld) -> None:
        world.follow("mix", "s1", "s2")
        world.publish("mix", "s1", "s2", name="Mix")
        world.tick()
        remote_id = world.playlist("mix").remote_id
        world.now += HOUR
        world.publish("mix", "s1", "s2", name="Evening")
        world.tick()
        assert world.playlist("mix").name == "Evening"
        assert {world.server.lists[remote_id or ""].name} == {"Evening"}
        assert len(world.server.lists) == 1
        world.now += HOUR
        world.server.calls.clear()
        world.tick()
        assert world.server.calls == ["library_stamp"], "and from then on it is unchanged"

    def test_a_name_that_a_person_chose_stays(self, world: WebWorld) -> None:
        world.follow("mine", "s1")
        world.publish("mine", "s1", name="Mix")
        world.tick()
        world.now += HOUR
        world.publish("mine", "s1", name="Evening")
        world.tick()
        assert world.playlist("mine").name == "Mine"

    def test_the_name_given_to_the_remote_list_stays(self, world: WebWorld) -> None:
        world.follow("mix", "s1")
        world.publish("mix", "s1", name="Mix")
        world.tick()
        world.playlists.change(USER, "mix", {"remote_name": "Mine"}, [world.event("mix")])
        world.now += HOUR
        world.publish("mix", "s1", name="Evening")
        world.tick()
        assert world.playlist("mix").name == "Evening"
        assert [row.name for row in world.server.lists.values()] == ["Mine"]

    def test_a_file_that_names_itself_no_longer_takes_no_name_away(self, world: WebWorld) -> None:
        world.follow("mix", "s1")
        world.publish("mix", "s1", name="Mix")
        world.tick()
        world.now += HOUR
        world.publish("mix", "s2")
        world.tick()
        assert world.playlist("mix").name == "Mix"


def test_the_trail_says_how_many_requests_the_music_server_had(world: WebWorld) -> None:
    world.follow("mix", "s1", "s2")
    world.tick()
    assert world.history("mix")[0].metadata["server_calls"] == len(world.server.calls)
    before = len(world.server.calls)
    world.press("mix")
    assert world.history("mix")[0].metadata["server_calls"] == len(world.server.calls) - before == 2
