"""What a sync would do: what every `PreviewStore` does, in memory and in S3."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from moto import mock_aws

from reprise.domain.playlists import Counts
from reprise.domain.previews import Change, Preview, PreviewStep, Step
from reprise.ports.contents import PreviewStore
from reprise.serialization.fields import WireError
from reprise.stores.s3.previews import S3Previews
from reprise_dev.doubles.fakes import MemoryPreviews
from reprise_dev.samples.specimens import T0, previews

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STEP = Step(change=Change.ADDED, library_id="s-1", before=None, after=0)
PREVIEW = Preview(
    job_id="job-1",
    created_at=T0,
    counts=Counts(total=2, matched=1, by_method={"exact": 1}),
    kept=7,
    steps=(PreviewStep(step=STEP, title="Élan", artist="東京", why="Same artist, title and album."),),
    held="It lost 40 of 50 tracks.",
)


@cache
def s3() -> S3Client:
    """One for all tests: making a client costs more than most of them."""
    return boto3.client("s3", region_name="eu-west-1")


@pytest.fixture
def in_s3(_no_account: None) -> Iterator[S3Previews]:
    with mock_aws():
        s3().create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield S3Previews(client=s3(), bucket="data")


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> PreviewStore:
    if request.param == "memory":
        return MemoryPreviews()
    found: PreviewStore = request.getfixturevalue("in_s3")
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(preview=previews)
def test_a_preview_comes_back(store: PreviewStore, preview: Preview) -> None:
    store.save("u-1", "p-1", preview)
    assert store.load("u-1", "p-1") == preview


def test_the_newest_replaces_the_one_before(store: PreviewStore) -> None:
    store.save("u-1", "p-1", PREVIEW)
    newer = replace(PREVIEW, job_id="job-2", steps=(), held="")
    store.save("u-1", "p-1", newer)
    assert store.load("u-1", "p-1") == newer


def test_a_preview_is_its_playlists_and_its_users_own(store: PreviewStore) -> None:
    store.save("u-1", "p-1", PREVIEW)
    asked = [("u-1", "p-1"), ("u-1", "p-2"), ("u-2", "p-1")]
    assert [store.load(*names) for names in asked] == [PREVIEW, None, None]


@pytest.mark.parametrize("playlist_id", ["", ".", "..", "../u-2/p-1", "a/b", "x" * 5000, "\x00", "\ud800"])
def test_no_path_leads_to_anothers_preview(store: PreviewStore, playlist_id: str) -> None:
    store.save("u-2", "p-1", PREVIEW)
    assert store.load("u-1", playlist_id) is None


def test_it_is_compressed_under_its_users_folder(in_s3: S3Previews) -> None:
    in_s3.save("u-1", "p-1", PREVIEW)
    stored = s3().get_object(Bucket="data", Key="previews/u-1/p-1.json.gz")
    assert (stored["ContentType"], stored["ContentEncoding"]) == ("application/json", "gzip")
    assert PREVIEW.held.encode() in gzip.decompress(stored["Body"].read())


def test_what_we_did_not_write_is_not_taken_for_a_preview(in_s3: S3Previews) -> None:
    s3().put_object(Bucket="data", Key="previews/u-1/p-1.json.gz", Body=gzip.compress(b'{"kind": "preview", "v": 2}'))
    with pytest.raises(WireError):
        in_s3.load("u-1", "p-1")


def test_a_bucket_that_refuses_is_an_error_and_not_an_absence(in_s3: S3Previews) -> None:
    with pytest.raises(ClientError):
        S3Previews(client=s3(), bucket="no-such-bucket").load("u-1", "p-1")
