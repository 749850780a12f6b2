"""Reprise's API as a stranger would call it: an address, a token, JSON."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

# The API's JSON, read field by field where it is used.
Json = dict[str, Any]

WITHIN_S = 60


class ApiFailure(Exception):
    """The API refused; the message is its own sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status


class ApiClient:
    """`address` has no path; everything is under /api/v1. `sign_in` keeps the token for the calls that follow."""

    def __init__(self, address: str) -> None:
        self._base = f"{address}/api/v1"
        self._token = ""

    @property
    def token(self) -> str:
        return self._token

    def sign_in(self, username: str, password: str) -> Json:
        """Sign in with the account on the music server; returns the user."""
        session = self.call("POST", "/sessions", {"username": username, "password": password})
        self._token = str(session["token"])
        user: Json = session["user"]
        return user

    def set_email(self, address: str) -> Json:
        return self.call("PUT", "/me/email", {"email": address})

    def import_playlist(self, *, name: str, filename: str, content: bytes) -> Json:
        query = urllib.parse.urlencode({"filename": filename, "name": name})
        return self.call("POST", f"/playlists?{query}", content)

    def playlists(self) -> list[Json]:
        found: list[Json] = self.call("GET", "/playlists")["playlists"]
        return found

    def sync_status(self, playlist_id: str) -> Json:
        return self.call("GET", f"/playlists/{playlist_id}/sync-status")

    def match_report(self, playlist_id: str) -> list[Json]:
        """Every track of the last run's report, page after page."""
        tracks: list[Json] = []
        offset: int | None = 0
        while offset is not None:
            page = self.call("GET", f"/playlists/{playlist_id}/match-report?offset={offset}")
            tracks += page["tracks"]
            offset = page["next_offset"]
        return tracks

    def events(self, playlist_id: str) -> list[Json]:
        found: list[Json] = self.call("GET", f"/playlists/{playlist_id}/events?limit=20")["events"]
        return found

    def call(self, method: str, path: str, body: Json | bytes | None = None) -> Json:
        """One request below /api/v1. Bytes go as they are, all else as JSON. Raises `ApiFailure`."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._base + path, data=data, method=method, headers=headers)  # noqa: S310 - our own loopback address
        try:
            with urllib.request.urlopen(request, timeout=WITHIN_S) as answer:  # noqa: S310
                text, kind = answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as refusal:
            raise ApiFailure(refusal.code, _sentence(refusal.read())) from refusal
        if not text:
            return {}
        found: Json = json.loads(text) if kind == "application/json" else {"text": text.decode()}
        return found


def _sentence(body: bytes) -> str:
    """What a problem document says, or the beginning of whatever else came."""
    try:
        problem = json.loads(body)
        return str(problem.get("detail") or problem["title"])
    except (ValueError, KeyError, AttributeError):
        return body[:200].decode("utf-8", errors="replace")
