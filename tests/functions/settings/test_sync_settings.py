"""Each setting of the dispatcher and the sync function, from the template to what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

import sync.app
from reprise.domain.failures import FailureKind
from reprise.domain.jobs import Reason
from reprise.domain.playlists import Playlist, SyncState
from reprise.environment import ConfigError
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.fake_navidrome import Fault as ServerFault
from tests.faults.aws_world import AwsWorld, an_aws_world
from tests.faults.outside import Fault, Plan
from tests.faults.world import PLAYLIST, TITLES, Mark
from tests.functions.settings.deployed import Stack, shows

Chosen = Mapping[str, str]
Deploy = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="module")
def _begun() -> Iterator[tuple[AwsWorld, Mark]]:
    with an_aws_world() as world:
        yield world, world.mark()


@pytest.fixture
def world(_begun: tuple[AwsWorld, Mark]) -> Iterator[AwsWorld]:
    world, mark = _begun
    world.back_to(mark)
    world.server.recover()
    world.outside.after_request = lambda: None
    with mock.patch("reprise.http.client.exchange", world.ask_web):
        yield world


@pytest.fixture
def deploy(stack: Stack) -> Deploy:
    def as_chosen(chosen: Chosen, **overlaid: str) -> AbstractContextManager[None]:
        return stack.deployed("sync", sync.app.do_job, {"MusicServerUrl": "https://music.test"} | chosen, **overlaid)

    return as_chosen


def synced(world: AwsWorld, *titles: str) -> Playlist:
    """The playlist after a sync of a list of these titles."""
    world.add_playlist(*titles)
    return again(world)


def again(world: AwsWorld) -> Playlist:
    assert not world.deliver(world.job(reason=Reason.SCHEDULE)).comes_again
    return world.playlist()


@shows("sync", "MusicServerUrl")
def test_the_server_that_is_called_is_the_configured_one_wherever_it_was_at_the_sign_in(
    world: AwsWorld, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    really = world.open_server

    def noted(*, base_url: str, **account: Any) -> SubsonicServer:  # Any: the server's own keywords
        called.append(base_url)
        return really(base_url=base_url, **account)

    monkeypatch.setattr(world, "open_server", noted)
    with deploy({"MusicServerUrl": "https://elsewhere.test"}):
        synced(world, *TITLES)
    assert called == ["https://elsewhere.test"]


@shows("sync", "AllowPlainHttp")
@pytest.mark.parametrize(("chosen", "allowed"), [({}, False), ({"AllowPlainHttp": "true"}, True)])
def test_a_server_is_called_by_plain_http_where_that_is_allowed(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, *, allowed: bool
) -> None:
    with deploy({"MusicServerUrl": "http://music.test"} | chosen):
        if allowed:
            assert synced(world, *TITLES).state is SyncState.SUCCESS
        else:
            with pytest.raises(ConfigError, match="ALLOW_PLAIN_HTTP"):
                sync.app.do_job()


@shows("sync", "SyncIntervalMinutes")
@pytest.mark.parametrize(("chosen", "minutes"), [({}, 60), ({"SyncIntervalMinutes": "15"}, 15)])
def test_a_playlist_is_due_at_the_tick_one_interval_later(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, minutes: int
) -> None:
    with deploy(chosen):
        playlist = synced(world, *TITLES)
    assert playlist.due_at is not None
    assert timedelta(minutes=minutes - 2) < playlist.due_at - world.clock.now <= timedelta(minutes=minutes)


@shows("sync", "MatchThreshold")
@pytest.mark.parametrize(("chosen", "matched"), [({}, 1), ({"MatchThreshold": "1"}, 0)])
def test_a_match_has_to_be_as_sure_as_the_threshold_says(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, matched: int
) -> None:
    with deploy(chosen):
        playlist = synced(world, "Paranoid Androyd")
    assert playlist.counts.matched == matched


@shows("sync", "MaxShrink")
@pytest.mark.parametrize(("chosen", "state"), [({}, SyncState.SUCCESS), ({"MaxShrink": "0.1"}, SyncState.WARNING)])
def test_a_list_that_lost_one_of_six_tracks_is_held_back_where_that_is_too_much(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, state: SyncState
) -> None:
    with deploy(chosen):
        synced(world, *TITLES)
        world.change_source(*TITLES[1:])
        playlist = again(world)
    assert playlist.state is state
    assert (playlist.held is not None) is (state is SyncState.WARNING)


@shows("sync", "MinMatchRate")
@pytest.mark.parametrize(("chosen", "written"), [({}, True), ({"MinMatchRate": "0.9"}, False)])
def test_a_list_of_which_too_little_is_found_is_held_back(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, *, written: bool
) -> None:
    with deploy(chosen):
        playlist = synced(world, *TITLES, "Nowhere To Be Found", "Nor This One")
    assert (playlist.remote_id is not None) is written
    assert (playlist.held is None) is written


@shows("sync", "CircuitThreshold", "CircuitCooldownMinutes")
@pytest.mark.parametrize(
    ("chosen", "left_alone"),
    [
        ({}, [False, False, False]),
        ({"CircuitThreshold": "1"}, [True, False, False]),
        ({"CircuitThreshold": "1", "CircuitCooldownMinutes": "120"}, [True, True, False]),
        ({"CircuitCooldownMinutes": "120"}, [False, False, False]),
    ],
    ids=["default", "threshold", "both", "cooldown"],
)
def test_after_so_many_failures_the_server_is_left_alone_for_so_long(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, left_alone: list[bool]
) -> None:
    """It fails once. Then it is looked at 10 minutes, 70 minutes and three hours after that."""
    told = []
    for minutes in (10, 70, 180):
        mark = world.mark()
        with deploy(chosen):
            world.server.fail_next(*[ServerFault.refused()] * 100)
            assert synced(world, *TITLES).state is SyncState.ERROR
            world.server.recover()
            world.server.requests.clear()
            world.clock.now += timedelta(minutes=minutes)
            again(world)
        told.append(not world.server.requests)
        world.back_to(mark)
    assert told == left_alone


@shows("sync", "AllowPrivateAddresses")
@pytest.mark.parametrize(("chosen", "followed"), [({}, False), ({"AllowPrivateAddresses": "true"}, True)])
def test_an_address_in_the_own_network_is_followed_where_that_is_allowed(
    world: AwsWorld, deploy: Deploy, chosen: Chosen, *, followed: bool
) -> None:
    world.add_playlist(*TITLES, kind="web")
    with deploy(chosen):
        playlist = again(world)
    assert playlist.state is (SyncState.SUCCESS if followed else SyncState.ERROR)
    assert (playlist.last_error and playlist.last_error.kind) == (None if followed else FailureKind.MISCONFIGURED)


@shows("sync", "LEASE_SECONDS")
@pytest.mark.parametrize(("overlaid", "seconds"), [({}, 960), ({"LEASE_SECONDS": "120"}, 120)])
def test_a_run_that_was_killed_holds_its_playlist_for_as_long_as_the_lease(
    world: AwsWorld, deploy: Deploy, overlaid: dict[str, str], seconds: int
) -> None:
    world.add_playlist(*TITLES)
    lease = timedelta(seconds=seconds)
    with deploy({}, **overlaid):
        assert world.deliver(world.job(), Plan(at=12, fault=Fault.KILLED_BEFORE)).killed
        killed_at = world.clock.now
        leased_until = world.playlist().lease_until
        assert leased_until is not None
        assert abs(leased_until - killed_at - lease) < timedelta(seconds=1)
        world.clock.now = killed_at + lease - timedelta(seconds=10)
        again(world)
        assert world.playlist().state is SyncState.SYNCING
        world.clock.now = killed_at + lease + timedelta(seconds=10)
        assert again(world).state is SyncState.SUCCESS


@shows("sync", "LEASE_SECONDS")
@pytest.mark.parametrize(("overlaid", "written"), [({}, True), ({"LEASE_SECONDS": "120"}, False)])
def test_a_worker_that_was_held_up_asks_the_server_nothing_once_its_lease_is_over(
    world: AwsWorld, deploy: Deploy, overlaid: dict[str, str], *, written: bool
) -> None:
    def hold_up() -> None:
        world.clock.now += timedelta(seconds=121)
        world.outside.after_request = lambda: None

    world.outside.after_request = hold_up
    world.add_playlist(*TITLES, playlist_id=PLAYLIST)
    with deploy({}, **overlaid):
        world.deliver(world.job())
    assert bool(world.lists()) is written
