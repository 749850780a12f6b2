"""The dispatcher and the sync function as AWS calls them: real events, real adapters, AWS played by moto."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from unittest import mock

import boto3
import pytest
from moto import mock_aws

from dispatcher.app import dispatch
from reprise.credentials.kms import KmsCipher
from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.matches import MatchReport
from reprise.domain.playlists import Playlist, SourcePlaylist, SourceRef
from reprise.domain.tracks import SourceTrack
from reprise.stores.dynamodb.connections import DynamoConnections
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.health import DynamoHealth
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_contents import S3SourceContents
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.doubles.tables import create_table
from reprise_dev.samples.music_library import LibrarySong
from sync.app import do_job

REGION = "us-east-1"
BUCKET = "reprise-data"
TABLES = ("Playlists", "Events", "Health", "Connections", "Overrides")
PASSWORD = "canary-Pa55word-91ab"
SONGS = ("Paranoid Android", "Army of Me", "Teardrop", "Roads", "Glory Box", "Karma Police")
_numbers = count(1)


class Context:
    """What Lambda hands a function beside its event."""

    function_name = "sync"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:sync"
    aws_request_id = "52fdfc07-2182-154f-163f-5f0f9a621d72"

    def __init__(self, remaining_ms: int = 900_000) -> None:
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._remaining_ms


@dataclass
class Cloud:
    env: dict[str, str]
    sqs: Any  # Any: boto3's clients are made at run time
    server: FakeNavidrome
    song_ids: list[str]
    playlists: DynamoPlaylists
    events: DynamoEvents
    health: DynamoHealth
    connections: DynamoConnections
    reports: S3Reports
    contents: S3SourceContents
    cipher: KmsCipher

    def user(self, password: str = PASSWORD) -> str:
        """A person with an account on the server, of their own in each test."""
        number = next(_numbers)
        user_id, name = f"u-{number}", f"user{number}"
        self.server.add_user(name, PASSWORD)
        self.connections.put(
            Connection(
                user_id=user_id,
                connection_id=MUSIC_SERVER,
                provider="subsonic",
                account_name=name,
                display_name="Navidrome",
                server_url=self.server.url,
                ciphertext=self.cipher.encrypt(password, user_id=user_id, connection_id=MUSIC_SERVER),
                authorised_at=datetime.now(UTC),
            )
        )
        return user_id

    def playlist(self, user_id: str, *titles: str) -> str:
        now = datetime.now(UTC)
        playlist_id = f"p-{next(_numbers)}"
        tracks = tuple(SourceTrack(title=title, artist="Someone Real", album="An Album") for title in titles)
        content = SourcePlaylist(name="Mix", tracks=tracks, version="v1")
        self.playlists.add(
            Playlist(
                user_id=user_id,
                playlist_id=playlist_id,
                name=f"Mix {playlist_id}",
                source=SourceRef(
                    kind="files", locator=self.contents.save(user_id, content), label="JSPF", version="v1"
                ),
                created_at=now,
                due_at=now - timedelta(seconds=5),
            ),
            AuditEvent(
                event_id=f"imported-{playlist_id}",
                user_id=user_id,
                playlist_id=playlist_id,
                event_type=EventType.PLAYLIST_IMPORTED,
                provider="files",
                message="Imported.",
                occurred_at=now,
            ),
        )
        return playlist_id

    def read(self, user_id: str, playlist_id: str) -> Playlist:
        found = self.playlists.get(user_id, playlist_id)
        assert found is not None
        return found

    def report(self, user_id: str, playlist_id: str) -> MatchReport:
        """What the last run found."""
        report_id = self.read(user_id, playlist_id).report_id
        assert report_id is not None
        found = self.reports.load(user_id, playlist_id, report_id)
        assert found is not None
        return found

    def set_include_unmatched(self, user_id: str, playlist_id: str, *, include: bool) -> None:
        event = AuditEvent(
            event_id=f"settings-{next(_numbers)}",
            user_id=user_id,
            playlist_id=playlist_id,
            event_type=EventType.SETTINGS_CHANGED,
            provider="files",
            message="Changed.",
            occurred_at=datetime.now(UTC),
        )
        assert self.playlists.change(user_id, playlist_id, {"include_unmatched_tracks": include}, [event])

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Takes every message off a queue, as the body and what SQS adds."""
        taken: list[dict[str, Any]] = []
        while got := self.sqs.receive_message(QueueUrl=self.env[queue], MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                taken.append(message)
                self.sqs.delete_message(QueueUrl=self.env[queue], ReceiptHandle=message["ReceiptHandle"])
        return taken


def sqs_event(*bodies: str) -> dict[str, Any]:
    """The event Lambda makes of messages on the queue."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:sync-jobs",
                "awsRegion": REGION,
            }
            for number, body in enumerate(bodies, 1)
        ]
    }


def job_body(user_id: str, *playlist_ids: str, reason: str = "manual") -> str:
    from reprise.domain.jobs import Reason, SyncJob
    from reprise.serialization.jobs import encode_job

    return encode_job(
        SyncJob(
            job_id=f"job-{next(_numbers)}",
            user_id=user_id,
            playlist_ids=playlist_ids,
            reason=Reason(reason),
            asked_at=datetime.now(UTC),
        )
    )


def bodies(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(message["Body"]) for message in messages]


@pytest.fixture(scope="module")
def _clouds() -> Iterator[Cloud]:
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
    with mock.patch.dict(os.environ, credentials), mock_aws(), FakeNavidrome(users={}) as server:
        dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
        for name in TABLES:
            create_table(dynamodb, name, f"sync-test-{name.lower()}")
        s3, kms = boto3.client("s3"), boto3.client("kms")
        s3.create_bucket(Bucket=BUCKET)
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        env = {f"{name.upper()}_TABLE": f"sync-test-{name.lower()}" for name in TABLES} | {
            "DATA_BUCKET": BUCKET,
            "CREDENTIALS_KEY_ID": key,
            "SYNC_JOBS_QUEUE_URL": sqs.create_queue(QueueName="sync-jobs")["QueueUrl"],
            "OUTCOMES_QUEUE_URL": sqs.create_queue(QueueName="outcomes")["QueueUrl"],
        }
        song_ids = server.add_songs(
            LibrarySong(title=title, artist="Someone Real", album="An Album", track_number=number)
            for number, title in enumerate(SONGS, 1)
        )
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        events_table = env["EVENTS_TABLE"]
        with mock.patch.dict(os.environ, env):
            do_job.cache_clear()
            dispatch.cache_clear()
            yield Cloud(
                env=env,
                sqs=sqs,
                server=server,
                song_ids=song_ids,
                playlists=DynamoPlaylists(table_name=env["PLAYLISTS_TABLE"], events_table=events_table, **where),
                events=DynamoEvents(table_name=events_table, **where),
                health=DynamoHealth(table_name=env["HEALTH_TABLE"], **where),
                connections=DynamoConnections(table_name=env["CONNECTIONS_TABLE"], **where),
                reports=S3Reports(client=s3, bucket=BUCKET),
                contents=S3SourceContents(client=s3, bucket=BUCKET),
                cipher=KmsCipher(client=kms, key_id=key),
            )
            do_job.cache_clear()
            dispatch.cache_clear()


@pytest.fixture
def cloud(_clouds: Cloud) -> Cloud:
    """The shared cloud with empty queues."""
    _clouds.take("SYNC_JOBS_QUEUE_URL")
    _clouds.take("OUTCOMES_QUEUE_URL")
    return _clouds
