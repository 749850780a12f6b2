"""What the sources of a function are made from, for the two functions that open some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.sources.registry import SourceDependencies

if TYPE_CHECKING:
    from reprise.bootstrap.aws import Aws
    from reprise.domain.reach import Reach
    from reprise.ports.clock import Clock
    from reprise.ports.sources import PlaylistFileReader


def source_dependencies(aws: Aws, *, clock: Clock, reach: Reach) -> SourceDependencies:
    return SourceDependencies(
        contents=aws.contents, caches=aws.caches, open_reader=open_reader, clock=clock, reach=reach
    )


def open_reader() -> PlaylistFileReader:
    """Imported here: only a playlist that comes as a file needs the formats."""
    from reprise.sources.files.reader import FileReader

    return FileReader()
