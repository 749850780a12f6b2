"""Who left, in S3: beside the tables, so that it is there when one of them is lost or turned back.

An empty object for each departure: `departures/<user_id>/<milliseconds since the epoch>`. Nothing here reads or deletes
them: a restore reads their names (docs/operations.md), and a rule of the bucket ends them after 40 days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


class S3Departures:
    """`DepartureStore`."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def note(self, user_id: str, left_at: datetime) -> None:
        key = f"departures/{user_id}/{(left_at - _EPOCH) // _MILLISECOND}"
        self._client.put_object(Bucket=self._bucket, Key=key, Body=b"")
