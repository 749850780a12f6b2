"""What one job learns of one connection, and what it says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER, Party, Side, of_host, source_party
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.health import PROBE_LEASE
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd, Standing
from reprise.domain.playlists import SyncState
from reprise.usecases.sync.contact import Contact
from tests.unit.usecases.sync.world import HOUR, T0, USER, World

SERVER = Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER)
SOURCE = source_party(of_host("example.org"))
JOB = SyncJob(job_id="j-1", user_id=USER, playlist_ids=("mix",), reason=Reason.SCHEDULE, asked_at=T0)


@pytest.fixture
def world() -> World:
    world = World()
    world.add("mix", "s1", name="Mix")
    return world


def tried(world: World, party: Party) -> Contact:
    contact = Contact(party, JOB, world.ports)
    assert contact.may_try
    return contact


def end(state: SyncState, fault: Fault | None = None) -> PlaylistEnd:
    return PlaylistEnd(playlist_id="mix", name="Mix", state=state, fault=fault)


def test_a_worker_that_tries_a_failing_connection_keeps_others_away_for_as_long_as_it_can_live(world: World) -> None:
    contact = tried(world, SERVER)
    contact.add(world.playlist("mix"), SyncState.ERROR, SyncFailure(FailureKind.UNREACHABLE, party=SERVER))
    assert contact.conclude() is not None
    world.now += HOUR
    assert tried(world, SERVER)
    assert world.health.get(USER, MUSIC_SERVER).probing_until == (world.now + PROBE_LEASE).replace(microsecond=0)
    world.now += PROBE_LEASE - timedelta(seconds=1)
    assert not Contact(SERVER, JOB, world.ports).may_try
    world.now += timedelta(seconds=1)
    assert tried(world, SERVER)


def test_what_failed_of_the_connection_is_told_in_full(world: World) -> None:
    contact = tried(world, SERVER)
    failure = SyncFailure(FailureKind.SERVER_ERROR, "It is full.", scope=Scope.CONNECTION, status=507, party=SERVER)
    contact.add(world.playlist("mix"), SyncState.ERROR, failure)
    outcome = contact.conclude()
    assert outcome is not None
    assert outcome.fault == Fault(kind=FailureKind.SERVER_ERROR, detail="It is full.", status=507)
    assert outcome.ends == (end(SyncState.ERROR),)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (FailureKind.NOT_FOUND, Fault(kind=FailureKind.NOT_FOUND, detail="It is gone.", status=404)),
        (FailureKind.INTERRUPTED, None),
    ],
)
def test_only_what_a_playlist_fails_with_for_good_is_its_fault(
    world: World, kind: FailureKind, fault: Fault | None
) -> None:
    contact = tried(world, SERVER)
    failure = SyncFailure(kind, "It is gone.", scope=Scope.PLAYLIST, status=404, party=SERVER)
    contact.add(world.playlist("mix"), SyncState.ERROR, failure)
    outcome = contact.conclude()
    assert outcome is not None
    assert outcome.fault is None
    assert outcome.ends == (end(SyncState.ERROR, fault),)


@pytest.mark.parametrize(
    ("party", "longest"), [(SERVER, timedelta(minutes=30)), (SOURCE, timedelta(hours=6))], ids=["server", "source"]
)
def test_a_source_that_stays_down_is_asked_four_times_a_day_and_the_server_twice_an_hour(
    world: World, party: Party, longest: timedelta
) -> None:
    for _ in range(15):
        contact = tried(world, party)
        contact.add(world.playlist("mix"), SyncState.ERROR, SyncFailure(FailureKind.UNREACHABLE, party=party))
        contact.conclude()
        health = world.health.get(USER, party.connection_id)
        assert health.next_retry_at is not None
        assert health.last_failure_at is not None
        wait = health.next_retry_at - health.last_failure_at
        world.now = health.next_retry_at
    assert wait == longest


@pytest.mark.parametrize(("waited", "outcome_id"), [(0, "j-1:navidrome"), (2, "j-1:2:navidrome")])
def test_how_it_was_before_and_is_now_is_told_once_for_each_time_the_job_ran(
    world: World, waited: int, outcome_id: str
) -> None:
    failure = SyncFailure(FailureKind.UNREACHABLE, party=SERVER)
    for _ in range(2):
        contact = Contact(SERVER, replace(JOB, waited=waited), world.ports)
        assert contact.may_try
        contact.add(world.playlist("mix"), SyncState.ERROR, failure)
        told = contact.conclude()
        world.now += HOUR
    since = T0.replace(microsecond=0)
    assert told == Outcome(
        outcome_id=outcome_id,
        user_id=USER,
        party=SERVER,
        occurred_at=T0 + HOUR,
        before=Standing(failures=1, since=since),
        after=Standing(failures=2, since=since),
        fault=Fault(kind=FailureKind.UNREACHABLE),
        ends=(end(SyncState.ERROR),),
    )


def test_a_run_that_ends_well_is_told_with_its_state(world: World) -> None:
    contact = tried(world, SERVER)
    contact.add(world.playlist("mix"), SyncState.WARNING, None)
    outcome = contact.conclude()
    assert outcome is not None
    assert outcome.ends == (end(SyncState.WARNING),)


@pytest.mark.parametrize(("scope", "reached"), [(Scope.INSTANCE, False), (Scope.CONNECTION, True)])
def test_a_failing_source_is_mended_by_a_run_that_went_past_it_and_not_by_one_that_our_own_stores_ended(
    world: World, scope: Scope, reached: bool
) -> None:
    failing = tried(world, SOURCE)
    gone = SyncFailure(FailureKind.UNREACHABLE, party=SOURCE)
    failing.add(world.playlist("mix"), SyncState.ERROR, gone)
    failing.conclude()
    world.now += HOUR
    contact = tried(world, SOURCE)
    other = SyncFailure(FailureKind.INTERNAL, scope=scope, party=SERVER)
    contact.add(world.playlist("mix"), SyncState.ERROR, other)
    outcome = contact.conclude()
    assert (outcome is not None) is reached
    assert world.health.get(USER, SOURCE.connection_id).healthy is reached


def test_how_the_server_met_a_job_is_told_of_each_that_called_it(world: World) -> None:
    away = SyncFailure(FailureKind.UNREACHABLE, party=SERVER)
    for failure in (None, away):
        contact = tried(world, SERVER)
        contact.add(world.playlist("mix"), SyncState.ERROR if failure else SyncState.SUCCESS, failure)
        contact.conclude()
    assert world.server_met == [None, away]


def test_and_not_of_one_that_called_a_source_or_nobody(world: World) -> None:
    source = tried(world, SOURCE)
    source.add(world.playlist("mix"), SyncState.ERROR, SyncFailure(FailureKind.UNREACHABLE, party=SOURCE))
    source.conclude()
    refused = SyncFailure(FailureKind.AUTH_INVALID, party=SERVER)
    uncalled = Contact(SERVER, JOB, world.ports)
    uncalled.add(world.playlist("mix"), SyncState.ERROR, refused)
    assert uncalled.conclude() is not None
    assert world.server_met == []


def test_a_playlist_that_the_server_refuses_is_no_failure_of_the_server(world: World) -> None:
    contact = tried(world, SERVER)
    contact.add(world.playlist("mix"), SyncState.ERROR, SyncFailure(FailureKind.FORBIDDEN, party=SERVER))
    contact.conclude()
    assert world.server_met == [None]
