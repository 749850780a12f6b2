"""What the worlds of these tests have in common: a person with a library on a double of Navidrome, a clock, and an
outside where any call can go wrong.

There are two. `PortWorld` runs the use case over fakes of its ports, in milliseconds; `AwsWorld` runs the real handler
with the real adapters over AWS as moto plays it. The client of the music server and the web source are the product's
own in both. A world can be put back to how it was at a `mark`, so that thousands of cases share the work of getting
there.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from reprise.domain.connections import MUSIC_SERVER, Connection, of_host
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.matches import MatchReport
from reprise.domain.notices import Notice
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef
from reprise.domain.tracks import SourceTrack
from reprise.http.messages import Response
from reprise.ports.connections import ConnectionStore, HealthStore
from reprise.ports.contents import PreviewStore, ReportStore, SourceContentStore
from reprise.ports.credentials import Cipher
from reprise.ports.events import EventStore
from reprise.ports.playlists import PlaylistStore
from reprise.serialization.jobs import encode_job
from reprise.serialization.outcomes import decode_outcome
from reprise.targets.subsonic.target import SubsonicServer
from reprise.usecases.notify.derive import derive
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, PlaylistView
from reprise_dev.doubles.interleaving import Killed
from reprise_dev.samples.music_library import LibrarySong
from tests.faults.outside import Outside, Plan

INTERVAL = timedelta(hours=1)
LEASE = timedelta(seconds=960)
# How long SQS keeps a message back that was not done.
VISIBILITY = timedelta(seconds=5400)

USER = "u-alice"
ALICE = "alice"
PASSWORD = "canary-Pa55word-91ab"
PLAYLIST = "p-mix"
NAME = "Mix of mine"
TITLES = ("Paranoid Android", "Army of Me", "Teardrop", "Roads", "Glory Box", "Karma Police")
ARTIST = "Someone Real"
WEB_ADDRESS = "http://127.0.0.1:9/mix.json?token=canary-t0ken-in-address"
WEB_HOST = of_host("127.0.0.1")


def next_tick_after(moment: datetime) -> datetime:
    """The next tick of a schedule that was made half a minute before a full hour: it counts from there."""
    made = datetime(2026, 1, 1, 10, 59, 30, tzinfo=UTC)
    return made + ((moment - made) // INTERVAL + 1) * INTERVAL


class Clock:
    """A time that moves on by a millisecond at every look, and by as much as is waited."""

    def __init__(self) -> None:
        # Later than what moto stamps on things, so that what is old in this world is old for S3, too.
        self.now = next_tick_after(datetime.now(UTC) + timedelta(days=2)) + timedelta(seconds=5)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self().timestamp()


@dataclass(frozen=True)
class Delivery:
    """What became of one delivery: `killed`, or else whether the message `goes_back` to the queue."""

    killed: bool
    goes_back: bool

    @property
    def comes_again(self) -> bool:
        return self.killed or self.goes_back


@dataclass(frozen=True)
class Mark:
    """How things were."""

    now: datetime
    restore_stored: Callable[[], None]
    restore_server: Callable[[], None]
    web: tuple[str, ...] | None
    song_ids: dict[str, str]


class World(ABC):
    """`web` are the titles of the playlist at `WEB_ADDRESS`, None where that place has none; `web_down` while its host
    answers nothing but 503.

    The stores are looked at and changed beside the product, and undisturbed.
    """

    playlists: PlaylistStore
    events: EventStore
    health: HealthStore
    connections: ConnectionStore
    reports: ReportStore
    previews: PreviewStore
    contents: SourceContentStore
    cipher: Cipher
    # What the call is named that takes a playlist's lease.
    begins: str

    def __init__(self) -> None:
        self.clock, self.outside = Clock(), Outside()
        self.server = FakeNavidrome(users={ALICE: PASSWORD})
        self.song_ids = dict(zip(TITLES, self.server.add_songs(map(song, TITLES)), strict=True))
        self.web: tuple[str, ...] | None = None
        self.web_down = False
        self._numbers = count(1)
        # No report is ever written twice.
        self._reports: dict[str, MatchReport] = {}

    # ---- what each of them does in its own way

    @abstractmethod
    def do(self, body: str) -> object:
        """The job of one message, as the function does it. Raises what sends the message back to its queue."""

    @abstractmethod
    def handle(self, body: str) -> bool:
        """`do`, as it is called by the queue: whether the message goes back."""

    @abstractmethod
    def dispatch(self) -> None:
        """What the dispatcher does now."""

    @abstractmethod
    def take_jobs(self) -> list[str]:
        """Every message that came to the queue of jobs since the last look."""

    @abstractmethod
    def take_outcomes(self) -> list[str]:
        """Likewise, to the queue of outcomes."""

    @abstractmethod
    def change(self, playlist: Playlist) -> None:
        """Let a stored playlist be as this one, in its source and its remote id, beside the product."""

    @abstractmethod
    def lose_content(self, locator: str) -> None:
        """An uploaded playlist's tracks are no longer there."""

    @abstractmethod
    def way_back(self) -> Callable[[], None]:
        """What puts all that is stored back to how it is now, as often as it is called."""

    # ---- what is there

    def connect(self, password: str = PASSWORD) -> None:
        self.connections.put(
            Connection(
                user_id=USER,
                connection_id=MUSIC_SERVER,
                provider="subsonic",
                account_name=ALICE,
                display_name="Navidrome",
                server_url="http://music.test",
                ciphertext=self.cipher.encrypt(password, user_id=USER, connection_id=MUSIC_SERVER),
                authorised_at=self.clock(),
            )
        )

    def add_playlist(
        self, *titles: str, playlist_id: str = PLAYLIST, kind: str = "files", uri: str | None = None
    ) -> None:
        self.playlists.add(
            Playlist(
                user_id=USER,
                playlist_id=playlist_id,
                name=NAME,
                source=self._source(titles, kind, uri),
                created_at=self.clock(),
                due_at=self.clock.now - timedelta(seconds=5),
            ),
            self.event(EventType.PLAYLIST_IMPORTED, playlist_id),
        )

    def _source(self, titles: tuple[str, ...], kind: str, uri: str | None = None) -> SourceRef:
        if kind == "web":
            self.web = titles
            return SourceRef(kind="web", locator=WEB_ADDRESS, label="127.0.0.1", connection_id=WEB_HOST)
        tracks = tuple(track(title, uri) for title in titles)
        content = SourcePlaylist(name=NAME, tracks=tracks, version="-".join(titles))
        locator = self.contents.save(USER, content)
        return SourceRef(kind="files", locator=locator, label="JSPF", version=content.version)

    def change_source(self, *titles: str, playlist_id: str = PLAYLIST) -> None:
        """Another file uploaded in its place, or the file at its address changed."""
        playlist = self.playlist(playlist_id)
        if playlist.source.kind == "web":
            self.web = titles
        else:
            self.change(replace(playlist, source=self._source(titles, "files")))

    def change_remote_id(self, remote_id: str) -> None:
        self.change(replace(self.playlist(), remote_id=remote_id))

    def event(self, event_type: EventType, playlist_id: str = PLAYLIST) -> AuditEvent:
        """An event to go with a person's change."""
        now = self.clock()
        return AuditEvent(
            event_id=f"0-{next(self._numbers):08}",
            user_id=USER,
            playlist_id=playlist_id,
            event_type=event_type,
            provider="files",
            message="",
            occurred_at=now,
        )

    def web_answer(self) -> Response:
        if self.web_down:
            return Response(status=503, headers={}, body=b"")
        if self.web is None:
            return Response(status=404, headers={}, body=b"")
        content = {"title": NAME, "track": [{"title": title, "creator": ARTIST} for title in self.web]}
        body = json.dumps({"playlist": content}).encode()
        return Response(status=200, headers={"content-type": "application/jspf+json"}, body=body)

    def ask_web(self, *_: object, **__: object) -> Response:
        """Stands for `exchange`, by which the web source reaches an address, while a test has this world."""
        return self.outside.web(self.web_answer)

    def open_server(
        self,
        *,
        base_url: str,
        username: str,
        password: str,
        **more: Any,  # Any: the server's own keywords
    ) -> SubsonicServer:
        return SubsonicServer(
            base_url=base_url,
            username=username,
            password=password,
            transport=self.outside.transport(self.server.transport()),
            sleep=self.clock.sleep,
            clock=self.clock.monotonic,
            **more,
        )

    # ---- what happens

    def job(
        self,
        *playlist_ids: str,
        operation: Operation = Operation.SYNC,
        argument: str = "",
        reason: Reason = Reason.MANUAL,
    ) -> str:
        """The message of a new job; the schedule asks at its ticks alone."""
        now = self.clock.now
        return encode_job(
            SyncJob(
                job_id=f"job-{next(self._numbers)}",
                user_id=USER,
                playlist_ids=playlist_ids or (PLAYLIST,),
                reason=reason,
                asked_at=next_tick_after(now) - INTERVAL if reason is Reason.SCHEDULE else now,
                operation=operation,
                argument=argument,
            )
        )

    def next_tick(self) -> list[str]:
        """The messages that the dispatcher queues at the next tick, after a while in the queue."""
        self.clock.now = next_tick_after(self.clock.now)
        self.dispatch()
        self.clock.now += timedelta(seconds=45)
        return self.take_jobs()

    def deliver(self, body: str, plan: Plan | None = None) -> Delivery:
        """What Lambda does with one message. Inside another delivery it is another process of the function."""
        with self.outside.run(plan):
            try:
                return Delivery(killed=False, goes_back=self.handle(body))
            except Killed:
                return Delivery(killed=True, goes_back=False)

    def tick(self) -> None:
        """All that the schedule wants at the next tick."""
        for body in self.next_tick():
            delivery = self.deliver(body)
            assert not delivery.comes_again

    # ---- what came of it

    def playlist(self, playlist_id: str = PLAYLIST) -> Playlist:
        found = self.playlists.get(USER, playlist_id)
        assert found is not None
        return found

    def lists(self) -> list[PlaylistView]:
        """Every list of the person on the server, oldest first."""
        return self.server.playlists(ALICE)

    def ids(self, *titles: str) -> tuple[str, ...]:
        return tuple(self.song_ids[title] for title in titles)

    def titles(self, song_ids: tuple[str, ...]) -> tuple[str, ...]:
        named = {song_id: title for title, song_id in self.song_ids.items()}
        return tuple(named.get(song_id, f"unknown {song_id}") for song_id in song_ids)

    def report(self, report_id: str, playlist_id: str = PLAYLIST) -> MatchReport:
        if report_id not in self._reports:
            found = self.reports.load(USER, playlist_id, report_id)
            assert found is not None
            self._reports[report_id] = found
        return self._reports[report_id]

    def trail(self, playlist_id: str = PLAYLIST) -> list[AuditEvent]:
        """The audit trail, oldest first."""
        page = self.events.of_playlist(USER, playlist_id, limit=500, cursor=None)
        return list(reversed(page.items))

    def notices(self) -> list[Notice]:
        """What the notifier makes of what it was told since the last look."""
        return [notice for body in self.take_outcomes() for notice in derive(decode_outcome(body))]

    # ---- going back

    def mark(self) -> Mark:
        return Mark(
            now=self.clock.now,
            restore_stored=self.way_back(),
            restore_server=self.server.way_back(),
            web=self.web,
            song_ids=dict(self.song_ids),
        )

    def back_to(self, mark: Mark) -> None:
        self.clock.now = mark.now
        self.web = mark.web
        self.song_ids = dict(mark.song_ids)
        mark.restore_server()
        self.server.requests.clear()
        mark.restore_stored()


def track(title: str, uri: str | None = None) -> SourceTrack:
    return SourceTrack(title=title, artist=ARTIST, album="An Album", uri=uri)


def song(title: str) -> LibrarySong:
    return LibrarySong(title=title, artist=ARTIST, album="An Album")
