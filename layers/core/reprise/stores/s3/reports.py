"""Match reports in S3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reprise.domain.matches import MatchReport
from reprise.serialization.reports import decode_report, encode_report
from reprise.stores.s3.objects import delete, is_part, packed, read, unpacked

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


# As many objects as S3 deletes in one request.
MOST_AT_ONCE = 1000


class S3Reports:
    """`ReportStore`: `reports/<user_id>/<playlist_id>/<report_id>.json.gz`. No run overwrites another's."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save(self, user_id: str, report: MatchReport) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(user_id, report.playlist_id, report.report_id),
            Body=packed(encode_report(report)),
            ContentType="application/json",
            ContentEncoding="gzip",
        )

    def load(self, user_id: str, playlist_id: str, report_id: str) -> MatchReport | None:
        """None also for ids that are none of ours. Raises `WireError` for content that is none of ours."""
        if not (is_part(playlist_id) and is_part(report_id)):
            return None
        data = read(self._client, self._bucket, _key(user_id, playlist_id, report_id))
        return None if data is None else decode_report(unpacked(data))

    def remove(self, user_id: str, reports: Sequence[tuple[str, str]]) -> None:
        named = [_key(user_id, *names) for names in reports if all(map(is_part, names))]
        for start in range(0, len(named), MOST_AT_ONCE):
            delete(self._client, self._bucket, named[start : start + MOST_AT_ONCE])


def _key(user_id: str, playlist_id: str, report_id: str) -> str:
    return f"reports/{user_id}/{playlist_id}/{report_id}.json.gz"
