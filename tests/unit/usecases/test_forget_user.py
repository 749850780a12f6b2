"""Deleting what is kept of a person: all of it, at their own word, and again after it was cut off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from reprise.domain.accounts import Session, SessionKind, User
from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import Health
from reprise.domain.matches import Override
from reprise.domain.playlists import Playlist, SourceRef
from reprise.domain.refusals import InvalidInput, NotAllowed, WrongCredentials
from reprise.usecases.account.forget_user import forget_user
from reprise.usecases.account.ports import ForgetPorts
from reprise.usecases.playlists.remove_playlist import remove_playlist
from reprise_dev.doubles import fakes

from .conftest import NOON, Desk, Files


@dataclass
class Scene:
    desk: Desk
    ports: ForgetPorts
    departures: fakes.MemoryDepartures
    files: Files
    caller: Session

    def forget(self, username: str = "ann", caller: Session | None = None) -> None:
        forget_user(
            caller or self.caller,
            username=username,
            password="sesame",
            source_address="203.0.113.7",
            ports=self.ports,
        )

    def kept(self, user_id: str) -> list[Any]:
        """What there is of a person, as far as there is."""
        ports = self.ports
        health = ports.health.get(user_id, MUSIC_SERVER)
        found = [
            ports.users.get(user_id),
            ports.connections.get(user_id, MUSIC_SERVER),
            None if health.healthy else health,
            *ports.sessions.of_user(user_id),
            *ports.playlists.of_user(user_id),
            *ports.overrides.of_user(user_id),
        ]
        return [each for each in found if each is not None]


def settle(desk: Desk, overrides: fakes.MemoryOverrides, user_id: str, username: str) -> Session:
    server = "https://music.example.test"
    desk.users.upsert(User(user_id=user_id, username=username, server_url=server, created_at=NOON))
    desk.connections.put(
        Connection(
            user_id=user_id,
            connection_id=MUSIC_SERVER,
            provider=MUSIC_SERVER,
            account_name=username,
            display_name="Navidrome",
            server_url=server,
            ciphertext=b"sealed",
            authorised_at=NOON,
        )
    )
    healthy = Health(user_id=user_id, connection_id=MUSIC_SERVER)
    desk.health.record_failure(
        healthy, replace(healthy, consecutive_failures=1, last_kind=FailureKind.UNREACHABLE, first_failure_at=NOON)
    )
    source = SourceRef(kind="files", locator="c", label="lines")
    for number in range(3):
        desk.playlists.place(
            Playlist(user_id=user_id, playlist_id=f"p-{number}", name="Mix", source=source, created_at=NOON)
        )
    overrides.put(user_id, Override(track_key="isrc:1", chosen="s-1"))
    desk.session(user_id, SessionKind.API_TOKEN)
    return desk.session(user_id)


@pytest.fixture
def scene(desk: Desk) -> Scene:
    overrides, files, departures = fakes.MemoryOverrides(), desk.files, fakes.MemoryDepartures()
    ports = ForgetPorts(
        users=desk.users,
        sessions=desk.sessions,
        connections=desk.connections,
        health=desk.health,
        lanes=fakes.MemoryLanes(),
        playlists=desk.playlists,
        overrides=overrides,
        files=files,
        prove=desk.prove,
        departures=departures,
        clock=desk.clock,
        remove_playlist=lambda user_id, playlist_id: remove_playlist(user_id, playlist_id, desk.removal_ports),
    )
    settle(desk, overrides, "u-bob", "bob")
    return Scene(
        desk=desk, ports=ports, departures=departures, files=files, caller=settle(desk, overrides, "u-ann", "ann")
    )


def test_nothing_is_left_but_the_trail_and_others_keep_all(scene: Scene) -> None:
    bobs = scene.kept("u-bob")
    assert len(bobs) == 9
    scene.forget()
    assert scene.kept("u-ann") == []
    assert scene.kept("u-bob") == bobs
    assert scene.files.forgotten == ["u-ann/p-0", "u-ann/p-1", "u-ann/p-2", "u-ann"]
    assert [event.event_type.value for event in scene.desk.events.all] == ["playlist_removed"] * 3


@pytest.mark.parametrize("username", ["", "Ann", "bob"])
def test_another_name_deletes_nothing(scene: Scene, username: str) -> None:
    before = scene.kept("u-ann")
    with pytest.raises(InvalidInput):
        scene.forget(username)
    assert (scene.kept("u-ann"), scene.files.forgotten, scene.departures.all) == (before, [], [])


@pytest.mark.parametrize("kind", [FailureKind.AUTH_INVALID, FailureKind.UNREACHABLE])
def test_without_the_servers_word_nothing_is_deleted(scene: Scene, kind: FailureKind) -> None:
    before = scene.kept("u-ann")
    scene.desk.server.refuse = SyncFailure(kind)
    with pytest.raises((WrongCredentials, SyncFailure)):
        scene.forget()
    assert (scene.kept("u-ann"), scene.files.forgotten, scene.departures.all) == (before, [], [])


def test_an_api_token_deletes_nothing(scene: Scene) -> None:
    before = scene.kept("u-ann")
    with pytest.raises(NotAllowed):
        scene.forget(caller=replace(scene.caller, kind=SessionKind.API_TOKEN))
    assert (scene.kept("u-ann"), scene.files.forgotten, scene.departures.all) == (before, [], [])


def test_who_left_is_remembered_for_a_restore_and_nobody_else(scene: Scene) -> None:
    scene.forget()
    assert scene.departures.all == [("u-ann", NOON)]


def test_it_is_remembered_before_anything_goes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scene.kept("u-ann")

    def cut_off(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(scene.departures, "note", cut_off)
        with pytest.raises(ConnectionError):
            scene.forget()
    assert (scene.kept("u-ann"), scene.files.forgotten) == (before, [])
    with monkeypatch.context() as patch:
        patch.setattr(scene.ports.connections, "remove", cut_off)
        with pytest.raises(ConnectionError):
            scene.forget()
    assert scene.departures.all == [("u-ann", NOON)]


CALLS: list[tuple[str, str]] = [
    ("departures", "note"),
    ("connections", "remove"),
    ("playlists", "remove"),
    ("overrides", "remove"),
    ("health", "forget"),
    ("files", "forget"),
    ("users", "remove"),
]


@pytest.mark.parametrize(("store", "method"), CALLS)
def test_cut_off_anywhere_it_can_be_asked_for_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, store: str, method: str
) -> None:
    def cut_off(*_: object) -> None:
        raise ConnectionError

    broken: Callable[..., None] = cut_off
    with monkeypatch.context() as patch:
        patch.setattr(getattr(scene.ports, store), method, broken)
        with pytest.raises(ConnectionError):
            scene.forget()
    assert scene.ports.sessions.get(scene.caller.token_hash) is not None
    scene.forget()
    assert scene.kept("u-ann") == []


def test_a_playlist_that_goes_at_the_same_moment_is_no_obstacle(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = scene.ports.playlists.of_user("u-ann")
    monkeypatch.setattr(scene.desk.playlists, "of_user", lambda _: (*seen, replace(seen[0], playlist_id="p-gone")))
    scene.forget()
    monkeypatch.undo()
    assert scene.kept("u-ann") == []
