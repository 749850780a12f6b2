"""Jobs that wait, noted with their playlist: what every `PlaylistStore` does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from reprise.domain.playlists import Playlist, SyncState
from reprise.domain.waiting import WaitingJob, Wish
from reprise_dev.doubles.backends import Stores
from reprise_dev.samples.specimens import T0, a_playlist, an_event, new_id
from tests.contract.stores.test_playlists import added, begin, now_of

MS = timedelta(milliseconds=1)
UNTIL = T0 + timedelta(minutes=30)


def note(
    stores: Stores,
    playlist: Playlist,
    job_id: str,
    wish: Wish = Wish.SYNC,
    *,
    at: timedelta = timedelta(),
    argument: str = "",
) -> bool:
    job = WaitingJob(job_id=job_id, until=UNTIL + at, argument=argument)
    return stores.playlists.note_waiting(playlist.user_id, playlist.playlist_id, wish, job, now=T0 + at)


def forget(stores: Stores, playlist: Playlist, job_id: str, wish: Wish = Wish.SYNC) -> None:
    stores.playlists.forget_waiting(playlist.user_id, playlist.playlist_id, wish, job_id)


def waiting(stores: Stores, playlist: Playlist) -> dict[Wish, str]:
    return {wish: job.job_id for wish, job in now_of(stores, playlist).waiting.items()}


@pytest.mark.parametrize("wish", Wish)
def test_what_is_noted_is_read_with_the_playlist(stores: Stores, wish: Wish) -> None:
    playlist = added(stores)
    assert note(stores, playlist, "job-1", wish, argument="report-1")
    noted = WaitingJob(job_id="job-1", until=UNTIL, argument="report-1")
    assert now_of(stores, playlist) == replace(playlist, waiting={wish: noted})


def test_another_job_is_not_noted_for_the_same_while_one_waits(stores: Stores) -> None:
    playlist = added(stores)
    assert note(stores, playlist, "job-1")
    assert not note(stores, playlist, "job-2")
    assert note(stores, playlist, "job-1"), "the same once more"
    assert note(stores, playlist, "job-3", Wish.REBUILD)
    assert waiting(stores, playlist) == {Wish.SYNC: "job-1", Wish.REBUILD: "job-3"}


def test_a_job_that_waited_too_long_is_waited_for_no_more(stores: Stores) -> None:
    playlist = added(stores)
    note(stores, playlist, "job-1")
    assert not note(stores, playlist, "job-2", at=UNTIL - T0 - MS)
    assert note(stores, playlist, "job-2", at=UNTIL - T0)
    assert waiting(stores, playlist) == {Wish.SYNC: "job-2"}


def test_another_argument_is_another_wish(stores: Stores) -> None:
    playlist = added(stores)
    note(stores, playlist, "job-1", Wish.UNDO, argument="report-1")
    assert not note(stores, playlist, "job-2", Wish.UNDO, argument="report-1")
    assert note(stores, playlist, "job-3", Wish.UNDO, argument="report-2")
    assert waiting(stores, playlist) == {Wish.UNDO: "job-3"}


def test_only_the_job_that_waits_is_forgotten(stores: Stores) -> None:
    playlist = added(stores)
    note(stores, playlist, "job-1")
    forget(stores, playlist, "job-2")
    forget(stores, playlist, "job-1", Wish.REBUILD)
    assert waiting(stores, playlist) == {Wish.SYNC: "job-1"}
    forget(stores, playlist, "job-1")
    assert waiting(stores, playlist) == {}
    forget(stores, playlist, "job-1")


def test_nothing_is_noted_where_there_is_no_playlist(stores: Stores) -> None:
    playlist = a_playlist()
    assert not note(stores, playlist, "job-1")
    forget(stores, playlist, "job-1")
    assert stores.playlists.get(playlist.user_id, playlist.playlist_id) is None


def test_a_job_that_begins_waits_no_more_and_the_others_do(stores: Stores) -> None:
    playlist = added(stores)
    note(stores, playlist, "job-1")
    note(stores, playlist, "job-1", Wish.SYNC_ALL)
    note(stores, playlist, "job-2", Wish.REBUILD)
    assert begin(stores, playlist, job_id="job-1")
    assert waiting(stores, playlist) == {Wish.REBUILD: "job-2"}
    assert now_of(stores, playlist).state is SyncState.SYNCING


def test_a_job_that_cannot_begin_waits_on(stores: Stores) -> None:
    playlist = added(stores)
    begin(stores, playlist)
    note(stores, playlist, "job-1")
    assert not begin(stores, playlist, "run-2", job_id="job-1")
    assert waiting(stores, playlist) == {Wish.SYNC: "job-1"}


def test_a_run_under_way_is_not_disturbed_by_a_note(stores: Stores) -> None:
    """It says nothing that a run would have to know: the playlist has not changed by it."""
    playlist = added(stores)
    note(stores, playlist, "job-1")
    event = an_event(playlist)
    as_read = replace(playlist, waiting={})
    assert stores.playlists.begin(as_read, run_id="run-1", lease_until=UNTIL, now=T0, event=event)
    assert note(stores, playlist, "job-1")


def test_of_many_at_once_one_is_noted(stores: Stores) -> None:
    playlist, barrier = added(stores), Barrier(8)

    def at_once(number: int) -> bool:
        barrier.wait()
        return note(stores, playlist, f"job-{number}")

    with ThreadPoolExecutor(8) as pool:
        noted = list(pool.map(at_once, range(8)))
    assert noted.count(True) == 1
    assert waiting(stores, playlist) == {Wish.SYNC: f"job-{noted.index(True)}"}


def test_a_persons_playlists_are_counted(stores: Stores) -> None:
    ann, bob = new_id(), new_id()
    for number, user_id in enumerate((ann, bob, ann), 1):
        added(stores, user_id=user_id)
        assert stores.playlists.count(ann) == len(stores.playlists.of_user(ann)) == (number + 1) // 2
    assert stores.playlists.count(new_id()) == 0
