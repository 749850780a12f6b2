"""Every operation on a playlist through the handler: what is queued, what is stored, and what a person is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.parts import parts
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.matches import Override
from reprise.domain.playlists import SyncState
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.list_link_candidates import NONE_FREE, WARNING
from reprise_dev.doubles.cloud import BUCKET, Cloud

from .conftest import PASSWORD, Client, Gate
from .playlist_world import (
    M3U,
    PLAYLISTS,
    begin,
    connect,
    end,
    held_back,
    previewed,
    read_library,
    snapshot,
    take_in,
)

LAMBDA_ANSWERS = 6 * 1024 * 1024
FREE = RemotePlaylist(remote_id="remote-1", name="Old mix", owner="me", song_count=3, writable=True)


@pytest.fixture
def synced(alice: Client, cloud: Cloud) -> str:
    """The address of a playlist that was synced once; nothing is queued."""
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING, held=held_back(), history=(snapshot("r-2"), snapshot("r-1")))
    cloud.messages("SYNC_JOBS_QUEUE_URL")
    return f"{PLAYLISTS}/{playlist_id}"


def queued(cloud: Cloud) -> list[tuple[str, str]]:
    return [(job["operation"], job["argument"]) for job in cloud.messages("SYNC_JOBS_QUEUE_URL")]


# --- toggle ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"enabled": False, "navidrome_action": "archive"},
        {"enabled": False, "navidrome_action": "DELETE"},
        {"enabled": False, "navidrome_action": ""},
        {"enabled": False, "navidrome_action": None},
        {"enabled": False, "navidrome_action": ["delete"]},
        {"enabled": True, "navidrome_action": "delete"},
        {"enabled": "false"},
        {"navidrome_action": "delete"},
        {},
    ],
)
def test_what_cannot_be_toggled_changes_nothing(
    alice: Client, cloud: Cloud, synced: str, body: dict[str, object]
) -> None:
    before = alice("GET", synced).json
    answer = alice("POST", f"{synced}/toggle-sync", json_body=body)
    assert answer.status == 400
    assert answer.json["where"] in {"navidrome_action", "enabled"}
    assert alice("GET", synced).json == before
    assert queued(cloud) == []


def test_keeping_and_deleting(alice: Client, cloud: Cloud, synced: str) -> None:
    kept = alice("POST", f"{synced}/toggle-sync", json_body={"enabled": False, "navidrome_action": "keep"})
    assert (kept.status, kept.json["enabled"], kept.json["job_id"]) == (200, False, None)
    assert queued(cloud) == []
    deleted = alice("POST", f"{synced}/toggle-sync", json_body={"enabled": False, "navidrome_action": "delete"})
    assert (deleted.status, deleted.json["enabled"]) == (202, False)
    (job,) = cloud.messages("SYNC_JOBS_QUEUE_URL")
    assert (job["operation"], job["job_id"]) == ("delete_remote", deleted.json["job_id"])
    assert alice("POST", f"{synced}/toggle-sync", json_body={"enabled": True}).json["enabled"] is True


# --- rebuild, preview, undo, the valve ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "operation"), [({}, "rebuild"), ({"recreate": "false"}, "rebuild"), ({"recreate": "true"}, "recreate")]
)
def test_a_rebuild_is_in_place_unless_said_otherwise(
    alice: Client, cloud: Cloud, synced: str, query: dict[str, str], operation: str
) -> None:
    assert alice("POST", f"{synced}/rebuild", query=query).status == 202
    assert queued(cloud) == [(operation, "")]


def test_what_is_neither_true_nor_false_queues_nothing(alice: Client, cloud: Cloud, synced: str) -> None:
    answer = alice("POST", f"{synced}/rebuild", query={"recreate": "perhaps"})
    assert (answer.status, answer.json["detail"]) == (400, "recreate: This must be true or false.")
    assert queued(cloud) == []


def test_a_preview_is_asked_for_and_then_read(alice: Client, cloud: Cloud, synced: str) -> None:
    assert alice("GET", f"{synced}/preview").status == 404
    asked = alice("POST", f"{synced}/preview")
    assert queued(cloud) == [("preview", "")]
    previewed(alice, synced.rpartition("/")[2], asked.json["job_id"])
    shown = alice("GET", f"{synced}/preview").json
    assert shown["job_id"] == asked.json["job_id"]
    assert (shown["kept"], shown["held"], shown["threshold"], shown["counts"]["matched"]) == (1, "", 0.9, 2)
    assert shown["steps"] == [
        {
            "change": "added",
            "library_id": "song-1",
            "title": "Sinnerman",
            "artist": "Nina Simone",
            "before": None,
            "after": 1,
            "why": "Same ISRC.",
        }
    ]


def test_the_history_and_the_way_back(alice: Client, cloud: Cloud, synced: str) -> None:
    history = alice("GET", f"{synced}/history").json["history"]
    assert [(each["report_id"], each["songs"]) for each in history] == [("r-2", 7), ("r-1", 7)]
    assert alice("POST", f"{synced}/undo", json_body={"report_id": "r-0"}).status == 404
    assert alice("GET", synced).json["enabled"] is True
    answer = alice("POST", f"{synced}/undo", json_body={"report_id": "r-1"})
    assert answer.status == 202
    assert "schedule is switched off" in answer.json["message"]
    assert queued(cloud) == [("undo", "r-1")]
    assert alice("GET", synced).json["enabled"] is False


def test_what_is_held_back_shows_and_is_confirmed(alice: Client, cloud: Cloud, synced: str) -> None:
    held = alice("GET", f"{synced}/sync-status").json["held"]
    assert held == alice("GET", synced).json["held"]
    assert (held["reason"], held["answer"], held["report_id"]) == ("source_shrank", "waiting", "r-held")
    assert alice("POST", f"{synced}/held/confirm", json_body={"report_id": "r-0"}).status == 409
    assert queued(cloud) == []
    assert alice("POST", f"{synced}/held/confirm", json_body={"report_id": "r-held"}).status == 202
    assert queued(cloud) == [("sync", "")]
    assert alice("GET", synced).json["held"]["answer"] == "confirmed"


def test_what_is_dismissed_queues_nothing(alice: Client, cloud: Cloud, synced: str) -> None:
    answer = alice("POST", f"{synced}/held/dismiss", json_body={"report_id": "r-held"})
    assert (answer.status, answer.json["held"]["answer"]) == (200, "dismissed")
    assert queued(cloud) == []


# --- links -------------------------------------------------------------------------------------------------------


@pytest.fixture
def connected(alice: Client, gate: Gate) -> Gate:
    gate.accounts[alice.username] = PASSWORD
    connect(alice)
    return gate


def test_candidates_come_live_with_a_warning(alice: Client, connected: Gate, synced: str) -> None:
    assert alice("GET", f"{synced}/link").json == {"candidates": [], "warning": WARNING, "message": NONE_FREE}
    smart = RemotePlaylist(remote_id="smart", name="Smart", owner="me", song_count=1, writable=False)
    connected.lists = [FREE, smart]
    answer = alice("GET", f"{synced}/link")
    assert answer.json["candidates"] == [{"remote_id": "remote-1", "name": "Old mix", "song_count": 3}]
    assert answer.json["message"] == ""
    assert connected.closed == connected.asked == 2


def test_linking_and_letting_go(alice: Client, cloud: Cloud, connected: Gate, synced: str) -> None:
    connected.lists = [FREE]
    assert alice("POST", f"{synced}/link/remote-1").status == 202
    assert queued(cloud) == [("sync", "")]
    linked = alice("GET", synced).json
    assert (linked["remote_id"], linked["remote_name"], linked["held"]) == ("remote-1", "Old mix", None)
    other = f"{PLAYLISTS}/{take_in(alice)['id']}"
    assert alice("GET", f"{other}/link").json["candidates"] == []
    assert alice("POST", f"{other}/link/remote-1").status == 409
    freed = alice("POST", f"{synced}/unlink").json
    assert (freed["remote_id"], freed["remote_name"], freed["enabled"]) == (None, None, False)
    assert alice("POST", f"{other}/link/remote-1").status == 202


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (FailureKind.AUTH_INVALID, 409),
        (FailureKind.UNREACHABLE, 503),
        (FailureKind.SERVER_ERROR, 502),
        (FailureKind.FORBIDDEN, 403),
    ],
)
def test_a_server_that_does_not_answer_changes_nothing(
    alice: Client, cloud: Cloud, connected: Gate, synced: str, failure: FailureKind, status: int
) -> None:
    connected.failure = SyncFailure(failure)
    before = alice("GET", synced).json
    assert alice("GET", f"{synced}/link").status == status
    assert alice("POST", f"{synced}/link/remote-1").status == status
    assert alice("GET", synced).json == before
    assert queued(cloud) == []


def test_no_list_and_no_link_while_a_sync_runs(alice: Client, connected: Gate, synced: str) -> None:
    assert alice("POST", f"{synced}/link/nowhere").status == 404
    begin(alice, synced.rpartition("/")[2])
    connected.lists = [FREE]
    assert alice("POST", f"{synced}/link/remote-1").status == 409
    assert alice("POST", f"{synced}/unlink").status == 409


def test_a_remote_name_and_back(alice: Client, synced: str) -> None:
    named = alice("PUT", f"{synced}/remote-name", json_body={"name": "Abend 🎶"}).json
    assert (named["name"], named["remote_name"]) == ("Evening", "Abend 🎶")
    assert alice("PUT", f"{synced}/remote-name", json_body={"name": None}).json["remote_name"] is None
    for body in ({}, {"name": ""}, {"name": " "}, {"name": "x" * 256}, {"name": "a\nb"}, {"name": 1}):
        assert alice("PUT", f"{synced}/remote-name", json_body=body).status == 400


# --- files, by URL and newer ones --------------------------------------------------------------------------------


def test_a_newer_file_under_the_same_id(alice: Client, synced: str) -> None:
    before = alice("GET", synced).json
    answer = alice("PUT", f"{synced}/file", body=M3U + b"#EXTINF:1,Air - Alpha Beta Gaga\ny.mp3\n")
    assert answer.status == 200
    assert answer.json == before
    (event, *_) = alice("GET", f"{synced}/events").json["events"]
    assert (event["type"], event["metadata"]["tracks"]) == ("source_replaced", 3)
    assert alice("PUT", f"{synced}/file", body=b"\x00").status == 400
    assert alice("PUT", f"{synced}/file", body=b"").status == 400


@pytest.mark.parametrize("url", ["ftp://a.example/x", "file:///etc/passwd", "http://169.254.169.254/", "no address"])
def test_an_address_that_must_not_be_asked_is_refused_and_not_repeated(
    alice: Client, log: Callable[[], str], url: str
) -> None:
    answer = alice("POST", f"{PLAYLISTS}/by-url", json_body={"url": f"{url}?token=canary-t0ken"})
    assert answer.status == 400
    assert "canary" not in answer.body + log()
    assert alice("GET", PLAYLISTS).json["playlists"] == []


# --- requests that come twice ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["sync", "rebuild", "preview"])
def test_the_same_key_is_the_same_job(alice: Client, bob: Client, cloud: Cloud, synced: str, path: str) -> None:
    def ask(key: str | None, client: Client = alice, where: str = synced) -> Any:
        return client("POST", f"{where}/{path}", headers={"idempotency-key": key} if key else {}).json["job_id"]

    first = ask("k-1")
    assert {ask("k-1"), ask("k-2"), ask(None)} == {first}, "it has not begun"
    playlist_id = synced.rpartition("/")[2]
    others = set()
    for key in ("k-2", None, None):
        begun(alice, playlist_id)
        others.add(ask(key))
    others.add(ask("k-1", bob, f"{PLAYLISTS}/{take_in(bob)['id']}"))
    assert len(others - {first}) == 4
    begun(alice, playlist_id)
    assert ask("k-1") == first
    jobs = cloud.messages("SYNC_JOBS_QUEUE_URL")
    assert len({job["job_id"] for job in jobs}) == 5, "under one id, a worker does it once"


def begun(client: Client, playlist_id: str) -> None:
    """A worker has begun the job that waits."""
    playlist = parts().playlists.get(client.user_id, playlist_id)
    assert playlist is not None
    for wish, job in playlist.waiting.items():
        parts().playlists.forget_waiting(client.user_id, playlist_id, wish, job.job_id)


def test_the_same_key_for_another_operation_is_another_job(alice: Client, synced: str) -> None:
    key = {"idempotency-key": "k"}
    made = {alice("POST", f"{synced}/{path}", headers=key).json["job_id"] for path in ("sync", "rebuild", "preview")}
    assert len(made) == 3


def test_an_import_with_a_key_comes_once(alice: Client, bob: Client) -> None:
    key = {"idempotency-key": "import-1"}
    first = alice("POST", PLAYLISTS, body=M3U, headers=key)
    again = alice("POST", PLAYLISTS, body=M3U, headers=key)
    assert (first.status, again.status, again.json["id"]) == (201, 201, first.json["id"])
    assert len(alice("GET", PLAYLISTS).json["playlists"]) == 1
    assert bob("POST", PLAYLISTS, body=M3U, headers=key).json["id"] != first.json["id"]
    assert alice("POST", PLAYLISTS, body=M3U + b"y.mp3\n", headers=key).status == 409


@pytest.mark.parametrize("path", ["", "/sync-status"])
def test_a_tag_saves_the_answer_until_something_changes(alice: Client, synced: str, path: str) -> None:
    tag = alice("GET", f"{synced}{path}").headers["ETag"]
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        unchanged = alice("GET", f"{synced}{path}", headers={"if-none-match": sent})
        assert (unchanged.status, unchanged.body, unchanged.headers["ETag"]) == (304, "", tag)
    end(alice, synced.rpartition("/")[2], SyncState.SUCCESS)
    changed = alice("GET", f"{synced}{path}", headers={"if-none-match": tag})
    assert (changed.status, changed.json["state"]) == (200, "success")
    assert changed.headers["ETag"] != tag


# --- pages and events --------------------------------------------------------------------------------------------


def test_playlists_and_events_come_in_pages(alice: Client, bob: Client) -> None:
    made = [take_in(alice)["id"] for _ in range(5)]
    take_in(bob)
    assert _paged(alice, PLAYLISTS, "playlists") == made
    alice("DELETE", f"{PLAYLISTS}/{made[0]}")
    events = _paged(alice, "/api/v1/events", "events")
    assert len(events) == len(set(events)) == 6
    assert alice("GET", PLAYLISTS, query={"cursor": "x"}).status == 400
    assert alice("GET", "/api/v1/events", query={"cursor": "!"}).status == 400


def _paged(client: Client, path: str, what: str, *, name: str = "id") -> list[str]:
    seen, query = [], {"limit": "2"}
    while True:
        page = client("GET", path, query=query).json
        seen += [each[name] for each in page[what]]
        if page["cursor"] is None:
            return seen
        query["cursor"] = page["cursor"]


def test_of_a_file_that_was_replaced_or_whose_playlist_was_removed_nothing_is_kept(alice: Client, cloud: Cloud) -> None:
    def kept() -> list[str]:
        return [key for key in cloud.objects() if key.startswith(f"sources/{alice.user_id}/")]

    one, other = (take_in(alice)["id"] for _ in range(2))
    assert len(kept()) == 2, "each its own, though the files are the same"
    newer = M3U + b"#EXTINF:1,Air - Alpha Beta Gaga\ny.mp3\n"
    for body in (newer, M3U, newer):
        assert alice("PUT", f"{PLAYLISTS}/{one}/file", body=body).status == 200
    assert len(kept()) == 2
    assert alice("DELETE", f"{PLAYLISTS}/{one}").status == 204
    (left,) = kept()
    assert alice("DELETE", f"{PLAYLISTS}/{other}").status == 204
    assert (other in left, kept()) == (True, [])


# --- matches by hand ---------------------------------------------------------------------------------------------


def test_a_song_is_searched_chosen_listed_and_let_go(alice: Client, bob: Client, synced: str) -> None:
    assert alice("GET", "/api/v1/library/songs", query={"query": "sinnerman"}).status == 409
    read_library(alice)
    (song,) = alice("GET", "/api/v1/library/songs", query={"query": "nina simone"}).json["songs"]
    assert (song["library_id"], song["title"], song["year"]) == ("song-1", "Sinnerman", 1965)
    row = alice("GET", f"{synced}/match-report").json["tracks"][0]
    where = f"/api/v1/matches/{row['key']}"
    chosen = alice("PUT", where, json_body={"library_id": song["library_id"], "never": ["song-9"]})
    assert chosen.json == {"key": row["key"], "library_id": "song-1", "never": ["song-9"]}
    assert alice("GET", "/api/v1/matches").json == {"matches": [chosen.json], "cursor": None}
    (kept,) = parts().overrides.of_user(alice.user_id)
    assert kept.track_key == "isrc:USPR36500001"
    assert bob("GET", "/api/v1/matches").json == {"matches": [], "cursor": None}
    assert bob("DELETE", where).status == 404
    assert alice("DELETE", where).status == 204
    assert alice("DELETE", where).status == 404


def test_all_choices_are_listed_page_by_page(alice: Client) -> None:
    for number in range(5):
        alice("PUT", f"/api/v1/matches/text:{number}", json_body={"never": ["song-1"]})
    listed = _paged(alice, "/api/v1/matches", "matches", name="key")
    assert listed == [f"text:{number}" for number in range(5)]
    for nowhere in ("b64:!", "x", "text:" + "x" * 1020):
        assert alice("GET", "/api/v1/matches", query={"cursor": nowhere}).status == 400


def test_no_page_of_choices_is_more_than_lambda_answers(alice: Client) -> None:
    """Ids of the longest kind, of letters that JSON writes out: once for the body, once more for Lambda's answer."""
    never = frozenset("\U0001f3b5" * 250 + f"{number:05}" for number in range(100))
    keys = {f"text:{number}" for number in range(60)}
    for key in keys:
        parts().overrides.put(alice.user_id, Override(track_key=key, never=never))
    seen: list[str] = []
    query: dict[str, str] = {}
    while "cursor" not in query or query["cursor"]:
        page = alice("GET", "/api/v1/matches", query=query)
        assert len(json.dumps({"body": page.body})) < LAMBDA_ANSWERS
        seen += [each["key"] for each in page.json["matches"]]
        query["cursor"] = page.json["cursor"]
    assert (set(seen), len(seen)) == (keys, len(keys))


def test_an_index_of_another_version_is_as_good_as_none(alice: Client, cloud: Cloud) -> None:
    read_library(alice)
    (index,) = [key for key in cloud.objects() if alice.user_id in key and key.endswith(".idx")]
    cloud.s3.put_object(Bucket=BUCKET, Key=index, Body=b"another version's")
    assert alice("GET", "/api/v1/library/songs", query={"query": "sinnerman"}).status == 409
    assert alice("PUT", "/api/v1/matches/isrc:USPR36500001", json_body={"library_id": "song-7"}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"library_id": None},
        {"library_id": "unknown"},
        {"library_id": ""},
        {"never": "song-1"},
        {"never": [""]},
        {"library_id": "song-1", "never": ["song-1"]},
        {"never": ["x"] * 101},
        {"song": "song-1"},
    ],
)
def test_what_cannot_be_chosen_is_refused(alice: Client, body: dict[str, object]) -> None:
    read_library(alice)
    assert alice("PUT", "/api/v1/matches/isrc:USPR36500001", json_body=body).status == 400
    assert alice("GET", "/api/v1/matches").json == {"matches": [], "cursor": None}
