"""What really stands on the music server, asked by a client of a few lines that shares nothing with Reprise."""

from __future__ import annotations

import hashlib
import json
import secrets
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WITHIN_S = 60
# A parameter is missing (the password, to a server that knows no tokens), or this user cannot log in with a token.
NO_TOKEN_LOGIN = {10, 41}


class ReadBackFailure(Exception):
    """The server did not answer as a Subsonic server does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSong:
    song_id: str
    title: str
    artist: str


class SubsonicReader:
    """Reads playlists; beyond that it can remove one by id, add a user, and change its own password."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self._address = address.rstrip("/").removesuffix("/rest")
        self._username = username
        self._password = password
        self._plain = False

    def playlists(self) -> dict[str, str]:
        """Names by id."""
        listed = _list(self._ask("getPlaylists").get("playlists", {}), "playlist")
        return {str(each["id"]): str(each["name"]) for each in listed}

    def songs(self, playlist_id: str) -> list[ServerSong]:
        """In the playlist's order, repeats included."""
        entries = _list(self._ask("getPlaylist", id=playlist_id)["playlist"], "entry")
        return [
            ServerSong(song_id=str(each["id"]), title=str(each.get("title", "")), artist=str(each.get("artist", "")))
            for each in entries
        ]

    def comment(self, playlist_id: str) -> str:
        """What stands beside a list, "" for nothing."""
        return str(self._ask("getPlaylist", id=playlist_id)["playlist"].get("comment", ""))

    def remove(self, playlist_id: str) -> None:
        self._ask("deletePlaylist", id=playlist_id)

    def add_user(self, name: str, password: str) -> None:
        """Needs the administrator's account."""
        self._ask("createUser", username=name, password=f"enc:{password.encode().hex()}", email=f"{name}@example.org")

    def change_password(self, new: str) -> None:
        self._ask("changePassword", username=self._username, password=f"enc:{new.encode().hex()}")
        self._password = new

    def _ask(self, method: str, **arguments: str) -> Mapping[str, Any]:
        body = self._send(method, {**arguments, **self._login()})
        error = body.get("error", {})
        if not self._plain and error.get("code") in NO_TOKEN_LOGIN:
            self._plain = True
            return self._ask(method, **arguments)
        if body.get("status") != "ok":
            raise ReadBackFailure(f"{method}: {error.get('message', 'refused')}")
        return body

    def _login(self) -> dict[str, str]:
        if self._plain:
            return {"p": f"enc:{self._password.encode().hex()}"}
        salt = secrets.token_hex(8)
        return {"s": salt, "t": hashlib.md5((self._password + salt).encode()).hexdigest()}  # noqa: S324 - the protocol's choice

    def _send(self, method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        form = {"u": self._username, "v": "1.13.0", "c": "read-back", "f": "json", **arguments}
        address = f"{self._address}/rest/{method}.view"
        data = urllib.parse.urlencode(form).encode()
        try:
            with urllib.request.urlopen(address, data, WITHIN_S) as answer:  # noqa: S310 - http(s), as checked at the start
                body: Mapping[str, Any] = json.load(answer)["subsonic-response"]
        except (OSError, ValueError, KeyError) as failure:
            raise ReadBackFailure(f"{method}: {type(failure).__name__}") from failure
        return body


def _list(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = parent.get(name, [])
    return found if isinstance(found, list) else [found]


def differences(reported: Sequence[str], there: Sequence[ServerSong]) -> list[str]:
    """Where the server's playlist is not what the match report says, song by song and in order. Empty when equal."""
    found = [song.song_id for song in there]
    wrong = [
        f"position {position}: reported {said}, on the server {is_there}"
        for position, (said, is_there) in enumerate(zip(reported, found, strict=False), start=1)
        if said != is_there
    ]
    if len(reported) != len(found):
        wrong.append(f"{len(reported)} songs reported, {len(found)} on the server")
    return wrong
