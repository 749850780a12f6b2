"""Heads of stored library indexes as stored documents."""

from __future__ import annotations

from reprise.ports.contents import LibraryHead
from reprise.serialization.fields import dump, load, moment_text

_KIND, _VERSION = "library-head", 1


def encode_head(head: LibraryHead) -> str:
    return dump(
        _KIND,
        _VERSION,
        {
            "version": head.version,
            "stamp": head.stamp,
            "song_count": head.song_count,
            "checked_at": moment_text(head.checked_at),
        },
    )


def decode_head(text: str | bytes) -> LibraryHead:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    return LibraryHead(
        version=fields.text("version"),
        stamp=fields.text("stamp"),
        song_count=fields.integer("song_count"),
        checked_at=fields.moment("checked_at"),
    )
