"""The real server the suite starts: it comes up, does what the local run needs, and leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from reprise_dev.contract.accounts import SERVER_VARIABLE
from reprise_dev.doubles.supysonic_server import SupysonicError, SupysonicServer
from reprise_dev.local.plain_subsonic import PlainSubsonic, PlainSubsonicError
from reprise_dev.samples.music_library import sample_songs, write_library

pytestmark = [
    pytest.mark.supysonic,
    pytest.mark.skipif(SERVER_VARIABLE in os.environ, reason="another server is being tested"),
]


def test_its_whole_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, music = tmp_path / "tmp", tmp_path / "music"
    home.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    songs = sample_songs(6)
    write_library(music, songs[:4])
    with SupysonicServer(music, users={"alice": "sesame", "bob": "b0b"}) as server:
        alice = PlainSubsonic(server.url, "alice", "sesame")
        assert sorted(song["title"] for song in alice.songs()) == sorted(song.title for song in songs[:4])
        assert alice.call("getUser", [("username", "alice")])["user"]["adminRole"] is True
        assert PlainSubsonic(server.url, "bob", "b0b").songs()
        server.change_password("alice", "another")
        with pytest.raises(PlainSubsonicError, match="40"):
            alice.songs()
        alice = PlainSubsonic(server.url, "alice", "another")
        write_library(music, songs)
        server.scan()
        assert len(alice.songs()) == 6
        server.add_user("carol", "c", admin=True)
        assert PlainSubsonic(server.url, "carol", "c").call("getUsers")["users"]
        url = server.url
    assert list(home.iterdir()) == []
    with pytest.raises(OSError, match="refused"):
        PlainSubsonic(url, "alice", "another").songs()
    server.stop()


def test_it_says_what_went_wrong_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "tmp"
    home.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    with pytest.raises(SupysonicError, match="does not exist"):
        SupysonicServer(tmp_path / "no-such-folder", users={"alice": "s3cret"}).start()
    assert list(home.iterdir()) == []
