"""A look that cannot be had ends as a run that failed of it: told to the person, and never to the queue."""

from __future__ import annotations

import pytest

from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SyncState
from tests.unit.usecases.sync.world import HOUR, World


@pytest.fixture
def world() -> World:
    made = World()
    for name in ("a", "b"):
        made.add(name, "s1", "s2")
    made.tick()
    made.now += HOUR
    return made


def test_a_look_that_breaks_is_an_error_of_that_playlist_and_the_log_says_which(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(kind: str) -> object:
        raise RuntimeError("a bug of ours")

    object.__setattr__(world.ports, "open_source", broken)
    ends = world.tick("a", "b")
    assert [end.state for end in ends] == [SyncState.ERROR] * 2
    for name in ("a", "b"):
        error = world.playlist(name).last_error
        assert error is not None
        assert error.kind is FailureKind.INTERNAL
        assert world.trail(name)[-2:] == ["sync_started", "sync_failed"]
    told = [record for record in caplog.records if record.getMessage() == "look broke"]
    assert [vars(record)["playlist_id"] for record in told] == ["a", "b"]
    assert all(record.exc_info for record in told)
    assert "sync run broke" not in caplog.text, "told once"
    assert world.server.lists, "nothing was written"


def test_what_the_server_fails_with_during_a_look_is_told_of_each_playlist_and_asked_once(world: World) -> None:
    world.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
    world.server.calls.clear()
    world.tick("a", "b")
    assert world.server.calls == ["library_stamp"]
    for name in ("a", "b"):
        assert world.playlist(name).state is SyncState.ERROR
        assert world.history(name)[0].event_type is EventType.SYNC_FAILED
