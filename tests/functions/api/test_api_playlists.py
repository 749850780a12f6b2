"""Playlists through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.parts import parts
from reprise.domain.failures import FailureKind
from reprise.domain.playlists import LastError, Progress, SyncState
from reprise_dev.doubles.cloud import Cloud

from .conftest import Client
from .playlist_world import PLAYLISTS, RUN, begin, end, take_in

NOTHING_FOUND = {"total": 2, "matched": 0, "unmatched": 2, "rate": 0.0, "by_method": {}}


def test_an_imported_playlist_is_there_to_be_read(alice: Client) -> None:
    made = take_in(alice)

    assert made["name"] == "Evening"
    assert made["source"]["kind"] == "files"
    assert "M3U" in made["source"]["label"]
    assert (made["state"], made["enabled"], made["interrupted"]) == ("pending", True, False)
    assert made["counts"] == NOTHING_FOUND
    assert [made[name] for name in ("remote_id", "remote_name", "progress", "last_synced_at", "last_error")] == [
        None
    ] * 5
    assert alice("GET", f"{PLAYLISTS}/{made['id']}").json == made
    assert alice("GET", PLAYLISTS).json == {"playlists": [made], "cursor": None}


def test_an_import_says_where_the_playlist_is_and_is_due_at_once(alice: Client) -> None:
    answer = alice(
        "POST", PLAYLISTS, body=b"Track Name,Artist Name(s)\nSinnerman,Nina Simone\n", query={"name": "Mine"}
    )
    assert answer.headers["Location"] == f"{PLAYLISTS}/{answer.json['id']}"
    assert answer.json["name"] == "Mine"
    due = list(parts().playlists.due(parts().clock() + timedelta(seconds=1)))
    assert (alice.user_id, answer.json["id"]) in due


def test_the_list_is_oldest_first_and_ones_own(alice: Client, bob: Client) -> None:
    made = [take_in(alice, name=f"P{number}")["id"] for number in range(3)]
    take_in(bob)
    assert [each["id"] for each in alice("GET", PLAYLISTS).json["playlists"]] == made


def test_removing_forgets_it_here(alice: Client) -> None:
    made = take_in(alice)
    assert alice("DELETE", f"{PLAYLISTS}/{made['id']}").status == 204
    assert alice("GET", f"{PLAYLISTS}/{made['id']}").status == 404
    assert alice("DELETE", f"{PLAYLISTS}/{made['id']}").status == 404
    assert alice("GET", PLAYLISTS).json == {"playlists": [], "cursor": None}


def test_switching_off_and_on(alice: Client) -> None:
    where = f"{PLAYLISTS}/{take_in(alice)['id']}"
    for verb, enabled in (("disable", False), ("disable", False), ("enable", True)):
        answer = alice("POST", f"{where}/{verb}")
        assert (answer.status, answer.json["enabled"]) == (200, enabled)
        assert alice("GET", where).json["enabled"] is enabled
    types = [event["type"] for event in alice("GET", f"{where}/events").json["events"]]
    assert types == ["playlist_enabled", "playlist_disabled", "playlist_imported"]


def test_the_status_of_a_running_sync(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    begin(alice, playlist_id)
    progress = Progress(phase="matching", done=1, total=2)
    parts().playlists.report_progress(alice.user_id, playlist_id, run_id=RUN, progress=progress)

    status = alice("GET", f"{PLAYLISTS}/{playlist_id}/sync-status").json

    assert (status["state"], status["interrupted"]) == ("syncing", False)
    assert status["progress"] == {"phase": "matching", "done": 1, "total": 2}


def test_a_sync_that_was_cut_off_is_shown_as_interrupted(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    begin(alice, playlist_id, lease=timedelta(seconds=-1))
    status = alice("GET", f"{PLAYLISTS}/{playlist_id}/sync-status").json
    assert (status["state"], status["interrupted"]) == ("syncing", True)


def test_the_status_after_a_partial_sync(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING, LastError(kind=None, sentence="One track was not found."))
    status = alice("GET", f"{PLAYLISTS}/{playlist_id}/sync-status").json
    assert status["state"] == "warning"
    assert status["counts"] == {"total": 2, "matched": 1, "unmatched": 1, "rate": 0.5, "by_method": {"isrc": 1}}
    assert status["last_error"] == {"kind": None, "sentence": "One track was not found."}
    assert status["last_job_id"] == "manual-1"
    assert status["last_synced_at"].endswith("Z")


def test_the_status_after_a_failed_sync(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    error = LastError(kind=FailureKind.AUTH_INVALID, sentence="The password is no longer accepted.")
    end(alice, playlist_id, SyncState.ERROR, error)
    status = alice("GET", f"{PLAYLISTS}/{playlist_id}/sync-status").json
    assert status["state"] == "error"
    assert status["last_error"] == {"kind": "auth_invalid", "sentence": "The password is no longer accepted."}
    assert alice("GET", f"{PLAYLISTS}/{playlist_id}/match-report").status == 404


def test_the_match_report(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    where = f"{PLAYLISTS}/{playlist_id}/match-report"
    assert "not been matched yet" in alice("GET", where).json["detail"]
    report = end(alice, playlist_id, SyncState.WARNING)
    assert report is not None

    shown = alice("GET", where).json

    assert (shown["playlist_id"], shown["report_id"], shown["next_offset"]) == (playlist_id, report.report_id, None)
    assert (shown["counts"]["by_method"], shown["threshold"]) == ({"isrc": 1}, 0.85)
    first, second = shown["tracks"]
    assert (first["position"], first["method"], first["library_id"], first["confidence"]) == (1, "isrc", "song-1", 1.0)
    assert first["source"] == {
        "title": "Sinnerman",
        "artist": "Nina Simone",
        "album": "",
        "duration_ms": 620_000,
        "isrc": "USPR36500001",
        "recording_mbid": None,
    }
    assert (second["position"], second["method"], second["library_id"]) == (2, "none", None)
    assert [each["library_id"] for each in second["candidates"]] == ["song-2"]


def test_a_match_report_in_pages(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING)
    where, seen, offset = f"{PLAYLISTS}/{playlist_id}/match-report", [], 0
    while offset is not None:
        page = alice("GET", where, query={"offset": str(offset), "limit": "1"}).json
        seen += [track["position"] for track in page["tracks"]]
        offset = page["next_offset"]
    assert seen == [1, 2]
    assert alice("GET", where, query={"offset": "9"}).json["tracks"] == []


def test_a_match_report_comes_compressed_to_whom_takes_it(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.WARNING)
    answer = alice("GET", f"{PLAYLISTS}/{playlist_id}/match-report", headers={"accept-encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.body.startswith("\x1f\x8b")


def test_events_come_newest_first_in_pages(alice: Client) -> None:
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.SUCCESS)
    where = f"{PLAYLISTS}/{playlist_id}/events"

    first = alice("GET", where, query={"limit": "2"}).json
    second = alice("GET", where, query={"limit": "2", "cursor": first["cursor"]}).json

    assert [event["type"] for event in first["events"]] == ["sync_completed", "sync_started"]
    assert [event["type"] for event in second["events"]] == ["playlist_imported"]
    assert second["cursor"] is None
    assert first["events"][0]["metadata"] == {"matched": 1, "rate": 0.5, "written": True, "state": "warning"}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"cursor": "not-a-cursor"}, "cursor"),
        ({"cursor": "x" * 1025}, "cursor"),
    ],
)
def test_what_is_no_page_is_400(alice: Client, query: dict[str, str], where: str) -> None:
    answer = alice("GET", f"{PLAYLISTS}/{take_in(alice)['id']}/events", query=query)
    assert (answer.status, answer.json["where"]) == (400, where)


def test_another_persons_cursor_shows_nothing_of_theirs(alice: Client, bob: Client) -> None:
    theirs, mine = take_in(bob)["id"], take_in(alice)["id"]
    end(bob, theirs, SyncState.SUCCESS)
    cursor = bob("GET", f"{PLAYLISTS}/{theirs}/events", query={"limit": "1"}).json["cursor"]
    answer = alice("GET", f"{PLAYLISTS}/{mine}/events", query={"cursor": cursor})
    assert answer.status in {200, 400}
    assert theirs not in answer.body
    assert bob.user_id not in answer.body


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/enable"),
        ("POST", "/disable"),
        ("POST", "/sync"),
        ("GET", "/sync-status"),
        ("GET", "/match-report"),
        ("GET", "/events"),
    ],
)
def test_another_persons_playlist_is_404_and_untouched(
    alice: Client, bob: Client, cloud: Cloud, method: str, rest: str
) -> None:
    playlist_id = take_in(alice)["id"]
    end(alice, playlist_id, SyncState.SUCCESS)
    before = alice("GET", f"{PLAYLISTS}/{playlist_id}").json
    cloud.messages("SYNC_JOBS_QUEUE_URL")

    theirs = bob(method, f"{PLAYLISTS}/{playlist_id}{rest}")
    nobodys = bob(method, f"{PLAYLISTS}/p-00000000000000000000000000{rest}")

    assert theirs.status == nobodys.status == 404
    assert theirs.body == nobodys.body
    assert alice("GET", f"{PLAYLISTS}/{playlist_id}").json == before
    assert cloud.messages("SYNC_JOBS_QUEUE_URL") == []


@pytest.mark.parametrize("playlist_id", ["x" * 5000, "..", "%2e%2e", "p-'; drop", "p-☃", "p-\u0000", " ", "u-1/p-1"])
def test_what_can_be_no_id_is_404(alice: Client, playlist_id: str) -> None:
    assert alice("GET", f"{PLAYLISTS}/{playlist_id}").status == 404
