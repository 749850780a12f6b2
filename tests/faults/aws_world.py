"""The sync function whole: the real handler with the real adapters, over AWS as moto plays it."""

from __future__ import annotations

import gzip
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor
from aws_lambda_powertools.utilities.batch import EventType as BatchEvent
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

import sync.app
from dispatcher.app import dispatch
from dispatcher.app import handler as dispatcher_handler
from reprise.credentials.kms import KmsCipher
from reprise.domain.playlists import Playlist
from reprise.serialization.jobs import decode_job
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.health import DynamoHealth
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.s3.previews import S3Previews
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_contents import S3SourceContents
from reprise.targets.subsonic.target import SubsonicServer
from reprise_dev.doubles.cloud import BUCKET, REGION, Cloud, opened_cloud
from tests.faults.world import LEASE, USER, World
from tests.functions.sync.conftest import CONTEXT, jobs_event

TABLES = ("Playlists", "Events", "Health", "Connections", "Overrides")
SETTINGS = {
    "MUSIC_SERVER_URL": "http://music.test",
    "ALLOW_PLAIN_HTTP": "true",
    "SYNC_INTERVAL_MINUTES": "60",
    "LEASE_SECONDS": str(int(LEASE.total_seconds())),
    "ALLOW_PRIVATE_ADDRESSES": "true",
}
SORT_KEYS = {"Playlists": "playlist_id", "Events": "event_id", "Health": "connection_id"}


class AwsWorld(World):
    begins = "TransactWriteItems"

    def __init__(self, aws: Cloud) -> None:
        super().__init__()
        self.env, self.aws = aws.env, aws
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        events_table = aws.table("Events")
        self.playlists = DynamoPlaylists(table_name=aws.table("Playlists"), events_table=events_table, **where)
        self.events = DynamoEvents(table_name=events_table, **where)
        self.health = DynamoHealth(table_name=aws.table("Health"), **where)
        self.connections = DynamoConnections(table_name=aws.table("Connections"), **where)
        self.reports = S3Reports(client=aws.s3, bucket=BUCKET)
        self.previews = S3Previews(client=aws.s3, bucket=BUCKET)
        self.contents = S3SourceContents(client=aws.s3, bucket=BUCKET)
        self.cipher = KmsCipher(client=aws.kms, key_id=aws.env["CREDENTIALS_KEY_ID"])
        # What the handler raised where it did nothing of its batch: Lambda writes that to the log.
        self.raised: list[str] = []

    def do(self, body: str) -> object:
        return sync.app.do_job()(decode_job(body), lambda: 900.0)

    def handle(self, body: str) -> bool:
        processor = BatchProcessor(event_type=BatchEvent.SQS)
        with (
            mock.patch("reprise.doors.records.BatchProcessor", return_value=processor),
            # Powertools warns where a delivery counts no playlist.
            warnings.catch_warnings(action="ignore", category=UserWarning),
        ):
            try:
                answer = sync.app.handler(jobs_event(body), CONTEXT)
            except BatchProcessingError as error:
                self.raised.append(str(error))
                return True
        return bool(answer["batchItemFailures"])

    def dispatch(self) -> None:
        dispatcher_handler({"scheduled_time": self.clock.now.isoformat()}, CONTEXT)

    def take_jobs(self) -> list[str]:
        return self._take(self.env["SYNC_JOBS_QUEUE_URL"])

    def take_outcomes(self) -> list[str]:
        return self._take(self.env["OUTCOMES_QUEUE_URL"])

    def _take(self, queue: str) -> list[str]:
        sent = self.outside.sent
        self.outside.sent = [(address, body) for address, body in sent if address != queue]
        return [body for address, body in sent if address == queue]

    def change(self, playlist: Playlist) -> None:
        source = playlist.source
        document = {"kind": source.kind, "locator": source.locator, "label": source.label, "version": source.version}
        values = {"source": json.dumps(document)} | ({"remote_id": playlist.remote_id} if playlist.remote_id else {})
        self.aws.dynamodb.update_item(
            TableName=self.aws.table("Playlists"),
            Key={"user_id": {"S": USER}, "playlist_id": {"S": playlist.playlist_id}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
        )

    def lose_content(self, locator: str) -> None:
        self.aws.s3.delete_object(Bucket=BUCKET, Key=f"sources/{USER}/{locator}.json.gz")

    def way_back(self) -> Callable[[], None]:
        tables = {name: self._items(name) for name in SORT_KEYS}
        etags = self._etags()
        objects = {key: self._object(key) for key in etags}

        def restore() -> None:
            self.outside.sent.clear()
            for name, items in tables.items():
                self._restore_table(name, items)
            now = self._etags()
            for key in now.keys() - etags.keys():
                self.aws.s3.delete_object(Bucket=BUCKET, Key=key)
            for key, etag in etags.items():
                if now.get(key) != etag:
                    self.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=objects[key])

        return restore

    def _restore_table(self, name: str, items: list[dict[str, Any]]) -> None:  # Any: DynamoDB's attribute values
        table, sort = self.aws.table(name), SORT_KEYS[name]
        now = self._items(name)
        keys = {item[sort]["S"] for item in items}
        requests: list[dict[str, Any]] = [  # Any: as above
            {"DeleteRequest": {"Key": {"user_id": item["user_id"], sort: item[sort]}}}
            for item in now
            if item[sort]["S"] not in keys
        ]
        requests += [{"PutRequest": {"Item": item}} for item in items if item not in now]
        for start in range(0, len(requests), 25):
            self.aws.dynamodb.batch_write_item(RequestItems={table: requests[start : start + 25]})

    def _items(self, name: str) -> list[dict[str, Any]]:  # Any: as above
        return self.aws.items(name)

    def _etags(self) -> dict[str, str]:
        listed = self.aws.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {found["Key"]: found["ETag"] for found in listed}

    def _object(self, key: str) -> bytes:
        data: bytes = self.aws.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return data

    def items_stored(self) -> str:
        """All of every table, as text."""
        return repr([self._items(name) for name in TABLES])

    def objects_stored(self) -> dict[str, str]:
        """The content of every object, unpacked, by its key."""
        return {key: _plain(self._object(key)) for key in self._etags()}

    def everything_stored(self) -> str:
        return self.items_stored() + repr(self.objects_stored())


def _plain(data: bytes) -> str:
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")


@contextmanager
def an_aws_world() -> Iterator[AwsWorld]:
    """A world with one person, a library, and nothing else."""
    with opened_cloud(sync.app.do_job, dispatch, settings=SETTINGS) as aws, ExitStack() as stack:
        world = AwsWorld(aws)
        for patch in _patches(world):
            stack.enter_context(patch)
        stack.callback(world.outside.detach_all)
        world.outside.attach(database.connection(REGION, None).client)
        world.connect()
        yield world


def _patches(world: AwsWorld) -> list[Any]:  # Any: mock's patchers have no public type
    """Where the composition root reaches out, the world stands; everything between is the product's own."""
    clock, real_client = world.clock, boto3.client

    def client(*args: Any, **kwargs: Any) -> Any:  # Any: boto3's own signature
        made = real_client(*args, **kwargs)
        world.outside.attach(made)
        return made

    def open_server(kind: str, **account: Any) -> SubsonicServer:  # Any: the registry's own signature
        return world.open_server(**account)

    return [
        mock.patch("boto3.client", client),
        mock.patch("reprise.bootstrap.sync.open_server", open_server),
        mock.patch("reprise.bootstrap.sync.utc_now", clock),
        mock.patch("reprise.bootstrap.runtime.utc_now", clock),
        mock.patch("reprise.bootstrap.sync.jitter", return_value=1.0),
        mock.patch("botocore.endpoint.time", SimpleNamespace(sleep=clock.sleep)),
        mock.patch("reprise.stores.dynamodb.database.time", SimpleNamespace(sleep=clock.sleep)),
    ]
