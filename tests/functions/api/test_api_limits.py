"""What one person may ask for, through the API: one waiting job for each thing, so many an hour, so many playlists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.parts import parts
from reprise.domain.jobs import Operation
from reprise.usecases.playlists import import_playlist, request_sync
from reprise_dev.doubles.fakes import MemoryJobQueue

from .conftest import Client, Cloud
from .playlist_world import M3U, PLAYLISTS, take_in

QUEUE = "SYNC_JOBS_QUEUE_URL"


@pytest.fixture
def alice(person: Callable[..., Client]) -> Client:
    """Whose session outlasts these tests' clock."""
    return person(ends_in=timedelta(days=1))


@pytest.fixture
def playlist_id(alice: Client, cloud: Cloud) -> str:
    made: str = take_in(alice)["id"]
    cloud.messages(QUEUE)
    return made


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock of the API on."""
    # Limits count in windows of the clock: none may end in the midst of a test.
    start = parts().clock().replace(minute=0, second=0) + timedelta(hours=1)
    gone = timedelta()
    monkeypatch.setattr(parts(), "clock", lambda: start + gone)

    def move(by: timedelta) -> None:
        nonlocal gone
        gone += by

    return move


def press(client: Client, path: str, **more: Any) -> Any:  # Any: what a client takes, and JSON
    answer = client("POST", path, **more)
    assert answer.status == 202, answer.json
    return answer.json


def test_a_hundred_and_fifty_presses_are_one_job(alice: Client, cloud: Cloud, playlist_id: str) -> None:
    answers = [press(alice, f"{PLAYLISTS}/{playlist_id}/sync") for _ in range(150)]
    (job,) = cloud.messages(QUEUE)
    assert {answer["job_id"] for answer in answers} == {job["job_id"]}
    assert all(answer["playlist_ids"] == [playlist_id] for answer in answers)


def test_all_of_them_a_hundred_and_fifty_times_is_one_job(alice: Client, cloud: Cloud, playlist_id: str) -> None:
    other = take_in(alice)["id"]
    answers = [press(alice, "/api/v1/sync") for _ in range(150)]
    (job,) = cloud.messages(QUEUE)
    assert sorted(job["playlist_ids"]) == sorted([playlist_id, other])
    assert all(answer["job_ids"] == [job["job_id"]] for answer in answers)


def test_each_operation_waits_for_itself(alice: Client, cloud: Cloud, playlist_id: str) -> None:
    at = f"{PLAYLISTS}/{playlist_id}"
    off = {"enabled": False, "navidrome_action": "delete"}
    for _ in range(3):
        press(alice, f"{at}/sync")
        press(alice, f"{at}/rebuild")
        press(alice, f"{at}/rebuild", query={"recreate": "true"})
        press(alice, f"{at}/preview")
        press(alice, f"{at}/toggle-sync", json_body=off)
    wanted = [Operation.DELETE_REMOTE, Operation.PREVIEW, Operation.REBUILD, Operation.RECREATE, Operation.SYNC]
    assert sorted(job["operation"] for job in cloud.messages(QUEUE)) == sorted(each.value for each in wanted)


def test_one_playlist_does_not_wait_for_another_nor_one_person_for_another(
    alice: Client, bob: Client, cloud: Cloud, playlist_id: str
) -> None:
    for client, each in ((alice, playlist_id), (alice, take_in(alice)["id"]), (bob, take_in(bob)["id"])):
        press(client, f"{PLAYLISTS}/{each}/sync")
    assert len(cloud.messages(QUEUE)) == 3


def test_what_was_never_begun_is_asked_for_anew_after_a_while(
    alice: Client, cloud: Cloud, playlist_id: str, later: Callable[[timedelta], None]
) -> None:
    """Its job may be lost: a mark that outlives it holds nobody up for longer than that."""
    press(alice, f"{PLAYLISTS}/{playlist_id}/sync")
    later(request_sync.WAITING_MAX - timedelta(minutes=1))
    press(alice, f"{PLAYLISTS}/{playlist_id}/sync")
    later(timedelta(minutes=2))
    press(alice, f"{PLAYLISTS}/{playlist_id}/sync")
    assert len({job["job_id"] for job in cloud.messages(QUEUE)}) == 2


@pytest.mark.parametrize("path", ["/api/v1/sync", "{playlist}/sync", "{playlist}/rebuild", "{playlist}/preview"])
def test_what_the_queue_refused_can_be_asked_for_at_once(
    alice: Client, cloud: Cloud, playlist_id: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = path.format(playlist=f"{PLAYLISTS}/{playlist_id}")
    queue = MemoryJobQueue()
    queue.refusing = True
    with monkeypatch.context() as patched:
        patched.setitem(vars(parts()), "jobs", queue)
        assert alice("POST", where).status == 503
    press(alice, where)
    assert len(cloud.messages(QUEUE)) == 1


def test_sixty_an_hour_and_then_a_sentence(alice: Client, bob: Client, later: Callable[[timedelta], None]) -> None:
    kept = [f"{PLAYLISTS}/{take_in(alice)['id']}" for _ in range(30)]
    paths = [f"{playlist}/{what}" for playlist in kept for what in ("sync", "rebuild")]
    for path in paths * 2:
        press(alice, path)  # what waits already is not counted
    answer = alice("POST", f"{PLAYLISTS}/{take_in(alice)['id']}/sync")
    assert (answer.status, answer.json["type"]) == (429, "urn:reprise:problem:too-many-attempts")
    assert answer.json["detail"] == "Too many attempts. Try again in 60 minutes."
    assert answer.headers["Retry-After"] == "3600"
    press(alice, paths[0])
    press(bob, f"{PLAYLISTS}/{take_in(bob)['id']}/sync")
    later(timedelta(hours=1))
    press(alice, paths[0])


@pytest.mark.usefixtures("later")
def test_over_the_limit_nothing_is_changed(alice: Client, playlist_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_sync, "REQUESTS", request_sync.Limit(attempts=0, window=timedelta(hours=1)))
    at = f"{PLAYLISTS}/{playlist_id}"
    off = {"enabled": False, "navidrome_action": "delete"}
    for path, body in (("sync", None), ("rebuild", None), ("toggle-sync", off)):
        assert alice("POST", f"{at}/{path}", json_body=body).status == 429
    assert alice("POST", "/api/v1/sync").status == 429
    assert alice("GET", at).json["enabled"] is True
    assert alice("POST", f"{at}/toggle-sync", json_body={"enabled": False}).status == 200, (
        "switching off is no work for sync"
    )


def test_a_person_has_so_many_playlists_and_no_more(
    alice: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert import_playlist.PLAYLISTS_MAX == 1000
    monkeypatch.setattr(import_playlist, "PLAYLISTS_MAX", 3)
    kept = [take_in(alice)["id"] for _ in range(3)]
    by_url = {"json_body": {"url": "https://example.org/mix.m3u"}}
    for path, sent in ((PLAYLISTS, {"body": M3U}), (f"{PLAYLISTS}/by-url", by_url)):
        answer = alice("POST", path, **sent)
        assert (answer.status, answer.json["type"]) == (409, "urn:reprise:problem:conflict")
        assert answer.json["detail"] == "You have 3 playlists, and no more fit in. Remove one first."
    take_in(bob)
    alice("DELETE", f"{PLAYLISTS}/{kept[0]}")
    take_in(alice)
