"""Who left: one empty object a departure, so that a list of names is all that a restore has to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from reprise.ports.people import DepartureStore
from reprise.stores.s3.departures import S3Departures
from reprise_dev.doubles.fakes import MemoryDepartures

LEFT = datetime(2026, 11, 21, 12, 0, 0, 123_456, tzinfo=UTC)


class FromBucket(S3Departures):
    """The real one, and what an operator sees of it."""

    @property
    def all(self) -> list[tuple[str, datetime]]:
        listed = self._client.list_objects_v2(Bucket=self._bucket).get("Contents", [])
        told = [found["Key"].split("/") for found in listed if found["Size"] == 0]
        return [(who, datetime.fromtimestamp(int(ms) / 1000, UTC)) for _, who, ms in told]


@pytest.fixture(params=["memory", "moto"])
def departures(request: pytest.FixtureRequest, _no_account: None) -> Iterator[DepartureStore]:
    if request.param == "memory":
        yield MemoryDepartures()
        return
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="data")
        yield FromBucket(client=client, bucket="data")


def test_each_departure_stands_by_itself_and_noted_twice_is_noted_once(
    departures: MemoryDepartures | FromBucket,
) -> None:
    later = LEFT + timedelta(days=3)
    for who, when in [("u-1", LEFT), ("u-1", LEFT), ("u-2", LEFT), ("u-1", later)]:
        departures.note(who, when)
    to_the_ms = timedelta(microseconds=LEFT.microsecond % 1000)
    assert sorted(departures.all) == [
        ("u-1", LEFT - to_the_ms),
        ("u-1", later - to_the_ms),
        ("u-2", LEFT - to_the_ms),
    ]
