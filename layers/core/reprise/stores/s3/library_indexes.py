"""Encoded library indexes in S3: a head that names the current version, and the versions.

    library/<user_id>/<server digest>/head.json         written last: one PUT moves everyone to the new version
    library/<user_id>/<server digest>/<version>.idx     written first; the one before stays for jobs that are reading it

A version that is neither current nor the one before goes once it is an hour old. A job that comes too late for one
finds none and refreshes.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from reprise.ports.contents import LibraryHead
from reprise.serialization.library_heads import decode_head, encode_head
from reprise.stores.s3.objects import is_part, read

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# How long a version that nobody points to is kept: longer than any job lasts that may read it or point to it.
SPARED = timedelta(hours=1)


class S3LibraryIndexes:
    """`LibraryIndexStore`."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def head(self, user_id: str, server_url: str) -> LibraryHead | None:
        """Raises `WireError` for content that is none of ours."""
        data = read(self._client, self._bucket, f"{_folder(user_id, server_url)}head.json")
        return None if data is None else decode_head(data)

    def load(self, user_id: str, server_url: str, version: str) -> bytes | None:
        return read(self._client, self._bucket, _index_key(user_id, server_url, version))

    def save(self, user_id: str, server_url: str, head: LibraryHead, data: bytes | None) -> None:
        before = None if data is None else self.head(user_id, server_url)
        if data is not None:
            self._client.put_object(Bucket=self._bucket, Key=_index_key(user_id, server_url, head.version), Body=data)
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{_folder(user_id, server_url)}head.json",
            Body=encode_head(head).encode(),
            ContentType="application/json",
        )
        if before is not None and before.version != head.version:
            self._tidy(user_id, server_url, head, before)

    def _tidy(self, user_id: str, server_url: str, head: LibraryHead, before: LibraryHead) -> None:
        kept = {_index_key(user_id, server_url, version) for version in (head.version, before.version)}
        listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=_folder(user_id, server_url))
        for found in listed.get("Contents", []):
            key = found["Key"]
            if key.endswith(".idx") and key not in kept and found["LastModified"] < head.checked_at - SPARED:
                self._client.delete_object(Bucket=self._bucket, Key=key)


def _folder(user_id: str, server_url: str) -> str:
    return f"library/{user_id}/{hashlib.sha256(server_url.encode()).hexdigest()[:32]}/"


def _index_key(user_id: str, server_url: str, version: str) -> str:
    if not is_part(version):
        raise ValueError("that is no version of an index")
    return f"{_folder(user_id, server_url)}{version}.idx"
