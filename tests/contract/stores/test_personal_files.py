"""Deleting everything that S3 keeps of one person, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from reprise.domain.matches import MatchReport
from reprise.domain.playlists import Counts, SourcePlaylist
from reprise.domain.previews import Preview
from reprise.ports.contents import LibraryHead, SourceCache
from reprise.stores.s3.library_indexes import S3LibraryIndexes
from reprise.stores.s3.personal_files import S3PersonalFiles
from reprise.stores.s3.previews import S3Previews
from reprise.stores.s3.reports import S3Reports
from reprise.stores.s3.source_caches import S3SourceCaches
from reprise.stores.s3.source_contents import S3SourceContents

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def s3(_no_account: None) -> Iterator[S3Client]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="data")
        yield client


def fill(client: S3Client, user_id: str) -> None:
    """One of everything that any store writes for a person."""
    place: dict[str, Any] = {"client": client, "bucket": "data"}
    S3SourceContents(**place).save(user_id, SourcePlaylist(name="Mix", tracks=(), version="v"))
    cache = SourceCache(etag="", last_modified="", version="v", content="c", fetched_at=NOW)
    S3SourceCaches(**place).put(user_id, "web", "https://lists.example", cache)
    report = MatchReport(playlist_id="p", report_id="r", created_at=NOW, library_version="l", policy_version="p")
    S3Reports(**place).save(user_id, report)
    S3Previews(**place).save(user_id, "p", Preview(job_id="j", created_at=NOW, counts=Counts(), kept=0, steps=()))
    head = LibraryHead(version="v1", stamp="s", song_count=1, checked_at=NOW)
    S3LibraryIndexes(**place).save(user_id, "https://music.example", head, b"index")


def keys(client: S3Client) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="data")
    return [found["Key"] for page in pages for found in page.get("Contents", [])]


def test_nothing_of_the_person_is_left_and_everything_of_others(s3: S3Client) -> None:
    for user_id in ("u-1", "u-12"):
        fill(s3, user_id)
    for number in range(1100):  # more than one answer lists, and one request deletes
        s3.put_object(Bucket="data", Key=f"reports/u-1/p/{number}.json.gz", Body=b"x")
    before = keys(s3)
    files = S3PersonalFiles(client=s3, bucket="data")
    for _ in range(2):
        files.forget("u-1")
        assert keys(s3) == [key for key in before if "/u-12/" in key]


def test_what_could_not_be_deleted_is_not_kept_quiet(s3: S3Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(s3, "u-1")
    refused = {"Errors": [{"Key": "k", "Code": "InternalError", "Message": "m"}]}
    monkeypatch.setattr(s3, "delete_objects", lambda **_: refused)
    with pytest.raises(OSError, match="1 of 2 objects were not deleted"):
        S3PersonalFiles(client=s3, bucket="data").forget("u-1")


def test_what_is_kept_of_one_playlist_goes_and_that_of_others_stays(s3: S3Client) -> None:
    for user_id in ("u-1", "u-12"):
        fill(s3, user_id)
    report = MatchReport(playlist_id="p2", report_id="r", created_at=NOW, library_version="l", policy_version="p")
    S3Reports(client=s3, bucket="data").save("u-1", report)
    for place in ("p", "p/01H", "p2"):
        S3SourceContents(client=s3, bucket="data").save(
            "u-1", SourcePlaylist(name="", tracks=(), version=""), place=place
        )
    before = keys(s3)
    files = S3PersonalFiles(client=s3, bucket="data")
    for playlist_id in ("p", "p", "../u-12/p", ""):
        files.forget_playlist("u-1", playlist_id)
    gone = {"reports/u-1/p/r.json.gz", "previews/u-1/p.json.gz"}
    gone |= {key for key in before if key.startswith("sources/u-1/p/")}
    assert len(gone) == 4
    assert keys(s3) == [key for key in before if key not in gone]
    assert gone <= set(before)
