"""The server's calls about playlists, one each: what was asked for, in our own types."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.domain.failures import FailureKind, Scope
from reprise.targets.subsonic.client import SubsonicClient
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.shapes import HeldPlaylist, ListedPlaylist, held_playlist, identifier, listed_playlists
from reprise.targets.subsonic.shapes import mapping as as_mapping


class PlaylistCalls:
    """Every method raises `SubsonicFailure`; those about one playlist with the scope of that playlist."""

    def __init__(self, client: SubsonicClient) -> None:
        self._client = client

    def listed(self) -> list[ListedPlaylist]:
        """Every list the account can see. Counts in it include songs that are hidden: compare none."""
        return listed_playlists(self._client.call("getPlaylists"), self._client.username)

    def read(self, remote_id: str) -> HeldPlaylist:
        """One list with its songs. `NOT_FOUND` for an id that names no list, whatever the server says to it."""
        try:
            answer = self._client.call("getPlaylist", [("id", remote_id)], scope=Scope.PLAYLIST)
        except SubsonicFailure as failure:
            if not self._names_nothing(failure, remote_id):
                raise
        else:
            held = held_playlist(answer, self._client.username)
            if held is None:
                raise SubsonicFailure(FailureKind.MALFORMED_RESPONSE, "The server's answer names no playlist.")
            return held
        raise SubsonicFailure(FailureKind.NOT_FOUND, scope=Scope.PLAYLIST)

    def _names_nothing(self, failure: SubsonicFailure, remote_id: str) -> bool:
        """True where `failure` complains of the form of an id that is not listed: one of another server's."""
        if not complains_of_form(failure):
            return False
        return all(entry.remote.remote_id != remote_id for entry in self.listed())

    def create(self, name: str, song_ids: Sequence[str]) -> str:
        """Make a list with its songs in one request, and give its id: "" where the server does not tell.

        Not repeated: after a lost answer there may be a list.
        """
        params = [("name", name), *_songs(song_ids)]
        answer = self._client.call("createPlaylist", params, scope=Scope.PLAYLIST, repeatable=False)
        return identifier(as_mapping(answer.get("playlist")).get("id"))

    def replace(self, remote_id: str, song_ids: Sequence[str]) -> None:
        """Put `song_ids` in place of all songs, at once: readers see the old list or the new one."""
        params = [("playlistId", remote_id), *_songs(song_ids)]
        self._client.call("createPlaylist", params, scope=Scope.PLAYLIST)

    def describe(self, remote_id: str, *, name: str, comment: str | None) -> None:
        """Change the name, and the comment unless it is None. Says nothing about songs or who may see the list."""
        params = [("playlistId", remote_id), ("name", name)]
        if comment is not None:
            params.append(("comment", comment))
        self._client.call("updatePlaylist", params, scope=Scope.PLAYLIST)

    def delete(self, remote_id: str) -> None:
        """Delete a list; one that is already gone is fine."""
        try:
            self._client.call("deletePlaylist", [("id", remote_id)], scope=Scope.PLAYLIST)
        except SubsonicFailure as failure:
            if failure.kind is not FailureKind.NOT_FOUND and not self._names_nothing(failure, remote_id):
                raise

    def knows_song(self, song_id: str) -> bool:
        """False where the server does not know the id, or refuses its form (Supysonic: anything but a UUID)."""
        try:
            self._client.call("getSong", [("id", song_id)], scope=Scope.PLAYLIST)
        except SubsonicFailure as failure:
            if failure.kind is not FailureKind.NOT_FOUND and not complains_of_form(failure):
                raise
            return False
        return True


def complains_of_form(failure: SubsonicFailure) -> bool:
    """True where a server finds an id malformed: Supysonic says so, with code 0, of whatever is no UUID."""
    return failure.code in (0, 10) and not failure.retry_now and failure.kind is not FailureKind.TOO_LARGE


def _songs(song_ids: Sequence[str]) -> list[tuple[str, str]]:
    return [("songId", song_id) for song_id in song_ids]
