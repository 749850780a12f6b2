"""Leaving: nothing of a person is left in any table or object but that they left, and nothing of others is touched."""

from __future__ import annotations

import re
from typing import Any

from reprise.domain.playlists import SyncState
from reprise_dev.doubles.cloud import BUCKET, Cloud
from reprise_dev.doubles.tables import TABLES

from .conftest import PASSWORD, Client, Gate
from .playlist_world import connect, end, previewed, read_library, take_in


def test_everything_of_a_person_goes_at_their_word_and_nothing_of_others(
    alice: Client, bob: Client, cloud: Cloud, gate: Gate
) -> None:
    gate.accounts |= {alice.username: PASSWORD, bob.username: PASSWORD}
    for client in (alice, bob):
        playlist_id = take_in(client)["id"]
        end(client, playlist_id, SyncState.WARNING)
        previewed(client, playlist_id)
        connect(client)
        read_library(client)
        client("PUT", "/api/v1/matches/isrc:USPR36500001", json_body={"library_id": "song-1"})
    assert alice("DELETE", "/api/v1/me", json_body={"username": bob.username, "password": PASSWORD}).status == 400
    bobs = [client_view(bob), [key for key in cloud.objects() if bob.user_id in key]]

    assert alice("DELETE", "/api/v1/me", json_body={"username": alice.username, "password": PASSWORD}).status == 204

    tables = TABLES.keys() - {"Events"}
    assert [name for name in tables if alice.user_id in str(cloud.items(name))] == []
    (left,) = [key for key in cloud.objects() if alice.user_id in key]
    assert re.fullmatch(rf"departures/{alice.user_id}/\d{{13}}", left), "for a restore: who, and when"
    assert cloud.s3.get_object(Bucket=BUCKET, Key=left)["Body"].read() == b""
    assert alice("GET", "/api/v1/me").status == 401
    assert [client_view(bob), [key for key in cloud.objects() if bob.user_id in key]] == bobs


def client_view(client: Client) -> list[Any]:
    paths = ("/api/v1/me", "/api/v1/playlists", "/api/v1/matches", "/api/v1/events")
    return [client("GET", path).json for path in paths]
