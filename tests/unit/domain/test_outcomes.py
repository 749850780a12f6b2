"""What is passed on of a playlist and of a connection's health."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind
from reprise.domain.health import Health
from reprise.domain.outcomes import NAME_TOLD_MAX, PlaylistEnd, Standing
from reprise.domain.playlists import Playlist, SourceRef, SyncState

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MIX = Playlist(
    user_id="u-ann",
    playlist_id="p1",
    name="Mix",
    source=SourceRef(kind="files", locator="x", label="JSPF"),
    created_at=NOON,
    due_at=NOON,
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Mix", "Mix"),
        ("m" * NAME_TOLD_MAX, "m" * NAME_TOLD_MAX),
        ("m" * (NAME_TOLD_MAX + 1), "m" * (NAME_TOLD_MAX - 1) + "…"),
        ("  " + "m" * (NAME_TOLD_MAX - 4) + " " * 9, "  " + "m" * (NAME_TOLD_MAX - 4) + "…"),
    ],
)
def test_a_long_name_is_cut_to_what_a_message_has_room_for(name: str, told: str) -> None:
    end = PlaylistEnd.of(replace(MIX, name=name), SyncState.ERROR)
    assert end == PlaylistEnd(playlist_id="p1", name=told, state=SyncState.ERROR)


def test_a_connections_standing_is_its_health_in_short() -> None:
    health = Health(
        user_id="u-ann",
        connection_id=MUSIC_SERVER,
        consecutive_failures=2,
        first_failure_at=NOON,
        last_kind=FailureKind.AUTH_INVALID,
    )
    assert Standing.of(health) == Standing(failures=2, since=NOON, latched=True)
    passing = replace(health, last_kind=FailureKind.UNREACHABLE)
    assert Standing.of(passing) == Standing(failures=2, since=NOON, latched=False)
