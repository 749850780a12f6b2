"""What sources remember between runs, in S3."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reprise.ports.contents import SourceCache
from reprise.serialization.source_caches import decode_cache, encode_cache
from reprise.stores.s3.objects import is_part, read

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3SourceCaches:
    """`SourceCacheStore`: `sources/<user_id>/<kind>/<digest of the locator>.json`.

    The locator may be an address with a token in it, so only its digest (SHA-256) becomes part of a key, and the
    content does not name it either. Two writers at once: the later one stands, and both hold what the source said.
    """

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self, user_id: str, kind: str, locator: str) -> SourceCache | None:
        """Raises `WireError` for content that is none of ours."""
        data = read(self._client, self._bucket, _key(user_id, kind, locator))
        return None if data is None else decode_cache(data)

    def put(self, user_id: str, kind: str, locator: str, cache: SourceCache) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(user_id, kind, locator),
            Body=encode_cache(cache).encode(),
            ContentType="application/json",
        )


def _key(user_id: str, kind: str, locator: str) -> str:
    if not is_part(kind):
        raise ValueError("that is no kind of source")
    return f"sources/{user_id}/{kind}/{hashlib.sha256(locator.encode()).hexdigest()}.json"
