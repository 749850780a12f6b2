"""Previews in S3, one per playlist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.domain.previews import Preview
from reprise.serialization.previews import decode_preview, encode_preview
from reprise.stores.s3.objects import is_part, packed, read, unpacked

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Previews:
    """`PreviewStore`: `previews/<user_id>/<playlist_id>.json.gz`."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save(self, user_id: str, playlist_id: str, preview: Preview) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(user_id, playlist_id),
            Body=packed(encode_preview(preview)),
            ContentType="application/json",
            ContentEncoding="gzip",
        )

    def load(self, user_id: str, playlist_id: str) -> Preview | None:
        """None also for an id that is none of ours. Raises `WireError` for content that is none of ours."""
        if not is_part(playlist_id):
            return None
        data = read(self._client, self._bucket, _key(user_id, playlist_id))
        return None if data is None else decode_preview(unpacked(data))


def _key(user_id: str, playlist_id: str) -> str:
    return f"previews/{user_id}/{playlist_id}.json.gz"
