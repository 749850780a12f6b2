"""Everything of one person in S3, for deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.stores.s3.objects import delete, is_part

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Each store keeps what belongs to a person under `<folder>/<user_id>/`.
FOLDERS = ("sources", "reports", "previews", "library")


class S3PersonalFiles:
    """`PersonalFiles`. Raises `OSError` when S3 kept some of it; what went is gone, and asking again is fine."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def forget(self, user_id: str) -> None:
        for folder in FOLDERS:
            self._forget_all(f"{folder}/{user_id}/")

    def forget_playlist(self, user_id: str, playlist_id: str) -> None:
        if not is_part(playlist_id):
            return
        for folder in ("reports", "sources"):
            self._forget_all(f"{folder}/{user_id}/{playlist_id}/")
        delete(self._client, self._bucket, [f"previews/{user_id}/{playlist_id}.json.gz"])

    def _forget_all(self, prefix: str) -> None:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            delete(self._client, self._bucket, [found["Key"] for found in page.get("Contents", [])])
