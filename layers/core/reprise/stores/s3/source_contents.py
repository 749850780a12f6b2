"""Uploaded playlists in S3, named by the digest of what they hold."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from reprise.domain.playlists import SourcePlaylist
from reprise.serialization.playlists import decode_playlist, encode_playlist
from reprise.stores.s3.objects import packed, read, unpacked

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DIGEST = re.compile(r"[0-9a-f]{64}")


class S3SourceContents:
    """`SourceContentStore`: `sources/<user_id>/<digest>.json.gz`. The locator is the digest (SHA-256)."""

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save(self, user_id: str, playlist: SourcePlaylist) -> str:
        text = encode_playlist(playlist)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(user_id, digest),
            Body=packed(text),
            ContentType="application/json",
            ContentEncoding="gzip",
        )
        return digest

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None:
        """None also for a locator that is none of ours. Raises `WireError` for content that is none of ours."""
        if not _DIGEST.fullmatch(locator):
            return None
        data = read(self._client, self._bucket, _key(user_id, locator))
        return None if data is None else decode_playlist(unpacked(data))


def _key(user_id: str, digest: str) -> str:
    return f"sources/{user_id}/{digest}.json.gz"
