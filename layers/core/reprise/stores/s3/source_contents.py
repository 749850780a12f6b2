"""Uploaded playlists in S3, named by the digest of what they hold."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from reprise.domain.playlists import SourcePlaylist
from reprise.serialization.playlists import decode_playlist, encode_playlist
from reprise.stores.s3.objects import is_part, packed, read, unpacked

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOCATOR = re.compile(r"(?P<place>[^/]+(?:/[^/]+)?/)?(?P<digest>[0-9a-f]{64})")


class S3SourceContents:
    """`SourceContentStore`: `sources/<user_id>/<locator>.json.gz`. The locator is `<digest>`, or `<place>/<digest>`
    (SHA-256), where a place is one part or two.
    """

    def __init__(self, *, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def save(self, user_id: str, playlist: SourcePlaylist, *, place: str = "") -> str:
        """Raises `ValueError` for a place that could not be part of a key."""
        text = encode_playlist(playlist)
        locator = f"{place}/{_digest(text)}" if place else _digest(text)
        if _read(locator) is None:
            raise ValueError("that is no place for contents")
        self._put(user_id, locator, text)
        return locator

    def renew(self, user_id: str, playlist: SourcePlaylist, locator: str) -> bool:
        text = encode_playlist(playlist)
        found = _read(locator)
        if found is None or found["digest"] != _digest(text):
            return False
        self._put(user_id, locator, text)
        return True

    def drop(self, user_id: str, locator: str) -> None:
        found = _read(locator)
        if found is not None and found["place"]:
            self._client.delete_object(Bucket=self._bucket, Key=_key(user_id, locator))

    def load(self, user_id: str, locator: str) -> SourcePlaylist | None:
        """None also for a locator that is none of ours. Raises `WireError` for content that is none of ours."""
        if _read(locator) is None:
            return None
        data = read(self._client, self._bucket, _key(user_id, locator))
        return None if data is None else decode_playlist(unpacked(data))

    def _put(self, user_id: str, locator: str, text: str) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(user_id, locator),
            Body=packed(text),
            ContentType="application/json",
            ContentEncoding="gzip",
        )


def _read(locator: str) -> re.Match[str] | None:
    """A locator in its parts, None for one that is none of ours."""
    found = _LOCATOR.fullmatch(locator)
    return found if found is not None and all(map(is_part, locator.split("/"))) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(user_id: str, locator: str) -> str:
    return f"sources/{user_id}/{locator}.json.gz"
