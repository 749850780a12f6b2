"""What sources remember between runs, as stored documents."""

from __future__ import annotations

from reprise.ports.contents import SourceCache
from reprise.serialization.fields import dump, load, moment_text, written

_KIND, _VERSION = "source-cache", 1


def encode_cache(cache: SourceCache) -> str:
    return dump(
        _KIND,
        _VERSION,
        written(
            {
                "etag": cache.etag,
                "last_modified": cache.last_modified,
                "version": cache.version,
                "content": cache.content,
                "fetched_at": moment_text(cache.fetched_at),
                "not_before": moment_text(cache.not_before) if cache.not_before else None,
            }
        ),
    )


def decode_cache(text: str | bytes) -> SourceCache:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    return SourceCache(
        etag=fields.text("etag"),
        last_modified=fields.text("last_modified"),
        version=fields.text("version"),
        content=fields.text("content"),
        fetched_at=fields.moment("fetched_at"),
        not_before=fields.moment_or_none("not_before"),
    )
