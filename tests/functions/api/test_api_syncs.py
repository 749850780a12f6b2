"""Asking for syncs through the API (`S1-10`, `S1-13`)."""

from __future__ import annotations

import pytest

from api.parts import parts
from reprise_dev.doubles.cloud import Cloud
from reprise_dev.doubles.fakes import MemoryJobQueue

from .conftest import Client
from .playlist_world import PLAYLISTS, take_in


def test_one_is_queued_and_answered_at_once(alice: Client, cloud: Cloud) -> None:
    playlist_id = take_in(alice)["id"]
    cloud.messages("SYNC_JOBS_QUEUE_URL")

    answer = alice("POST", f"{PLAYLISTS}/{playlist_id}/sync")

    assert answer.status == 202
    assert answer.json["playlist_ids"] == [playlist_id]
    (job,) = cloud.messages("SYNC_JOBS_QUEUE_URL")
    assert (job["job_id"], job["user_id"]) == (answer.json["job_id"], alice.user_id)
    assert (job["playlist_ids"], job["reason"]) == ([playlist_id], "manual")


def test_one_that_is_switched_off_can_be_synced_by_hand(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    alice("POST", f"{PLAYLISTS}/{playlist_id}/disable")
    assert alice("POST", f"{PLAYLISTS}/{playlist_id}/sync").status == 202
    assert alice("GET", f"{PLAYLISTS}/{playlist_id}").json["enabled"] is False


def test_all_means_every_enabled_one_of_mine(alice: Client, bob: Client, cloud: Cloud) -> None:
    mine = [take_in(alice)["id"] for _ in range(27)]
    take_in(bob)
    alice("POST", f"{PLAYLISTS}/{mine[0]}/disable")
    cloud.messages("SYNC_JOBS_QUEUE_URL")

    answer = alice("POST", "/api/v1/sync")

    assert answer.status == 202
    assert sorted(answer.json["playlist_ids"]) == sorted(mine[1:])
    jobs = cloud.messages("SYNC_JOBS_QUEUE_URL")
    assert sorted(job["job_id"] for job in jobs) == sorted(answer.json["job_ids"])
    assert {job["user_id"] for job in jobs} == {alice.user_id}
    assert sorted(playlist_id for job in jobs for playlist_id in job["playlist_ids"]) == sorted(mine[1:])


def test_all_of_none_is_nothing(alice: Client, cloud: Cloud) -> None:
    cloud.messages("SYNC_JOBS_QUEUE_URL")
    answer = alice("POST", "/api/v1/sync")
    assert (answer.status, answer.json) == (202, {"job_ids": [], "playlist_ids": []})
    assert cloud.messages("SYNC_JOBS_QUEUE_URL") == []


@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_queue_that_refuses_is_503(alice: Client, monkeypatch: pytest.MonkeyPatch, all_of_them: bool) -> None:
    playlist_id = take_in(alice)["id"]
    queue = MemoryJobQueue()
    queue.refusing = True
    monkeypatch.setitem(vars(parts()), "jobs", queue)
    answer = alice("POST", "/api/v1/sync" if all_of_them else f"{PLAYLISTS}/{playlist_id}/sync")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
