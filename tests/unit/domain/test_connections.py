"""What a connection is called, and whether a person can connect it again."""

from __future__ import annotations

import pytest

from reprise.domain.connections import (
    MUSIC_SERVER,
    OURSELVES,
    ConnectionId,
    Party,
    Side,
    has_account,
    of_host,
    source_party,
)

HOST = of_host("example.org")


@pytest.mark.parametrize(
    ("connection_id", "account"),
    [(MUSIC_SERVER, True), (ConnectionId("spotify:2"), True), (HOST, False), (OURSELVES, False)],
)
def test_only_an_account_can_be_connected_again(connection_id: ConnectionId, account: bool) -> None:
    assert has_account(connection_id) is account


@pytest.mark.parametrize(
    ("connection_id", "named", "called"),
    [
        (HOST, HOST, "example.org"),
        (ConnectionId("spotify:2"), ConnectionId("spotify:2"), "spotify:2"),
        (None, OURSELVES, "Reprise"),
    ],
)
def test_a_source_is_called_by_its_host_and_what_was_uploaded_is_ours(
    connection_id: ConnectionId | None, named: ConnectionId, called: str
) -> None:
    assert source_party(connection_id) == Party(connection_id=named, name=called, side=Side.SOURCE)
