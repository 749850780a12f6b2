"""Two runs want one playlist: the second says that it waits, and one that was overtaken leaves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER, Party, Side
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.playlists import SyncState
from reprise.usecases.sync.lease import leased
from reprise.usecases.sync.run import Run, RunResult, Yielded
from tests.unit.usecases.sync.world import T0, USER, World

SERVER = Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER)
DONE = RunResult(state=SyncState.SUCCESS)


@pytest.fixture
def world() -> World:
    world = World()
    world.add("mix", "s1")
    return world


def job(job_id: str, reason: Reason = Reason.SCHEDULE) -> SyncJob:
    return SyncJob(job_id=job_id, user_id=USER, playlist_ids=("mix",), reason=reason, asked_at=T0)


def test_a_run_that_is_overtaken_before_its_end_is_no_result(world: World) -> None:
    def held_up(_run: Run) -> RunResult:
        world.now += timedelta(minutes=17)
        assert Run(world.playlist("mix"), job("j-2"), world.ports).begin()
        return DONE

    assert leased(world.playlist("mix"), job("j-1"), SERVER, world.ports, held_up) is Yielded.OUTRUN
    assert world.playlist("mix").state is SyncState.SYNCING
    assert world.history("mix")[0].message == "It took too long: another run took over."


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason.SCHEDULE, "Another run is working on this playlist."),
        (Reason.MANUAL, "Another run is working on this playlist. This one follows."),
    ],
)
def test_a_run_that_finds_the_playlist_taken_says_so(world: World, reason: Reason, sentence: str) -> None:
    assert Run(world.playlist("mix"), job("j-1"), world.ports).begin()
    busy = leased(world.playlist("mix"), job("j-2", reason), SERVER, world.ports, lambda _run: DONE)
    assert busy is Yielded.BUSY
    assert world.history("mix")[0].message == sentence
