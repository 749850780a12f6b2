"""A run that begins between a person's look at a playlist and their change of it: refused, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import pytest

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Fingerprint, HeldBack, HoldReason, Playlist
from reprise.domain.refusals import Conflict, NotFound
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.answer_hold import confirm_hold, dismiss_hold
from reprise.usecases.playlists.link_playlist import link_playlist
from reprise.usecases.playlists.unlink_playlist import unlink_playlist
from reprise_dev.doubles.fakes import MemoryPlaylists
from reprise_dev.samples.specimens import a_playlist
from tests.unit.usecases.conftest import NOON, Desk

HOUR = timedelta(hours=1)
HELD = HeldBack(
    reason=HoldReason.SOURCE_EMPTY,
    sentence="It is empty.",
    report_id="r-1",
    since=NOON,
    fingerprint=Fingerprint(source="s", library="l", policy="p", overrides="o", name="n"),
)
Change: TypeAlias = Callable[[Desk], object]


class Meddled(MemoryPlaylists):
    """`meanwhile` happens right after somebody has read a playlist, once."""

    meanwhile: Callable[[Playlist], object] | None = None

    def get(self, user_id: str, playlist_id: str) -> Playlist | None:
        found = super().get(user_id, playlist_id)
        happens, self.meanwhile = self.meanwhile, None
        if found and happens:
            happens(found)
        return found


def unlink(desk: Desk) -> object:
    return unlink_playlist("u-1", "p-1", desk.change_ports)


def dismiss(desk: Desk) -> object:
    return dismiss_hold("u-1", "p-1", "r-1", desk.change_ports)


def confirm(desk: Desk) -> object:
    return confirm_hold("u-1", "p-1", "r-1", desk.link_ports)


def link(desk: Desk) -> object:
    return link_playlist("u-1", "p-1", "theirs", desk.link_ports)


every = pytest.mark.parametrize("change", [link, unlink, confirm, dismiss])


@pytest.fixture
def meddled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Meddled:
    """A playlist whose write was held back, and a list on the server that it could be linked to."""
    store = Meddled(desk.events)
    desk.playlists = store
    store.place(a_playlist(playlist_id="p-1", remote_id="ours", held=HELD, due_at=NOON))
    ciphertext = desk.cipher.encrypt("sesame", user_id="u-1", connection_id=MUSIC_SERVER)
    desk.connections.put(
        Connection(
            user_id="u-1",
            connection_id=MUSIC_SERVER,
            provider="subsonic",
            account_name="ann",
            display_name="Navidrome",
            server_url="https://music.example",
            ciphertext=ciphertext,
            authorised_at=NOON,
        )
    )
    theirs = RemotePlaylist(remote_id="theirs", name="Road trip", owner="ann", song_count=3, writable=True)
    monkeypatch.setattr(desk.server, "playlists", lambda: [theirs], raising=False)
    return store


def an_event(desk: Desk, event_type: EventType) -> AuditEvent:
    return AuditEvent(
        event_id=desk.new_id(),
        user_id="u-1",
        playlist_id="p-1",
        event_type=event_type,
        provider="files",
        message="Meanwhile.",
        occurred_at=desk.now,
    )


@every
def test_with_no_run_in_between_it_is_done(desk: Desk, meddled: Meddled, change: Change) -> None:
    before = meddled.get("u-1", "p-1")
    change(desk)
    assert meddled.get("u-1", "p-1") != before


@every
def test_a_run_that_began_meanwhile_is_a_conflict(desk: Desk, meddled: Meddled, change: Change) -> None:
    def begins(playlist: Playlist) -> None:
        event = an_event(desk, EventType.SYNC_STARTED)
        assert meddled.begin(playlist, run_id="run", lease_until=NOON + HOUR, now=NOON, event=event)

    meddled.meanwhile = begins
    with pytest.raises(Conflict):
        change(desk)
    running = meddled.get("u-1", "p-1")
    assert running is not None
    assert (running.run_id, running.remote_id, running.held) == ("run", "ours", HELD)
    assert not desk.jobs.jobs


@every
def test_a_playlist_removed_meanwhile_is_changed_by_nobody(desk: Desk, meddled: Meddled, change: Change) -> None:
    meddled.meanwhile = lambda _: meddled.remove("u-1", "p-1", an_event(desk, EventType.PLAYLIST_REMOVED))
    with pytest.raises((NotFound, Conflict)):
        change(desk)
    assert meddled.get("u-1", "p-1") is None
