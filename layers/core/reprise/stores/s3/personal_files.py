"""Everything of one person in S3, for deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDERS = ("sources", "reports", "previews", "library")
"""Each store keeps what belongs to a person under `<folder>/<user_id>/`."""


class S3PersonalFiles:
    """`PersonalFiles`."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def forget(self, user_id: str) -> None:
        """Raises `OSError` when S3 kept some of it; what went is gone, and asking again is fine."""
        for folder in FOLDERS:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{folder}/{user_id}/"
            )
            for page in pages:
                self._delete([found["Key"] for found in page.get("Contents", [])])

    def _delete(self, keys: list[str]) -> None:
        if not keys:
            return
        answer = self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
        if answer.get("Errors"):
            raise OSError(f"{len(answer['Errors'])} of {len(keys)} objects were not deleted")
