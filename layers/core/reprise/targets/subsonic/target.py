"""`MusicServer` over the Subsonic protocol: Navidrome, gonic, LMS, Supysonic, Airsonic, Ampache …"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import httpx

from reprise.domain.connections import SignInWay
from reprise.domain.tracks import LibraryTrack
from reprise.ports.targets import LibraryStamp, ListToWrite, RemotePlaylist, ServerInfo, WriteResult
from reprise.targets.subsonic.client import SubsonicClient
from reprise.targets.subsonic.errors import SubsonicFailure
from reprise.targets.subsonic.library import Stamps, offered_no_answer, prove_search, songs
from reprise.targets.subsonic.order import write_order
from reprise.targets.subsonic.playlists import PlaylistCalls
from reprise.targets.subsonic.shapes import flag, mapping, text
from reprise.targets.subsonic.write import PlaylistWriter


class SubsonicServer:
    """One person's account on one Subsonic server. Sends nothing before its first method is called.

    `base_url` is the server's address, with or without `/rest`; `sign_in_way` is `SubsonicClient`'s;
    `time_budget_s` ends all trying that many seconds
    after this was made, None never. `transport`, `sleep` and `clock` are replaceable for tests.
    Raises `SyncFailure(MISCONFIGURED)` for an unusable address.
    """

    def __init__(
        self,
        *,
        base_url: str,
        username: str,
        password: str,
        sign_in_way: SignInWay | None = SignInWay.TOKEN,
        time_budget_s: float | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = SubsonicClient(
            base_url=base_url,
            username=username,
            password=password,
            sign_in_way=sign_in_way,
            time_budget_s=time_budget_s,
            transport=transport,
            sleep=sleep,
            clock=clock,
        )
        self._calls = PlaylistCalls(self._client)
        self._stamps = Stamps(self._client)

    @property
    def requests(self) -> int:
        return self._client.requests

    def check(self) -> ServerInfo:
        """Reads the lists and searches: a server may answer `ping` without looking at the password."""
        self._calls.listed()
        prove_search(self._client)
        account = self._account()
        role = account.get("adminRole")
        return ServerInfo(
            product=self._client.product,
            version=self._client.server_version,
            admin=None if role is None else flag(role),
            username=text(account.get("username")),
            sign_in_way=self._client.sign_in_way,
        )

    def _account(self) -> Mapping[str, object]:
        """What the server tells of the account, nothing where it does not offer that."""
        try:
            answer = self._client.call("getUser", [("username", self._client.username)])
        except SubsonicFailure as failure:
            if not offered_no_answer(failure):
                raise
            return {}
        return mapping(answer.get("user"))

    def library_stamp(self) -> LibraryStamp:
        return self._stamps.take()

    def songs(self, on_progress: Callable[[int], None]) -> Iterator[LibraryTrack]:
        return songs(self._client, on_progress)

    def playlists(self) -> Sequence[RemotePlaylist]:
        return [entry.remote for entry in self._calls.listed()]

    def playlist_songs(self, remote_id: str) -> tuple[str, ...]:
        return self._calls.read(remote_id).song_ids

    def write_playlist(self, wanted: ListToWrite, *, on_identified: Callable[[str], None]) -> WriteResult:
        """See `MusicServer.write_playlist`.

        Where the server knows none of the songs, an existing list is left as it is and all are reported as dropped;
        where there is no list yet, `SyncFailure(INTERRUPTED)`: an empty list is never made.
        """
        order = write_order(wanted, on_identified=on_identified)
        return PlaylistWriter(self._calls, order, self._every_song_id).write()

    def _every_song_id(self) -> frozenset[str]:
        return frozenset(track.id for track in songs(self._client, _nobody_asks))

    def delete_playlist(self, remote_id: str) -> None:
        self._calls.delete(remote_id)

    def close(self) -> None:
        self._client.close()


def _nobody_asks(_: int) -> None:
    """Progress of a reading that no person waits for by itself."""
