"""A use case reads its playlist once, and hands on what it read; what it returns is what is stored afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.playlists import Fingerprint, HeldBack, HoldReason, Playlist, Snapshot
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.answer_hold import confirm_hold, dismiss_hold
from reprise.usecases.playlists.change_settings import change_settings
from reprise.usecases.playlists.import_playlist import Upload
from reprise.usecases.playlists.link_playlist import link_playlist
from reprise.usecases.playlists.remove_playlist import remove_playlist
from reprise.usecases.playlists.replace_file import replace_file
from reprise.usecases.playlists.request_preview import request_preview
from reprise.usecases.playlists.request_sync import request_sync
from reprise.usecases.playlists.request_undo import request_undo
from reprise.usecases.playlists.toggle_sync import toggle_sync
from reprise.usecases.playlists.unlink_playlist import unlink_playlist
from reprise_dev.doubles.fakes import MemoryPlaylists
from reprise_dev.samples.specimens import a_playlist
from tests.unit.usecases.conftest import NOON, Desk, LineReader

WHO = ("u-1", "p-1")
UseCase: TypeAlias = Callable[[Desk], object]

RETURNS_THE_PLAYLIST: dict[str, Callable[[Desk], Playlist]] = {
    "settings": lambda desk: change_settings(*WHO, {"enabled": False, "remote_name": "Lundi"}, desk.change_ports),
    "switch on": lambda desk: change_settings(*WHO, {"enabled": True}, desk.change_ports),
    "keep": lambda desk: toggle_sync(*WHO, desk.link_ports, enabled=False, delete_remote=False).playlist,
    "delete": lambda desk: toggle_sync(*WHO, desk.link_ports, enabled=False, delete_remote=True).playlist,
    "dismiss": lambda desk: dismiss_hold(*WHO, "r-1", desk.change_ports),
    "unlink": lambda desk: unlink_playlist(*WHO, desk.change_ports),
    "file": lambda desk: replace_file(*WHO, Upload(data=b"one"), desk.upload_ports(LineReader())),
}
EVERY: dict[str, UseCase] = {
    **RETURNS_THE_PLAYLIST,
    "undo": lambda desk: request_undo(*WHO, "r-0", desk.link_ports),
    "confirm": lambda desk: confirm_hold(*WHO, "r-1", desk.link_ports),
    "link": lambda desk: link_playlist(*WHO, "theirs", desk.link_ports),
    "preview": lambda desk: request_preview(*WHO, desk.link_ports),
    "sync": lambda desk: request_sync(*WHO, desk.link_ports),
    "remove": lambda desk: remove_playlist(*WHO, desk.removal_ports),
}


class CountedPlaylists(MemoryPlaylists):
    reads = 0

    def get(self, user_id: str, playlist_id: str) -> Playlist | None:
        self.reads += 1
        return super().get(user_id, playlist_id)


@pytest.fixture
def counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> CountedPlaylists:
    """A playlist that was written before, whose next write was held back, and a list that it could be linked to."""
    store = CountedPlaylists(desk.events)
    desk.playlists = store
    made_of = Fingerprint(source="s", library="l", policy="p", overrides="o", name="n")
    held = HeldBack(
        reason=HoldReason.SOURCE_EMPTY, sentence="It is empty.", report_id="r-1", since=NOON, fingerprint=made_of
    )
    history = (Snapshot(report_id="r-0", written_at=NOON, songs=3),)
    store.place(
        a_playlist(
            playlist_id="p-1",
            remote_id="ours",
            held=held,
            written=made_of,
            history=history,
            due_at=NOON,
            lease_until=NOON,
            run_id="cut off",
        )
    )
    desk.connections.put(
        Connection(
            user_id="u-1",
            connection_id=MUSIC_SERVER,
            provider="subsonic",
            account_name="ann",
            display_name="Navidrome",
            server_url="https://music.example",
            ciphertext=desk.cipher.encrypt("sesame", user_id="u-1", connection_id=MUSIC_SERVER),
            authorised_at=NOON,
        )
    )
    theirs = RemotePlaylist(remote_id="theirs", name="Road trip", owner="ann", song_count=3, writable=True)
    monkeypatch.setattr(desk.server, "playlists", lambda: [theirs], raising=False)
    return store


@pytest.mark.parametrize("use_case", EVERY.values(), ids=EVERY)
def test_each_reads_its_playlist_once(desk: Desk, counted: CountedPlaylists, use_case: UseCase) -> None:
    use_case(desk)
    assert counted.reads == 1


@pytest.mark.parametrize("use_case", RETURNS_THE_PLAYLIST.values(), ids=RETURNS_THE_PLAYLIST)
@pytest.mark.parametrize("enabled", [True, False])
def test_what_is_returned_is_what_is_stored(
    desk: Desk, counted: CountedPlaylists, use_case: Callable[[Desk], Playlist], enabled: bool
) -> None:
    before = counted.get(*WHO)
    assert before is not None
    if not enabled:
        change_settings(*WHO, {"enabled": False}, desk.change_ports)
    returned = use_case(desk)
    stored = counted.get(*WHO)
    assert stored is not None
    assert returned == replace(stored, waiting={}), "a job is told beside it"
