"""What the audit trail tells of a run: all that a person who asks what happened needs to know."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.jobs import Operation
from tests.unit.usecases.sync.world import T0, USER, World


def test_the_end_of_a_run_tells_of_what_and_how_much_and_how_long() -> None:
    world = World()
    world.add("p1", "s1", "s2", "missing", name="Mix of mine")

    def pass_time() -> None:
        world.now += timedelta(milliseconds=1234)

    world.server.before_write = pass_time
    world.tick("p1")

    begun, ended = reversed(world.history("p1"))
    shared = {"playlist": "Mix of mine", "reason": "schedule", "operation": "sync", "job_id": "tick-01-1000"}
    assert begun.event_type is EventType.SYNC_STARTED
    assert shared.items() <= begun.metadata.items()
    assert ended.event_type is EventType.SYNC_COMPLETED
    assert ended.metadata == shared | {
        "run_id": begun.metadata["run_id"],
        "playlist_id": "p1",
        "status": "warning",
        "total": 3,
        "matched": 2,
        "unmatched": 1,
        "match_rate": 0.6667,
        "changed": True,
        "duration_ms": 1234,
        "server_calls": world.server.requests,
    }
    assert (ended.user_id, ended.playlist_id, ended.provider) == (USER, "p1", "files")
    assert (begun.occurred_at, ended.occurred_at) == (T0, T0 + timedelta(milliseconds=1234))


def test_the_end_of_a_run_that_failed_tells_of_what_kind_too() -> None:
    world = World()
    world.add("p1", "s1", name="Mix of mine")
    world.server.refuse = SyncFailure(FailureKind.SERVER_ERROR)
    world.press("p1", operation=Operation.REBUILD)

    ended = world.history("p1")[0]
    assert ended.event_type is EventType.SYNC_FAILED
    told = {"playlist": "Mix of mine", "reason": "manual", "operation": "rebuild", "status": "error", "duration_ms": 0}
    assert (told | {"failure_kind": "server_error", "changed": False}).items() <= ended.metadata.items()
