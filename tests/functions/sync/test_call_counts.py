"""What a playlist costs in calls, so that it cannot creep up unseen. `make bench` shows the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from reprise.domain.playlists import SyncState
from reprise_dev.doubles.sync_cloud import SyncCloud, sync_cloud
from reprise_dev.measuring.call_counts import count_calls, many_playlists

# Playlists, the person's lane, connection, health, password, manual choices: once a job, for up to 100 playlists.
JOB = ["BatchGetItem", "UpdateItem", "GetItem", "GetItem", "Decrypt", "Query"]
# How the host of an address is doing: once a job, however many playlists are read there.
HOST = "GetItem"
BEGIN = END = "TransactWriteItems"
# What is known of the address, and of the library.
LOOK = ["GetObject", "GetObject"]
# What was fetched, and how to ask for news of it.
KEEP = ["PutObject", "PutObject"]
# Progress; the library index; progress; the report; progress.
MATCH_AND_WRITE = ["UpdateItem", "GetObject", "UpdateItem", "PutObject", "UpdateItem"]
# The outcome; and the lane is free.
TOLD = ["SendMessageBatch", "UpdateItem"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[SyncCloud]:
    # Progress that is told because time has passed would make the count depend on the machine.
    monkeypatch.setattr("reprise.usecases.sync.run.PROGRESS_EVERY", timedelta(hours=1))
    with sync_cloud() as cloud:
        yield cloud


def test_a_playlist_costs_what_it_must_and_next_to_nothing_when_unchanged(counted: SyncCloud) -> None:
    calls = count_calls(counted)
    assert calls.each_uploaded == 0
    assert calls.each_fetched == 1, "what is known of its address"
    assert calls.unchanged.operations == [*JOB, HOST, *LOOK, *TOLD]
    assert (calls.unchanged.server, calls.unchanged.source) == (1, 1)
    before_the_write = [*JOB, HOST, "GetObject", *KEEP, "GetObject", BEGIN, *MATCH_AND_WRITE]
    assert calls.changed.operations == [*before_the_write, END, *TOLD]
    assert (calls.changed.server, calls.changed.source) == (4, 1)
    first = [*JOB, HOST, BEGIN, "GetObject", *KEEP, "GetObject", *MATCH_AND_WRITE]
    assert calls.first.operations == [*first, "UpdateItem", END, *TOLD], "the new list's id is saved"
    assert (calls.first.server, calls.first.source) == (6, 1)


def test_a_tick_of_many_unchanged_playlists_costs_little_each(counted: SyncCloud) -> None:
    new, unchanged = many_playlists(counted, playlists=60, tracks=3, library=200)
    assert (new.jobs, unchanged.jobs) == (1, 1)
    assert counted.states("u-1") == {SyncState.SUCCESS: 60}
    assert unchanged.dispatcher.operations == ["Query", "SendMessageBatch"]
    assert unchanged.sync.server == 1
    assert unchanged.sync.aws.total() == len([*JOB, "GetObject", *TOLD]), "nothing for each"
