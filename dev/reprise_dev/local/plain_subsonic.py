"""Looks at a Subsonic server as a stranger would: the standard library alone, and not a line shared with Reprise.

Tests, and the check at the end of a run, ask this what is on the server.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


class PlainSubsonicError(Exception):
    """The server refused: its code (None for none) and, in tests no secret, its message."""

    def __init__(self, code: int | None, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlaylist:
    """A playlist as listed, with its songs. `changed` is "" where the server does not say.

    `song_count` may count songs that are hidden.
    """

    id: str
    name: str
    owner: str
    comment: str
    changed: str
    read_only: bool
    song_count: int
    song_ids: tuple[str, ...]


class PlainSubsonic:
    """One account on one server. Raises `PlainSubsonicError`, and `OSError` where nothing answers."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url.rstrip("/").removesuffix("/rest")
        self._username = username
        self._password = password
        self._plain = False

    def call(self, method: str, params: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:  # Any: foreign JSON
        """The contents of a successful answer."""
        answer = self._once(method, params)
        if not self._plain and answer.get("status") == "failed" and answer["error"]["code"] in (10, 41, 42):
            self._plain = True
            answer = self._once(method, params)
        if answer.get("status") != "ok":
            error = answer.get("error", {})
            raise PlainSubsonicError(error.get("code"), error.get("message", "no message"))
        return answer

    def _once(self, method: str, params: Sequence[tuple[str, str]]) -> dict[str, Any]:  # Any: foreign JSON
        signed = [("u", self._username), ("v", "1.13.0"), ("c", "reprise-check"), ("f", "json")]
        if self._plain:
            signed.append(("p", "enc:" + self._password.encode().hex()))
        else:
            salt = secrets.token_hex(8)
            hashed = hashlib.md5((self._password + salt).encode(), usedforsecurity=False).hexdigest()
            signed += [("t", hashed), ("s", salt)]
        request = urllib.request.Request(  # noqa: S310 - the address is the one the tests were given
            f"{self._url}/rest/{method}.view",
            data=urlencode([*signed, *params]).encode(),
            headers={"Accept-Encoding": "gzip", "User-Agent": "reprise-check"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - see above
                body = reply.read()
                packed = reply.headers.get("Content-Encoding") == "gzip"
        except urllib.error.HTTPError as error:
            with error:
                raise PlainSubsonicError(None, f"HTTP {error.code}") from None
        plain = gzip.decompress(body) if packed else body
        if not plain.startswith(b"{"):
            raise PlainSubsonicError(None, f"not JSON: {plain[:300]!r}")
        document = json.loads(plain)
        answer: dict[str, Any] = document["subsonic-response"]  # Any: foreign JSON
        return answer

    def playlist(self, playlist_id: str) -> SeenPlaylist:
        """One list with its songs, in order."""
        return _seen(self.call("getPlaylist", [("id", playlist_id)])["playlist"])

    def playlist_heads(self) -> list[SeenPlaylist]:
        """Every list the account can see, without songs."""
        entries = self.call("getPlaylists").get("playlists", {}).get("playlist", [])
        return [_seen(entry) for entry in entries]

    def playlists(self) -> list[SeenPlaylist]:
        """Every list the account can see, with its songs: one request a list."""
        return [self.playlist(head.id) for head in self.playlist_heads()]

    def delete_playlist(self, playlist_id: str) -> None:
        self.call("deletePlaylist", [("id", playlist_id)])

    def songs(self, at_most: int = 500) -> list[dict[str, Any]]:  # Any: foreign JSON
        """The first songs of the library."""
        everything = [("artistCount", "0"), ("albumCount", "0"), ("songCount", str(at_most)), ("songOffset", "0")]
        found = self.call("search3", [("query", ""), *everything]).get("searchResult3", {})
        songs: list[dict[str, Any]] = found.get("song", [])  # Any: foreign JSON
        return songs


def _seen(entry: dict[str, Any]) -> SeenPlaylist:  # Any: foreign JSON
    return SeenPlaylist(
        id=str(entry["id"]),
        name=str(entry.get("name", "")),
        owner=str(entry.get("owner", "")),
        comment=str(entry.get("comment", "")),
        changed=str(entry.get("changed", "")),
        read_only=bool(entry.get("readonly", False)),
        song_count=int(entry.get("songCount", 0)),
        song_ids=tuple(str(song["id"]) for song in entry.get("entry", [])),
    )
