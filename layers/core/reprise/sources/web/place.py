"""How much of a playlist's address may be shown."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote

from reprise.http.address import WebAddress

# Endings by which the last part of a path is a file's name. Any other may be a token, and is shown to nobody.
FILE_NAMES = frozenset({".jspf", ".xspf", ".xml", ".json", ".m3u", ".m3u8", ".csv", ".tsv", ".txt"})
FILE_NAME_MAX = 80


def file_name(address: WebAddress) -> str:
    """Returns the last part of the path if that is the name of a file, else ""."""
    path = PurePosixPath(unquote(address.target.partition("?")[0]))
    shown = path.name.isprintable() and len(path.name) <= FILE_NAME_MAX and path.suffix.lower() in FILE_NAMES
    return path.name if shown else ""


def place(address: WebAddress) -> str:
    """Returns as much of the address as a person may be shown: "example.org/…/mix.jspf"."""
    name = file_name(address)
    if not name:
        return address.host
    nested = address.target.partition("?")[0].count("/") > 1
    return f"{address.host}/{'…/' if nested else ''}{name}"
