"""The dispatcher and the sync function over AWS as moto plays it and a double of Navidrome, with every call counted.

What a playlist costs is told by this: the handlers are the real ones, and so is everything behind them but the
machines at the far end.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from unittest import mock

import boto3
from moto.core.botocore_stubber import BotocoreStubber

from dispatcher.app import dispatch
from dispatcher.app import handler as dispatcher_handler
from reprise.credentials.kms import KmsCipher
from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef, SyncState
from reprise.domain.tracks import SourceTrack
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.s3.source_contents import S3SourceContents
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.cloud import BUCKET, REGION, Cloud, Context, opened_cloud, sqs_event
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.doubles.playlist_host import PlaylistHost
from sync.app import do_job
from sync.app import handler as sync_handler

PASSWORD = "sesame"
INTERVAL = timedelta(hours=1)
CONTEXT: Any = Context("sync")  # Any: as much of Lambda's as is asked for


@dataclass
class Outside:
    """What was asked of whom: AWS operations by service, as clients make them (retries not counted), requests to the
    music server, and looks at addresses of playlists. `played_cpu_s` and `played_wall_s` are what the doubles took.
    """

    aws: Counter[str] = field(default_factory=Counter)
    operations: list[str] = field(default_factory=list)
    server: int = 0
    source: int = 0
    played_cpu_s: float = 0.0
    played_wall_s: float = 0.0


@dataclass(frozen=True)
class Tick:
    """One tick of the schedule. Seconds are our own: what the doubles of AWS and of the server took is left out."""

    jobs: int
    dispatcher: Outside
    sync: Outside
    wall_s: float
    cpu_s: float


@dataclass
class SyncCloud(Cloud):
    server: FakeNavidrome
    host: PlaylistHost
    playlists: DynamoPlaylists
    connections: DynamoConnections
    contents: S3SourceContents
    cipher: KmsCipher
    present: Outside = field(default_factory=Outside)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _ticks: Iterator[int] = field(default_factory=lambda: count(1))

    def user(self) -> str:
        """A new person with an account on the server."""
        number = next(self._numbers)
        user_id, name = f"u-{number}", f"user{number}"
        self.server.add_user(name, PASSWORD)
        self.connections.put(
            Connection(
                user_id=user_id,
                connection_id=MUSIC_SERVER,
                provider="subsonic",
                account_name=name,
                display_name="Navidrome",
                server_url="http://music.example",
                ciphertext=self.cipher.encrypt(PASSWORD, user_id=user_id, connection_id=MUSIC_SERVER),
                authorised_at=datetime.now(UTC),
            )
        )
        return user_id

    def uploaded(self, user_id: str, tracks: tuple[SourceTrack, ...]) -> Playlist:
        """A playlist from a file, due at the next tick."""
        content = SourcePlaylist(name="Mix", tracks=tracks, version=f"v{next(self._numbers)}")
        locator = self.contents.save(user_id, content)
        return self._added(user_id, SourceRef(kind="files", locator=locator, label="JSPF", version=content.version))

    def at_address(self, user_id: str, url: str) -> Playlist:
        """A playlist that is fetched from an address, due at the next tick."""
        return self._added(user_id, SourceRef(kind="web", locator=url, label="JSPF"))

    def _added(self, user_id: str, source: SourceRef) -> Playlist:
        now = datetime.now(UTC)
        number = next(self._numbers)
        playlist = Playlist(
            user_id=user_id,
            playlist_id=f"p-{number:05}",
            name=f"Mix {number}",
            source=source,
            created_at=now,
            due_at=now - timedelta(seconds=5),
        )
        event = AuditEvent(
            event_id=f"imported-{number}",
            user_id=user_id,
            playlist_id=playlist.playlist_id,
            event_type=EventType.PLAYLIST_IMPORTED,
            provider=source.kind,
            message="Imported.",
            occurred_at=now,
        )
        self.playlists.add(playlist, event)
        return playlist

    def remove_all(self, user_id: str) -> None:
        """So that this person's playlists are not due at later ticks."""
        for playlist in self.playlists.of_user(user_id):
            gone = AuditEvent(
                event_id=f"removed-{playlist.playlist_id}",
                user_id=user_id,
                playlist_id=playlist.playlist_id,
                event_type=EventType.PLAYLIST_REMOVED,
                provider="files",
                message="Removed.",
                occurred_at=datetime.now(UTC),
            )
            self.playlists.remove(user_id, playlist.playlist_id, gone)

    def tick(self) -> Tick:
        """The next tick, each an hour after the one before: the dispatcher, then a sync function for each job."""
        at = datetime.now(UTC) + next(self._ticks) * INTERVAL
        wall, cpu = time.perf_counter(), time.process_time()
        queued = self._counted(lambda: dispatcher_handler({"scheduled_time": at.isoformat()}, CONTEXT))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        jobs = self._taken()
        began, began_cpu = time.perf_counter(), time.process_time()
        done = self._counted(lambda: self._do_all(jobs))
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - began_cpu
        return Tick(
            jobs=len(jobs),
            dispatcher=queued,
            sync=done,
            wall_s=wall - queued.played_wall_s - done.played_wall_s,
            cpu_s=cpu - queued.played_cpu_s - done.played_cpu_s,
        )

    def _do_all(self, bodies: Iterable[str]) -> None:
        for body in bodies:
            self._do(body)

    def _do(self, body: str) -> None:
        answer = sync_handler(sqs_event(body, queue="sync-jobs"), CONTEXT)
        if answer["batchItemFailures"]:
            raise RuntimeError("a job went back to its queue")

    def states(self, user_id: str) -> Counter[SyncState]:
        return Counter(playlist.state for playlist in self.playlists.of_user(user_id))

    def _taken(self) -> list[str]:
        self.bodies("OUTCOMES_QUEUE_URL")
        return self.bodies("SYNC_JOBS_QUEUE_URL")

    def _counted(self, work: Callable[[], object]) -> Outside:
        counted = Outside()
        before = len(self.server.requests), len(self.host.requests)
        previous, self.present = self.present, counted
        try:
            work()
        finally:
            self.present = previous
        counted.server = len(self.server.requests) - before[0]
        counted.source = len(self.host.requests) - before[1]
        return counted


SETTINGS = {
    "MUSIC_SERVER_URL": "http://music.example",
    "ALLOW_PLAIN_HTTP": "true",
    "ALLOW_PRIVATE_ADDRESSES": "true",
}


@contextmanager
def sync_cloud() -> Iterator[SyncCloud]:
    """An empty one. While it is there, the handlers work in it and nowhere else."""
    with ExitStack() as stack:
        aws = stack.enter_context(opened_cloud(do_job, dispatch, settings=SETTINGS))
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        cloud = SyncCloud(
            **vars(aws),
            server=FakeNavidrome(users={}),
            host=stack.enter_context(PlaylistHost()),
            playlists=DynamoPlaylists(table_name=aws.table("Playlists"), events_table=aws.table("Events"), **where),
            connections=DynamoConnections(table_name=aws.table("Connections"), **where),
            contents=S3SourceContents(client=aws.s3, bucket=BUCKET),
            cipher=KmsCipher(client=aws.kms, key_id=aws.env["CREDENTIALS_KEY_ID"]),
        )
        for patch in _doubles(cloud):
            stack.enter_context(patch)
        _count_aws(cloud, stack)
        yield cloud


def _doubles(cloud: SyncCloud) -> Iterator[Any]:  # Any: mock's patchers have no public type
    """The server without a socket; and a stopwatch at both doubles."""
    answer, play = cloud.server.handle, BotocoreStubber.process_request

    def timed(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # Any: stands for either double
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return work(*args, **kwargs)
        finally:
            cloud.present.played_wall_s += time.perf_counter() - wall
            cloud.present.played_cpu_s += time.process_time() - cpu

    cloud.server.handle = partial(timed, answer)  # type: ignore[method-assign]  # the same, with a stopwatch

    def open_server(kind: str, **account: Any) -> SubsonicServer:
        return SubsonicServer(transport=cloud.server.transport(), **account)

    yield mock.patch("reprise.bootstrap.sync.open_server", open_server)
    yield mock.patch.object(BotocoreStubber, "process_request", lambda *args: timed(play, *args))


def _count_aws(cloud: SyncCloud, stack: ExitStack) -> None:
    """Listen to the clients the functions are going to make, and to the one that all tables share."""

    def note(model: Any, **_: object) -> None:  # Any: botocore's model of an operation
        cloud.present.aws[model.service_model.service_name] += 1
        cloud.present.operations.append(model.name)

    for events in (
        boto3._get_default_session().events,
        database.connection(REGION, None).client.meta.events,
    ):
        events.register("before-call", note, unique_id="reprise-count")
        stack.callback(events.unregister, "before-call", note, unique_id="reprise-count")
