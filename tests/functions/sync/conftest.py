"""The dispatcher and the sync function as AWS calls them: real events, real adapters, AWS played by moto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

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
from reprise_dev.doubles.cloud import BUCKET, REGION, Cloud, Context, opened_cloud, sqs_event
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.samples.music_library import LibrarySong
from sync.app import do_job

PASSWORD = "canary-Pa55word-91ab"
SONGS = ("Paranoid Android", "Army of Me", "Teardrop", "Roads", "Glory Box", "Karma Police")
CONTEXT: Any = Context("sync")  # Any: as much of Lambda's as is asked for
_numbers = count(1)


@dataclass
class SyncStage(Cloud):
    """A cloud with a music server, and what a test says of the people there."""

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


def jobs_event(*job_bodies: str) -> dict[str, Any]:  # Any: the event's own values
    """The event Lambda makes of messages on the queue of jobs."""
    return sqs_event(*job_bodies, queue="sync-jobs")


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


@pytest.fixture(scope="module")
def _stages() -> Iterator[SyncStage]:
    with (
        FakeNavidrome(users={}) as server,
        opened_cloud(do_job, dispatch, settings={"MUSIC_SERVER_URL": server.url}) as cloud,
    ):
        song_ids = server.add_songs(
            LibrarySong(title=title, artist="Someone Real", album="An Album", track_number=number)
            for number, title in enumerate(SONGS, 1)
        )
        where: Any = {"region": REGION, "endpoint": None}  # Any: two types of value
        events_table = cloud.table("Events")
        yield SyncStage(
            **vars(cloud),
            server=server,
            song_ids=song_ids,
            playlists=DynamoPlaylists(table_name=cloud.table("Playlists"), events_table=events_table, **where),
            events=DynamoEvents(table_name=events_table, **where),
            health=DynamoHealth(table_name=cloud.table("Health"), **where),
            connections=DynamoConnections(table_name=cloud.table("Connections"), **where),
            reports=S3Reports(client=cloud.s3, bucket=BUCKET),
            contents=S3SourceContents(client=cloud.s3, bucket=BUCKET),
            cipher=KmsCipher(client=cloud.kms, key_id=cloud.env["CREDENTIALS_KEY_ID"]),
        )


@pytest.fixture
def cloud(_stages: SyncStage) -> SyncStage:
    """The shared cloud with empty queues."""
    _stages.bodies("SYNC_JOBS_QUEUE_URL")
    _stages.bodies("OUTCOMES_QUEUE_URL")
    return _stages
