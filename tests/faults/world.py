"""The sync function whole: real handler, real adapters, AWS played by moto, Navidrome by its double, and a clock.

A world can be put back to how it was at a `mark`, so that thousands of cases share the work of getting there.
"""

from __future__ import annotations

import gzip
import json
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest import mock

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor
from aws_lambda_powertools.utilities.batch import EventType as BatchEvent
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from moto import mock_aws

import sync.app
from dispatcher.app import dispatch
from dispatcher.app import handler as dispatcher_handler
from reprise.credentials.kms import KmsCipher
from reprise.domain.connections import MUSIC_SERVER, Connection, of_host
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.ids import slot_start
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.matches import MatchReport
from reprise.domain.notices import Notice
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef
from reprise.domain.tracks import SourceTrack
from reprise.http.messages import Response
from reprise.serialization.jobs import encode_job
from reprise.serialization.outcomes import decode_outcome
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.health import DynamoHealth
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.s3.previews import S3Previews
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_contents import S3SourceContents
from reprise.targets.subsonic.target import SubsonicServer
from reprise.usecases.notify.derive import derive
from reprise_dev.doubles.fake_navidrome import FakeNavidrome, PlaylistView
from reprise_dev.doubles.interleaving import Killed
from reprise_dev.doubles.tables import create_table
from reprise_dev.samples.music_library import LibrarySong
from tests.faults.outside import Outside, Plan
from tests.functions.sync.conftest import Context, sqs_event

REGION = "eu-central-1"
BUCKET = "reprise-faults"
TABLES = ("Playlists", "Events", "Health", "Connections", "Overrides")
INTERVAL = timedelta(hours=1)
LEASE = timedelta(seconds=960)
VISIBILITY = timedelta(seconds=5400)
"""How long SQS keeps a message back that was not done."""

USER = "u-alice"
ALICE = "alice"
PASSWORD = "canary-Pa55word-91ab"
PLAYLIST = "p-mix"
NAME = "Mix of mine"
TITLES = ("Paranoid Android", "Army of Me", "Teardrop", "Roads", "Glory Box", "Karma Police")
WEB_ADDRESS = "http://127.0.0.1:9/mix.json?token=canary-t0ken-in-address"


CONTEXT: Any = Context()  # Any: as much of Lambda's as is asked for


class Clock:
    """A time that moves on by a millisecond at every look, and by as much as is waited."""

    def __init__(self) -> None:
        # Later than what moto stamps on things, so that what is old in this world is old for S3, too.
        self.now = slot_start(datetime.now(UTC), INTERVAL) + timedelta(days=2, seconds=5)

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
    tables: dict[str, list[dict[str, Any]]]  # Any: DynamoDB's attribute values
    objects: dict[str, bytes]
    etags: dict[str, str]
    restore_server: Callable[[], None]
    web: tuple[str, ...] | None
    song_ids: dict[str, str]


@dataclass
class World:
    env: dict[str, str]
    aws: Any  # Any: boto3's clients are made at run time
    clock: Clock
    outside: Outside
    server: FakeNavidrome
    song_ids: dict[str, str]
    web: tuple[str, ...] | None = None
    """Titles of the playlist at `WEB_ADDRESS`, None where that place has none."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _reports: dict[str, MatchReport] = field(default_factory=dict)
    """No report is ever written twice."""
    raised: list[str] = field(default_factory=list)
    """What the handler raised where it did nothing of its batch: Lambda writes that to the log."""

    def __post_init__(self) -> None:
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        events_table = self.env["EVENTS_TABLE"]
        self.playlists = DynamoPlaylists(table_name=self.env["PLAYLISTS_TABLE"], events_table=events_table, **where)
        self.events = DynamoEvents(table_name=events_table, **where)
        self.health = DynamoHealth(table_name=self.env["HEALTH_TABLE"], **where)
        self.connections = DynamoConnections(table_name=self.env["CONNECTIONS_TABLE"], **where)
        self.reports = S3Reports(client=self.aws.s3, bucket=BUCKET)
        self.previews = S3Previews(client=self.aws.s3, bucket=BUCKET)
        self.contents = S3SourceContents(client=self.aws.s3, bucket=BUCKET)
        self.cipher = KmsCipher(client=self.aws.kms, key_id=self.env["CREDENTIALS_KEY_ID"])

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
            return SourceRef(kind="web", locator=WEB_ADDRESS, label="127.0.0.1", connection_id=of_host("127.0.0.1"))
        tracks = tuple(track(title, uri) for title in titles)
        content = SourcePlaylist(name=NAME, tracks=tracks, version="-".join(titles))
        locator = self.contents.save(USER, content)
        return SourceRef(kind="files", locator=locator, label="JSPF", version=content.version)

    def change_source(self, *titles: str, playlist_id: str = PLAYLIST) -> None:
        """Another file uploaded in its place, or the file at its address changed."""
        if self.playlist(playlist_id).source.kind == "web":
            self.web = titles
            return
        source = self._source(titles, "files")
        document = {"kind": source.kind, "locator": source.locator, "label": source.label, "version": source.version}
        self.set_field(playlist_id, "source", {"S": json.dumps(document)})

    def set_field(self, playlist_id: str, name: str, value: dict[str, object]) -> None:
        """Change one attribute of a playlist's item by hand, beside the product."""
        self.aws.dynamodb.update_item(
            TableName=self.env["PLAYLISTS_TABLE"],
            Key={"user_id": {"S": USER}, "playlist_id": {"S": playlist_id}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

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
        if self.web is None:
            return Response(status=404, headers={}, body=b"")
        content = {"title": NAME, "track": [{"title": title, "creator": ARTIST} for title in self.web]}
        body = json.dumps({"playlist": content}).encode()
        return Response(status=200, headers={"content-type": "application/jspf+json"}, body=body)

    # ---- what happens

    def job(
        self,
        *playlist_ids: str,
        operation: Operation = Operation.SYNC,
        argument: str = "",
        reason: Reason = Reason.MANUAL,
    ) -> str:
        """The message of a new job."""
        return encode_job(
            SyncJob(
                job_id=f"job-{next(self._numbers)}",
                user_id=USER,
                playlist_ids=playlist_ids or (PLAYLIST,),
                reason=reason,
                slot=slot_start(self.clock.now, INTERVAL),
                operation=operation,
                argument=argument,
            )
        )

    def next_tick(self) -> list[str]:
        """The messages that the dispatcher queues when the next slot begins."""
        self.clock.now = slot_start(self.clock.now, INTERVAL) + INTERVAL + timedelta(seconds=5)
        dispatcher_handler({"scheduled_time": self.clock.now.isoformat()}, CONTEXT)
        return self.take("SYNC_JOBS_QUEUE_URL")

    def deliver(self, body: str, plan: Plan | None = None) -> Delivery:
        """What Lambda does with one message. Inside another delivery it is another process of the function."""
        processor = BatchProcessor(event_type=BatchEvent.SQS)
        with (
            mock.patch("reprise.doors.records.BatchProcessor", return_value=processor),
            self.outside.run(plan),
            # Powertools warns where a delivery counts no playlist.
            warnings.catch_warnings(action="ignore", category=UserWarning),
        ):
            try:
                answer = sync.app.handler(sqs_event(body), CONTEXT)
            except Killed:
                return Delivery(killed=True, goes_back=False)
            except BatchProcessingError as error:
                self.raised.append(str(error))
                return Delivery(killed=False, goes_back=True)
        return Delivery(killed=False, goes_back=bool(answer["batchItemFailures"]))

    def tick(self) -> None:
        """All that the schedule wants at the start of the next slot."""
        for body in self.next_tick():
            delivery = self.deliver(body)
            assert not delivery.comes_again

    def take(self, queue: str) -> list[str]:
        """Every message that came to a queue since the last look."""
        taken = [body for address, body in self.outside.sent if address == self.env[queue]]
        self.outside.sent = [(address, body) for address, body in self.outside.sent if address != self.env[queue]]
        return taken

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
        return [notice for body in self.take("OUTCOMES_QUEUE_URL") for notice in derive(decode_outcome(body))]

    # ---- going back

    def mark(self) -> Mark:
        tables = {name: self.aws.dynamodb.scan(TableName=self.env[f"{name.upper()}_TABLE"])["Items"] for name in TABLES}
        return Mark(
            now=self.clock.now,
            tables=tables,
            objects={key: self._object(key) for key in self._etags()},
            etags=self._etags(),
            restore_server=self.server.way_back(),
            web=self.web,
            song_ids=dict(self.song_ids),
        )

    def back_to(self, mark: Mark) -> None:
        self.clock.now = mark.now
        self.web = mark.web
        self.song_ids = dict(mark.song_ids)
        mark.restore_server()
        self.outside.sent.clear()
        self.server.requests.clear()
        for name in ("Playlists", "Events", "Health"):
            self._restore_table(name, mark.tables[name])
        now = self._etags()
        for key in now.keys() - mark.etags.keys():
            self.aws.s3.delete_object(Bucket=BUCKET, Key=key)
        for key, etag in mark.etags.items():
            if now.get(key) != etag:
                self.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=mark.objects[key])

    def _restore_table(self, name: str, items: list[dict[str, Any]]) -> None:  # Any: DynamoDB's attribute values
        table = self.env[f"{name.upper()}_TABLE"]
        sort = {"Playlists": "playlist_id", "Events": "event_id", "Health": "connection_id"}[name]
        now = self.aws.dynamodb.scan(TableName=table)["Items"]
        keys = {item[sort]["S"] for item in items}
        requests: list[dict[str, Any]] = [  # Any: as above
            {"DeleteRequest": {"Key": {"user_id": item["user_id"], sort: item[sort]}}}
            for item in now
            if item[sort]["S"] not in keys
        ]
        requests += [{"PutRequest": {"Item": item}} for item in items if item not in now]
        for start in range(0, len(requests), 25):
            self.aws.dynamodb.batch_write_item(RequestItems={table: requests[start : start + 25]})

    def _etags(self) -> dict[str, str]:
        listed = self.aws.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {found["Key"]: found["ETag"] for found in listed}

    def _object(self, key: str) -> bytes:
        data: bytes = self.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return data

    def items_stored(self) -> str:
        """All of every table, as text."""
        return repr([self.aws.dynamodb.scan(TableName=self.env[f"{name.upper()}_TABLE"])["Items"] for name in TABLES])

    def objects_stored(self) -> dict[str, str]:
        """The content of every object, unpacked, by its key."""
        return {key: _plain(self._object(key)) for key in self._etags()}

    def everything_stored(self) -> str:
        return self.items_stored() + repr(self.objects_stored())


ARTIST = "Someone Real"


def track(title: str, uri: str | None = None) -> SourceTrack:
    return SourceTrack(title=title, artist=ARTIST, album="An Album", uri=uri)


def song(title: str) -> LibrarySong:
    return LibrarySong(title=title, artist=ARTIST, album="An Album")


def _plain(data: bytes) -> str:
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")


@contextmanager
def a_world() -> Iterator[World]:
    """A world with one person, a library, and nothing else."""
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
    outside, clock = Outside(), Clock()
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, credentials))
        stack.enter_context(mock_aws())
        aws = SimpleNamespace(**{name: boto3.client(name) for name in ("dynamodb", "s3", "sqs", "kms")})
        env = _resources(aws)
        stack.enter_context(mock.patch.dict(os.environ, env))
        server = FakeNavidrome(users={ALICE: PASSWORD})
        song_ids = server.add_songs(map(song, TITLES))
        world = World(
            env=env,
            aws=aws,
            clock=clock,
            outside=outside,
            server=server,
            song_ids=dict(zip(TITLES, song_ids, strict=True)),
        )
        for patch in _patches(world):
            stack.enter_context(patch)
        for cached in (sync.app.do_job, dispatch):
            cached.cache_clear()
            stack.callback(cached.cache_clear)
        stack.callback(outside.detach_all)
        outside.attach(database.connection(REGION, None).client)
        world.connect()
        yield world


def _resources(aws: Any) -> dict[str, str]:  # Any: boto3's clients are made at run time
    for name in TABLES:
        create_table(aws.dynamodb, name, f"faults-{name.lower()}")
    aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return {f"{name.upper()}_TABLE": f"faults-{name.lower()}" for name in TABLES} | {
        "DATA_BUCKET": BUCKET,
        "CREDENTIALS_KEY_ID": aws.kms.create_key()["KeyMetadata"]["KeyId"],
        "SYNC_JOBS_QUEUE_URL": aws.sqs.create_queue(QueueName="faults-jobs")["QueueUrl"],
        "OUTCOMES_QUEUE_URL": aws.sqs.create_queue(QueueName="faults-outcomes")["QueueUrl"],
        "SYNC_INTERVAL_MINUTES": "60",
        "LEASE_SECONDS": str(int(LEASE.total_seconds())),
        "ALLOW_PRIVATE_ADDRESSES": "true",
    }


def _patches(world: World) -> list[Any]:  # Any: mock's patchers have no public type
    """Where the composition root reaches out, the world stands; everything between is the product's own."""
    clock, outside, real_client = world.clock, world.outside, boto3.client

    def client(*args: Any, **kwargs: Any) -> Any:  # Any: boto3's own signature
        made = real_client(*args, **kwargs)
        outside.attach(made)
        return made

    def open_server(kind: str, *, base_url: str, username: str, password: str, **more: Any) -> SubsonicServer:
        return SubsonicServer(
            base_url=base_url,
            username=username,
            password=password,
            transport=outside.transport(world.server.transport()),
            sleep=clock.sleep,
            clock=clock.monotonic,
            **more,
        )

    def ask(*_: object, **__: object) -> Response:
        return outside.web(world.web_answer)

    return [
        mock.patch("boto3.client", client),
        mock.patch("reprise.bootstrap.sync.open_server", open_server),
        mock.patch("reprise.bootstrap.sync.utc_now", clock),
        mock.patch("reprise.bootstrap.runtime.utc_now", clock),
        mock.patch("reprise.bootstrap.sync.jitter", return_value=1.0),
        mock.patch("reprise.http.client.exchange", ask),
        mock.patch("botocore.endpoint.time", SimpleNamespace(sleep=clock.sleep)),
        mock.patch("reprise.stores.dynamodb.database.time", SimpleNamespace(sleep=clock.sleep)),
    ]
