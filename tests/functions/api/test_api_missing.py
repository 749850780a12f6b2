"""The tracks that are missing, as a download."""

from __future__ import annotations

import json

from reprise.domain.playlists import SyncState

from .conftest import Client
from .playlist_world import M3U, PLAYLISTS, end, take_in


def test_before_a_sync_there_is_nothing_to_tell(alice: Client) -> None:
    assert alice("GET", f"{PLAYLISTS}/{take_in(alice)['id']}/missing").status == 404


def test_both_files_hold_what_was_not_found_and_why(alice: Client) -> None:
    made = take_in(alice, M3U, name="Abend%22%0D%0ASet-Cookie")
    end(alice, made["id"], SyncState.WARNING)
    where = f"{PLAYLISTS}/{made['id']}/missing"

    table = alice("GET", where)
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "La femme d'argent,Air" in table.body
    assert "Nothing is near enough." in table.body
    assert "Sinnerman" not in table.body

    played = alice("GET", where, query={"format": "jspf"})
    assert played.headers["Content-Type"] == "application/jspf+json; charset=utf-8"
    (track,) = json.loads(played.body)["playlist"]["track"]
    assert (track["title"], track["annotation"]) == ("La femme d'argent", "Nothing is near enough.")
    assert played.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "\n" not in played.headers["Content-Disposition"]


def test_no_other_format(alice: Client) -> None:
    answer = alice("GET", f"{PLAYLISTS}/{take_in(alice)['id']}/missing", query={"format": "xlsx"})
    assert (answer.status, answer.json["where"]) == (400, "format")
