"""What a person sets: thresholds, and whether a list's comment names what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist, SourceRef
from reprise.domain.refusals import Conflict, InvalidInput, NotFound
from reprise.domain.settings import SETTINGS, SettingsChange
from reprise.domain.thresholds import Thresholds
from reprise.usecases.account.read_thresholds import read_thresholds
from reprise.usecases.account.set_own_threshold import set_own_threshold
from reprise.usecases.connections.renew_connection import renew_connection
from reprise.usecases.playlists.change_settings import change_settings

from .conftest import NOON, Desk

PLAYLIST = Playlist(
    user_id="u-ann",
    playlist_id="p-1",
    name="Evening",
    source=SourceRef(kind="files", locator="x", label="JSPF"),
    created_at=NOON,
)


@pytest.fixture
def mix(desk: Desk) -> Playlist:
    desk.playlists.place(PLAYLIST)
    return PLAYLIST


def be_sure(desk: Desk, threshold: float | None, *, user_id: str = "u-ann", playlist_id: str = "p-1") -> Playlist:
    return change_settings(user_id, playlist_id, {"match_threshold": threshold}, desk.change_ports)


def tell(desk: Desk, *, include: bool, user_id: str = "u-ann", playlist_id: str = "p-1") -> Playlist:
    return change_settings(user_id, playlist_id, {"include_unmatched_tracks": include}, desk.change_ports)


def trail(desk: Desk) -> tuple[AuditEvent, ...]:
    return desk.events.of_playlist("u-ann", "p-1", limit=100, cursor=None).items


def connect(desk: Desk, user_id: str = "u-ann") -> None:
    desk.connections.put(
        Connection(
            user_id=user_id,
            connection_id=MUSIC_SERVER,
            provider=MUSIC_SERVER,
            account_name="ann",
            display_name="Navidrome",
            server_url="https://music.example.test",
            ciphertext=b"x",
            authorised_at=NOON,
        )
    )


def test_a_playlists_threshold_is_kept_and_in_its_trail(desk: Desk, mix: Playlist) -> None:
    changed = be_sure(desk, 0.91)
    assert changed == replace(mix, match_threshold=0.91, revision=mix.revision + 1)
    assert desk.playlists.get("u-ann", "p-1") == changed
    be_sure(desk, 0.91)
    be_sure(desk, None)
    again, once = trail(desk)
    assert {again.event_type, once.event_type} == {EventType.SETTINGS_CHANGED}
    assert once.metadata == {"setting": "match_threshold", "value": 0.91}
    assert once.message == "From the next sync on, a match needs a confidence of 0.91 or more."
    assert again.metadata == {"setting": "match_threshold", "value": ""}
    assert again.message == "The playlist has no threshold of its own any more."


@pytest.mark.parametrize(("wanted", "kept"), [(0, 0.0), (1, 1.0), (-0.0, 0.0), (0.12349, 0.123), (0.9995, 1.0)])
def test_three_decimals_count(desk: Desk, mix: Playlist, wanted: float, kept: float) -> None:
    changed = be_sure(desk, wanted).match_threshold
    assert str(changed) == str(kept)


@pytest.mark.parametrize("wanted", [-0.001, 1.001, float("nan"), float("inf"), -float("inf")])
def test_what_is_no_threshold_changes_nothing(desk: Desk, mix: Playlist, wanted: float) -> None:
    connect(desk)
    with pytest.raises(InvalidInput) as refused:
        be_sure(desk, wanted)
    assert (refused.value.field, refused.value.sentence) == ("match_threshold", "This must be a number from 0 to 1.")
    with pytest.raises(InvalidInput):
        set_own_threshold("u-ann", wanted, desk.connections)
    assert desk.playlists.get("u-ann", "p-1") == mix
    assert read_thresholds("u-ann", desk.connections, instance=0.85).user is None
    assert trail(desk) == ()


def test_what_the_comment_tells_is_kept_and_in_its_trail(desk: Desk, mix: Playlist) -> None:
    assert tell(desk, include=False) == mix
    assert tell(desk, include=True) == replace(mix, include_unmatched_tracks=True, revision=mix.revision + 1)
    tell(desk, include=True)
    tell(desk, include=False)
    off, on = trail(desk)
    assert (on.event_type, on.metadata) == (
        EventType.SETTINGS_CHANGED,
        {"setting": "include_unmatched_tracks", "value": True},
    )
    assert on.message == "From the next sync on, the list's comment names what is not in your library."
    assert off.metadata == {"setting": "include_unmatched_tracks", "value": False}
    assert off.message == "From the next sync on, the list's comment does not name what is not in your library."


EVERY: SettingsChange = {
    "enabled": False,
    "remote_name": "Lundi",
    "match_threshold": 0.91,
    "include_unmatched_tracks": True,
}


def test_several_settings_are_one_change_with_an_event_for_each_that_differs(
    desk: Desk, mix: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[SettingsChange] = []
    change = desk.playlists.change

    def counted(user_id: str, playlist_id: str, wanted: SettingsChange, events: Sequence[AuditEvent]) -> bool:
        calls.append(wanted)
        return change(user_id, playlist_id, wanted, events)

    monkeypatch.setattr(desk.playlists, "change", counted)
    assert set(EVERY) == set(SETTINGS), "every setting there is"
    changed = change_settings("u-ann", "p-1", EVERY, desk.change_ports)
    assert changed == replace(mix, **EVERY, due_at=None, revision=1)
    assert desk.playlists.get("u-ann", "p-1") == changed
    assert sorted((event.event_type, event.message) for event in trail(desk)) == [
        (EventType.PLAYLIST_DISABLED, "Switched off; the list on the music server stays as it is."),
        (EventType.PLAYLIST_RENAMED, "The list on the music server gets a name of its own at the next sync."),
        (EventType.SETTINGS_CHANGED, "From the next sync on, a match needs a confidence of 0.91 or more."),
        (
            EventType.SETTINGS_CHANGED,
            "From the next sync on, the list's comment names what is not in your library.",
        ),
    ]

    again = change_settings("u-ann", "p-1", {**EVERY, "remote_name": None, "enabled": True}, desk.change_ports)
    assert again == replace(changed, remote_name=None, enabled=True, due_at=NOON, revision=2)
    assert calls == [EVERY, {"enabled": True, "remote_name": None}]
    assert sorted(event.message for event in trail(desk) if event not in trail(desk)[2:]) == [
        "Switched on.",
        "The list on the music server is called as the playlist from the next sync on.",
    ]


@pytest.mark.parametrize("change", [{}, {"enabled": True}, {"match_threshold": None, "remote_name": None}])
def test_what_is_so_already_changes_nothing(desk: Desk, mix: Playlist, change: SettingsChange) -> None:
    assert change_settings("u-ann", "p-1", change, desk.change_ports) == mix
    assert (desk.playlists.get("u-ann", "p-1"), trail(desk)) == (mix, ())


def test_one_value_that_cannot_be_used_leaves_all_of_them(desk: Desk, mix: Playlist) -> None:
    for bad in ({"match_threshold": 2.0}, {"remote_name": " "}):
        with pytest.raises(InvalidInput) as refused:
            change_settings("u-ann", "p-1", {**EVERY, **bad}, desk.change_ports)
        assert [refused.value.field] == list(bad)
    assert (desk.playlists.get("u-ann", "p-1"), trail(desk)) == (mix, ())


def test_the_table_has_a_row_for_each_setting_and_each_is_a_field_of_a_playlist() -> None:
    assert list(SETTINGS) == list(SettingsChange.__annotations__)
    assert set(SETTINGS) <= {field.name for field in fields(Playlist)}


def test_nobody_sets_anything_for_anothers_playlist(desk: Desk, mix: Playlist) -> None:
    for user_id, playlist_id in (("u-bob", "p-1"), ("u-ann", "p-2"), ("u-ann", "../p-1")):
        with pytest.raises(NotFound):
            be_sure(desk, 0.9, user_id=user_id, playlist_id=playlist_id)
        with pytest.raises(NotFound):
            tell(desk, include=True, user_id=user_id, playlist_id=playlist_id)
    assert desk.playlists.get("u-ann", "p-1") == mix


def test_a_playlist_that_goes_meanwhile_is_not_found(
    desk: Desk, mix: Playlist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.playlists, "get", lambda *_: mix)
    desk.playlists._rows.clear()
    with pytest.raises(NotFound):
        be_sure(desk, 0.9)
    with pytest.raises(NotFound):
        tell(desk, include=True)


def test_a_persons_threshold_is_their_own_and_outlives_signing_in_again(desk: Desk) -> None:
    ann = renew_connection(username="ann", password="x", source_address="203.0.113.7", ports=desk.sign_in).user.user_id
    bob = renew_connection(username="bob", password="x", source_address="203.0.113.7", ports=desk.sign_in).user.user_id
    assert set_own_threshold(ann, 0.91234, desk.connections) == 0.912
    renew_connection(username="ann", password="y", source_address="203.0.113.7", ports=desk.sign_in)

    def hers(user_id: str) -> Thresholds:
        return read_thresholds(user_id, desk.connections, instance=0.85)

    assert hers(ann) == Thresholds(user=0.912, instance=0.85)
    assert hers(bob) == Thresholds(user=None, instance=0.85)
    assert set_own_threshold(ann, None, desk.connections) is None
    assert hers(ann) == Thresholds(user=None, instance=0.85)


def test_who_has_no_account_on_the_music_server_signs_in_first(desk: Desk) -> None:
    with pytest.raises(Conflict):
        set_own_threshold("u-ann", 0.9, desk.connections)
    assert read_thresholds("u-ann", desk.connections, instance=0.85).user is None
