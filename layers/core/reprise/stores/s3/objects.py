"""Reading and writing single objects. Times out soon; what is not there is None, all else raises as it is."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PART = re.compile(r"[0-9A-Za-z_:-][0-9A-Za-z._:-]{0,127}")


def is_part(text: str) -> bool:
    """True for what may stand between two slashes of a key: an id of ours, never a path."""
    return _PART.fullmatch(text) is not None


def read(client: S3Client, bucket: str, key: str) -> bytes | None:
    """The object's content, None when there is none."""
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
            return None
        raise


def delete(client: S3Client, bucket: str, keys: Sequence[str]) -> None:
    """Delete up to a thousand objects; one that is not there is fine. Raises `OSError` when S3 kept some."""
    if not keys:
        return
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True})
    if answer.get("Errors"):
        raise OSError(f"{len(answer['Errors'])} of {len(keys)} objects were not deleted")


def packed(text: str) -> bytes:
    """gzip without a time stamp: equal text, equal bytes."""
    return gzip.compress(text.encode(), mtime=0)


def unpacked(data: bytes) -> bytes:
    return gzip.decompress(data)
