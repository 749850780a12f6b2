"""From a loss to a whole instance, by the commands of docs/operations.md and nothing else.

Somebody empties four tables and the whole bucket. Three people were there when all was well: one stays, one left before
the loss, and one left and came back after it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from reprise_dev.doubles.tables import TABLES
from reprise_dev.local.readback import SubsonicReader
from reprise_dev.local.world import World

from .calling import Caller
from .kept import GOES_BY_ITSELF, kept_of
from .lists import SONGS, a_file, titles
from .operating import PAGE, Operator, blocks, filled_in
from .queues import wait_until_done

LOST = ("UsersTable", "ConnectionsTable", "OverridesTable", "PlaylistsTable")
RECIPE = PAGE.split("\n## Backup and restore\n")[1].split("\n**A table that was deleted**")[0]

Heard = Callable[[Caller, str], list[str]]


@pytest.fixture
def heard(reader: Callable[[Caller], SubsonicReader]) -> Heard:
    """The titles that a playlist's list on the music server holds."""
    return lambda person, playlist_id: [
        song.title for song in reader(person).songs(person("GET", f"/playlists/{playlist_id}")["remote_id"])
    ]


def test_a_restore_brings_back_all_but_those_who_left(
    world: World, newcomer: Callable[..., Caller], heard: Heard, tmp_path: Path
) -> None:
    stays, left, back = (newcomer(name) for name in ("stays", "left", "back"))
    evening = _synced(stays, "Evening", *SONGS[:4])
    _replaced_and_synced(stays, evening, *SONGS[2:6])
    for person in (left, back):
        _synced(person, "Old", *SONGS[:2])
        person("PUT", "/me/email", {"email": f"{person.username}@example.org"})
    who_left = str(left("GET", "/me")["user_id"])
    operator = Operator(world, tmp_path)
    when = operator.past_of(LOST)

    stays.synced(evening)  # takes the place of a report that the list led to then
    for person in (left, back):
        person("DELETE", "/me", {"username": person.username, "password": person.password})
    _lose(world)
    assert stays.ask("GET", f"/playlists/{evening}").status == 404
    back.sign_in(back.username, back.password)
    new = _synced(back, "New", *SONGS[6:9])
    for queue in ("SyncJobsQueue", "OutcomesQueue"):
        wait_until_done(world, queue)

    stand_still, *others = blocks(RECIPE)
    operator.pastes(stand_still)
    assert stays.ask("GET", "/health").status != 200
    said = operator.pastes(filled_in("\n".join(others), WHEN=when))
    assert "PutRequest" not in said, "nothing was left uncopied"
    assert len(world.stack.emulator.client("dynamodb").list_tables()["TableNames"]) == len(TABLES)

    _has_stayed(stays, evening, heard)
    _has_come_back(back, new, heard)
    assert kept_of(world, who_left) - GOES_BY_ITSELF == set()
    assert left.ask("GET", "/me").status == 401
    left.sign_in(left.username, left.password)
    assert left("GET", "/playlists")["playlists"] == []


def _has_stayed(person: Caller, playlist_id: str, heard: Heard) -> None:
    """Need not sign in: the password can still be read. Finds everything as it was, syncs, and can undo."""
    assert person.synced(playlist_id)["state"] == "success"
    person.sign_in(person.username, person.password)
    tracks = person("GET", f"/playlists/{playlist_id}/match-report")["tracks"]
    assert [each["source"]["title"] for each in tracks] == titles(*SONGS[2:6])
    *_, first = person("GET", f"/playlists/{playlist_id}/history")["history"]
    person.done(playlist_id, person("POST", f"/playlists/{playlist_id}/undo", {"report_id": first["report_id"]}))
    assert heard(person, playlist_id) == titles(*SONGS[:4])
    person("POST", f"/playlists/{playlist_id}/enable")
    person.synced(playlist_id)
    assert heard(person, playlist_id) == titles(*SONGS[2:6])


def _has_come_back(person: Caller, playlist_id: str, heard: Heard) -> None:
    """Keeps what is new, with the session of before, and has nothing again that went when they left."""
    assert [each["id"] for each in person("GET", "/playlists")["playlists"]] == [playlist_id]
    assert person("GET", "/me")["email"] is None
    _replaced_and_synced(person, playlist_id, *SONGS[7:10])
    assert heard(person, playlist_id) == titles(*SONGS[7:10])


def _synced(person: Caller, name: str, *songs: tuple[str, str]) -> str:
    made = person("POST", f"/playlists?filename=list.jspf&name={quote(name)}", a_file(*songs))
    assert person.synced(made["id"])["state"] == "success"
    return str(made["id"])


def _replaced_and_synced(person: Caller, playlist_id: str, *songs: tuple[str, str]) -> None:
    person("PUT", f"/playlists/{playlist_id}/file", a_file(*songs))
    assert person.synced(playlist_id)["state"] == "success"


def _lose(world: World) -> None:
    """Every item and every object, as a script does that was meant for somewhere else."""
    dynamodb, s3 = world.stack.emulator.client("dynamodb"), world.stack.emulator.client("s3")
    for name in LOST:
        table, key = world.stack[name], TABLES[name.removesuffix("Table")].key.names
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                dynamodb.delete_item(TableName=table, Key={each: item[each] for each in key})
    bucket = world.stack["DataBucket"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=found["Key"])
