"""What sources remember between runs: what every store of it does, in memory and in S3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from reprise.ports.contents import SourceCache, SourceCacheStore
from reprise.serialization.fields import WireError
from reprise.stores.s3.source_caches import S3SourceCaches
from reprise_dev.doubles.fakes import MemorySourceCaches
from reprise_dev.samples.specimens import T0

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

URL = "https://example.org/mix.jspf?token=s3cret"
CACHE = SourceCache(etag='W/"1"', last_modified="", version="v", content="c", fetched_at=T0)


@cache
def s3() -> S3Client:
    return boto3.client("s3", region_name="eu-west-1")


@pytest.fixture
def in_s3(_no_account: None) -> Iterator[S3SourceCaches]:
    with mock_aws():
        s3().create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield S3SourceCaches(client=s3(), bucket="data")


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> SourceCacheStore:
    if request.param == "memory":
        return MemorySourceCaches()
    found: S3SourceCaches = request.getfixturevalue("in_s3")
    return found


def test_what_was_put_comes_back_and_replaces_what_was_there(store: SourceCacheStore) -> None:
    assert store.get("u-1", "web", URL) is None
    for cache_ in (CACHE, replace(CACHE, etag="", not_before=T0 + timedelta(hours=1))):
        store.put("u-1", "web", URL, cache_)
        assert store.get("u-1", "web", URL) == cache_


def test_each_person_kind_and_address_has_its_own(store: SourceCacheStore) -> None:
    store.put("u-1", "web", URL, CACHE)
    for asked in (("u-2", "web", URL), ("u-1", "tape", URL), ("u-1", "web", URL + "x"), ("u-1", "web", "")):
        assert store.get(*asked) is None


@pytest.mark.parametrize("locator", ["", "../../u-2/x", "x" * 5000, "\x00", "https://音楽.example/"])
def test_any_text_is_a_locator(store: SourceCacheStore, locator: str) -> None:
    store.put("u-1", "web", locator, CACHE)
    assert store.get("u-1", "web", locator) == CACHE


def test_no_key_and_no_content_names_the_address(in_s3: S3SourceCaches) -> None:
    in_s3.put("u-1", "web", URL, CACHE)
    (found,) = s3().list_objects_v2(Bucket="data")["Contents"]
    assert found["Key"].startswith("sources/u-1/web/")
    assert found["Key"].endswith(".json")
    body = s3().get_object(Bucket="data", Key=found["Key"])["Body"].read()
    assert not any(part in found["Key"].encode() + body for part in (b"s3cret", b"example.org", b"mix.jspf"))


def test_a_kind_is_no_path(in_s3: S3SourceCaches) -> None:
    with pytest.raises(ValueError, match="no kind"):
        in_s3.put("u-1", "../u-2/web", URL, CACHE)


def test_what_we_did_not_write_is_an_error_and_not_an_absence(in_s3: S3SourceCaches) -> None:
    in_s3.put("u-1", "web", URL, CACHE)
    (found,) = s3().list_objects_v2(Bucket="data")["Contents"]
    s3().put_object(Bucket="data", Key=found["Key"], Body=b"{}")
    with pytest.raises(WireError):
        in_s3.get("u-1", "web", URL)


def test_a_bucket_that_refuses_is_an_error_and_not_an_absence(in_s3: S3SourceCaches) -> None:
    with pytest.raises(ClientError):
        S3SourceCaches(client=s3(), bucket="no-such-bucket").get("u-1", "web", URL)
