"""A tick becomes jobs on the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.app import handler
from tests.functions.sync.conftest import CONTEXT, SyncStage


def tick(at: datetime | str) -> dict[str, str]:
    return {"scheduled_time": at if isinstance(at, str) else at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_one_job_per_person_with_their_due_playlists(cloud: SyncStage) -> None:
    ann, bob = cloud.user(), cloud.user()
    hers = {cloud.playlist(ann, "Roads"), cloud.playlist(ann, "Teardrop")}
    his = cloud.playlist(bob, "Roads")
    answer = handler(tick(datetime.now(UTC)), CONTEXT)
    jobs = {job["user_id"]: job for job in cloud.messages("SYNC_JOBS_QUEUE_URL")}
    assert answer["jobs"] == len(jobs)
    assert set(jobs[ann]["playlist_ids"]) == hers
    assert jobs[bob]["playlist_ids"] == [his]


def test_the_same_tick_twice_makes_the_same_job_ids(cloud: SyncStage) -> None:
    cloud.playlist(cloud.user(), "Roads")
    now = datetime.now(UTC)
    handler(tick(now), CONTEXT)
    once = {job["job_id"] for job in cloud.messages("SYNC_JOBS_QUEUE_URL")}
    handler(tick(now), CONTEXT)
    assert {job["job_id"] for job in cloud.messages("SYNC_JOBS_QUEUE_URL")} == once


def test_what_is_not_due_stays(cloud: SyncStage) -> None:
    ann = cloud.user()
    cloud.playlist(ann, "Roads")
    handler(tick(datetime.now(UTC) - timedelta(days=1)), CONTEXT)
    assert ann not in {job["user_id"] for job in cloud.messages("SYNC_JOBS_QUEUE_URL")}


@pytest.mark.parametrize("event", [{}, tick("<aws.scheduler.scheduled-time>"), tick("")])
def test_without_a_time_that_can_be_read_the_tick_is_now(cloud: SyncStage, event: dict[str, str]) -> None:
    ann = cloud.user()
    cloud.playlist(ann, "Roads")
    answer = handler(event, CONTEXT)
    assert abs(datetime.fromisoformat(answer["tick"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert ann in {job["user_id"] for job in cloud.messages("SYNC_JOBS_QUEUE_URL")}
