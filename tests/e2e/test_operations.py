"""Every operation of the API, by a second person, with the rights that the template gives and no others.

Each part goes by what that person sees: in the API's answers, and in their lists on the music server.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from reprise.stores.s3.personal_files import FOLDERS
from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from reprise_dev.local.readback import SubsonicReader
from reprise_dev.local.world import World, log_lines

from .calling import Caller, Json
from .kept import GOES_BY_ITSELF, kept_of
from .lists import MISSING, SONGS, a_file, titles


@pytest.fixture(scope="module")
def other(newcomer: Callable[..., Caller]) -> Caller:
    return newcomer("other")


def test_every_operation_does_what_it_says_with_the_rights_its_function_has(
    world: World, other: Caller, reader: Callable[[Caller], SubsonicReader]
) -> None:
    there = reader(other)
    _about(world, other)
    _tokens(world, other)
    evening = _synced(other, there)
    _missing(other, evening)
    _settings(other, there, evening)
    _followed(other, there)
    _previewed_and_undone(other, there, evening)
    _held_back(other, there, evening)
    _rebuilt(other, there, evening)
    _chosen(other, there, evening)
    _renamed_and_linked(other, there, evening)
    _switched(other, there, evening)
    _left(world, other, there)

    assert {each.name for each in other.operations} - other.done_well == set()
    # One test takes the dispatcher's rights away to see whether anybody notices.
    refusals = [each for each in log_lines(world.stack) if "not authorized" in each or "AccessDenied" in each]
    assert [each for each in refusals if "DispatcherRole" not in each] == []


def _import(other: Caller, name: str, *songs: tuple[str, str]) -> str:
    return str(other("POST", f"/playlists?filename=list.jspf&name={quote(name)}", a_file(*songs))["id"])


def _heard(other: Caller, there: SubsonicReader, playlist_id: str) -> list[str]:
    """The titles that the playlist's list on the music server holds."""
    return [song.title for song in there.songs(other("GET", f"/playlists/{playlist_id}")["remote_id"])]


def _about(world: World, other: Caller) -> None:
    assert other("GET", "/health") == {"status": "ok"}
    assert "Sync a playlist now" in other.ask("GET", "/docs").text
    address = f"{other.username}@example.org"
    assert other("PUT", "/me/email", {"email": address}) == {"email": address, "delivery": "ready"}
    assert other("POST", "/me/email/test") == {"sent_to": address}
    (mail,) = [mail for mail in world.relay.mails if mail.recipients == (address,)]
    assert mail.subject.startswith("[Reprise] ")
    assert mail.encrypted, "and after a login, or the relay would have refused it"
    other("DELETE", "/me/email")
    me = other("GET", "/me")
    assert (me["username"], me["email"]) == (other.username, None)


def _tokens(world: World, other: Caller) -> None:
    made = other("POST", "/tokens", {"label": "script", "expires_in_days": 1})
    program = Caller(world, token=made["token"])
    assert program("GET", "/me")["username"] == other.username
    assert program.ask("POST", "/tokens", {"label": "another"}).status == 403
    assert [each["id"] for each in other("GET", "/tokens")["tokens"]] == [made["id"]]
    other("DELETE", f"/tokens/{made['id']}")
    assert program.ask("GET", "/me").status == 401


def _synced(other: Caller, there: SubsonicReader) -> str:
    playlist_id = _import(other, "Evening", *SONGS[:4], MISSING, *SONGS[4:8])
    assert [each["id"] for each in other("GET", "/playlists")["playlists"]] == [playlist_id]
    status = other.synced(playlist_id)
    assert (status["state"], status["counts"]["matched"], status["counts"]["unmatched"]) == ("warning", 8, 1)
    assert _heard(other, there, playlist_id) == titles(*SONGS[:8])
    tracks = other("GET", f"/playlists/{playlist_id}/match-report")["tracks"]
    assert [each["source"]["title"] for each in tracks] == titles(*SONGS[:4], MISSING, *SONGS[4:8])
    assert [each["position"] for each in tracks if each["library_id"] is None] == [5]
    for path in (f"/playlists/{playlist_id}/events", "/events"):
        assert [each["type"] for each in other("GET", path)["events"]] == [
            "sync_completed",
            "sync_started",
            "playlist_imported",
        ]
    return playlist_id


def _missing(other: Caller, playlist_id: str) -> None:
    """Both files say what is missing, and both can be taken in again as they are."""
    table = other.ask("GET", f"/playlists/{playlist_id}/missing?format=csv")
    (row,) = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))
    assert (row["Title"], row["Artist"]) == MISSING
    played = other.ask("GET", f"/playlists/{playlist_id}/missing?format=jspf")
    (track,) = json.loads(played.text)["playlist"]["track"]
    assert (track["title"], track["creator"]) == MISSING
    for answer in (table, played):
        again = other("POST", "/playlists", answer.text.encode())
        assert again["counts"]["total"] == 1
        other("DELETE", f"/playlists/{again['id']}")
        assert other.ask("GET", f"/playlists/{again['id']}").status == 404


def _settings(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    """The next sync asks for as much as was said, and the list's comment names what it lacks; then all is as before."""
    path = f"/playlists/{playlist_id}"
    assert other("PUT", "/me/match-threshold", {"threshold": 0.9})["set_by"] == "user"
    shown = other("PUT", f"{path}/match-threshold", {"threshold": 0.95})["match_threshold"]
    assert shown == {"own": 0.95, "in_force": 0.95, "set_by": "playlist"}
    assert other("PUT", f"{path}/unmatched-tracks", {"include": True})["include_unmatched_tracks"] is True
    other.synced(playlist_id)
    assert other("GET", f"{path}/match-report")["threshold"] == 0.95
    remote_id = other("GET", path)["remote_id"]
    assert "[Not in your library: Nobody In Particular – A Song Nobody Has]" in there.comment(remote_id)
    other("PUT", "/me/match-threshold", {"threshold": None})
    both = other("PATCH", path, {"match_threshold": None, "include_unmatched_tracks": False})
    assert (both["match_threshold"]["set_by"], both["include_unmatched_tracks"]) == ("instance", False)
    other.synced(playlist_id)
    assert "Not in your library" not in there.comment(remote_id)


def _followed(other: Caller, there: SubsonicReader) -> None:
    """A list at an address follows what is there."""
    with PlaylistHost({"/mixes/sunday.jspf": reply(body=a_file(*SONGS[:3], name="Sunday"))}) as host:
        made = other("POST", "/playlists/by-url", {"url": host.url("/mixes/sunday.jspf")})
        assert (made["name"], made["source"]["label"]) == ("Sunday", "JSPF from 127.0.0.1/…/sunday.jspf")
        assert other.synced(made["id"])["state"] == "success"
        assert _heard(other, there, made["id"]) == titles(*SONGS[:3])
        host.files["/mixes/sunday.jspf"] = reply(body=a_file(*SONGS[:5], name="Sunday"))
        assert other.synced(made["id"])["state"] == "success"
        assert _heard(other, there, made["id"]) == titles(*SONGS[:5])


def _replace(other: Caller, playlist_id: str, *songs: tuple[str, str]) -> None:
    assert other("PUT", f"/playlists/{playlist_id}/file", a_file(*songs))["id"] == playlist_id


def _previewed_and_undone(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    before, wished = titles(*SONGS[:8]), [SONGS[1], SONGS[0], *SONGS[2:7], SONGS[8]]
    _replace(other, playlist_id, *wished)
    asked = other("POST", f"/playlists/{playlist_id}/preview")
    other.done(playlist_id, asked)
    shown = other("GET", f"/playlists/{playlist_id}/preview")
    assert shown["job_id"] == asked["job_id"]
    assert {(step["change"], step["title"]) for step in shown["steps"] if step["change"] != "moved"} == {
        ("added", "Hounds of Love"),
        ("removed", "Be My Husband"),
    }
    assert [step["title"] for step in shown["steps"] if step["change"] == "moved"] in (
        ["Sweet Lady"],
        ["One More Time"],
    )
    assert _heard(other, there, playlist_id) == before, "a preview writes nothing"

    other.synced(playlist_id)
    assert _heard(other, there, playlist_id) == titles(*wished)
    history = other("GET", f"/playlists/{playlist_id}/history")["history"]
    assert [each["songs"] for each in history] == [8, 8]
    undone = other("POST", f"/playlists/{playlist_id}/undo", {"report_id": history[-1]["report_id"]})
    other.done(playlist_id, undone)
    assert _heard(other, there, playlist_id) == before
    assert other("GET", f"/playlists/{playlist_id}")["enabled"] is False
    assert other("POST", f"/playlists/{playlist_id}/enable")["enabled"] is True
    other.synced(playlist_id)
    assert _heard(other, there, playlist_id) == titles(*wished)


def _held(other: Caller, playlist_id: str) -> Json:
    status = other.synced(playlist_id)
    held: Json = status["held"]
    assert (status["state"], held["reason"], held["answer"]) == ("warning", "source_shrank", "waiting")
    return {"report_id": held["report_id"]}


def _held_back(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    """A file that lost most of its tracks: first it is told to leave the list alone, then to write it after all."""
    before = _heard(other, there, playlist_id)
    _replace(other, playlist_id, *SONGS[:2])
    dismissed = other("POST", f"/playlists/{playlist_id}/held/dismiss", _held(other, playlist_id))
    assert dismissed["held"]["answer"] == "dismissed"
    other.synced(playlist_id)
    assert _heard(other, there, playlist_id) == before

    _replace(other, playlist_id, *SONGS[:3])
    wanted = _held(other, playlist_id)
    assert _heard(other, there, playlist_id) == before
    assert other.ask("POST", f"/playlists/{playlist_id}/held/confirm", {"report_id": "another"}).status == 409
    status = other.done(playlist_id, other("POST", f"/playlists/{playlist_id}/held/confirm", wanted))
    assert (status["state"], status["held"]) == ("success", None)
    assert _heard(other, there, playlist_id) == titles(*SONGS[:3])


def _rebuilt(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    first = other("GET", f"/playlists/{playlist_id}")["remote_id"]
    other.done(playlist_id, other("POST", f"/playlists/{playlist_id}/rebuild"))
    assert other("GET", f"/playlists/{playlist_id}")["remote_id"] == first
    other.done(playlist_id, other("POST", f"/playlists/{playlist_id}/rebuild?recreate=true"))
    second = other("GET", f"/playlists/{playlist_id}")["remote_id"]
    assert second != first
    assert first not in there.playlists()
    assert _heard(other, there, playlist_id) == titles(*SONGS[:3])


def _chosen(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    """A song that is not in the library under its name is told which it is, and then no longer."""
    _replace(other, playlist_id, *SONGS[:3], MISSING)
    other.synced(playlist_id)
    (row,) = [
        each for each in other("GET", f"/playlists/{playlist_id}/match-report")["tracks"] if each["library_id"] is None
    ]
    title, artist = SONGS[9]
    (song,) = other("GET", f"/library/songs?query={quote(f'{title} {artist}')}")["songs"]
    other("PUT", f"/matches/{row['key']}", {"library_id": song["library_id"]})
    assert other("GET", "/matches")["matches"] == [{"key": row["key"], "library_id": song["library_id"], "never": []}]
    assert other.synced(playlist_id)["state"] == "success"
    assert _heard(other, there, playlist_id) == titles(*SONGS[:3], SONGS[9])
    other("DELETE", f"/matches/{row['key']}")
    assert other.synced(playlist_id)["state"] == "warning"
    assert _heard(other, there, playlist_id) == titles(*SONGS[:3])


def _renamed_and_linked(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    remote = other("GET", f"/playlists/{playlist_id}")["remote_id"]
    other("PUT", f"/playlists/{playlist_id}/remote-name", {"name": "Evening, on the sofa"})
    other.synced(playlist_id)
    assert there.playlists()[remote] == "Evening, on the sofa"

    freed = other("POST", f"/playlists/{playlist_id}/unlink")
    assert (freed["remote_id"], freed["enabled"]) == (None, False)
    assert there.playlists()[remote] == "Evening, on the sofa", "let go of, and left as it was"
    candidates = other("GET", f"/playlists/{playlist_id}/link")["candidates"]
    assert {"remote_id": remote, "name": "Evening, on the sofa", "song_count": 3} in candidates
    _replace(other, playlist_id, *SONGS[4:8])
    other.done(playlist_id, other("POST", f"/playlists/{playlist_id}/link/{remote}"))
    linked = other("GET", f"/playlists/{playlist_id}")
    assert (linked["remote_id"], linked["remote_name"]) == (remote, "Evening, on the sofa")
    assert there.playlists()[remote] == "Evening, on the sofa"
    assert _heard(other, there, playlist_id) == titles(*SONGS[4:8])


def _switched(other: Caller, there: SubsonicReader, playlist_id: str) -> None:
    assert other("POST", f"/playlists/{playlist_id}/disable")["enabled"] is False
    jobs = other("POST", "/sync")
    assert playlist_id not in jobs["playlist_ids"]
    for job, each in zip(jobs["job_ids"], jobs["playlist_ids"], strict=True):
        other.done(each, {"job_id": job})
    other("POST", f"/playlists/{playlist_id}/enable")

    remote, path = other("GET", f"/playlists/{playlist_id}")["remote_id"], f"/playlists/{playlist_id}/toggle-sync"
    assert other("POST", path, {"enabled": False, "navidrome_action": "keep"})["job_id"] is None
    assert remote in there.playlists()
    gone = other("POST", path, {"enabled": False, "navidrome_action": "delete"})
    other.done(playlist_id, gone)
    assert remote not in there.playlists()
    assert other("GET", f"/playlists/{playlist_id}")["remote_id"] is None


def _left(world: World, other: Caller, there: SubsonicReader) -> None:
    lists = there.playlists()
    assert lists
    elsewhere = Caller(world)
    elsewhere.sign_in(other.username, other.password)
    elsewhere("DELETE", "/sessions/current")
    assert elsewhere.ask("GET", "/me").status == 401
    other.answers += elsewhere.answers
    user_id = str(other("GET", "/me")["user_id"])
    kept = {"UsersTable", "SessionsTable", "ConnectionsTable", "PlaylistsTable", *FOLDERS}
    assert kept <= kept_of(world, user_id)

    other("DELETE", "/me", {"username": other.username, "password": other.password})

    assert kept_of(world, user_id) - GOES_BY_ITSELF == {"departures"}
    assert other.ask("GET", "/me").status == 401
    assert there.playlists() == lists, "what is on the music server stays"
