"""What sources are built from, in memory."""

from __future__ import annotations

from datetime import UTC, datetime

from reprise.domain.reach import Reach
from reprise.ports.clock import Clock
from reprise.ports.contents import SourceCacheStore, SourceContentStore
from reprise.sources.dependencies import SourceDependencies
from reprise.sources.files.reader import FileReader
from reprise_dev.doubles.fakes.objects import MemorySourceCaches, MemorySourceContents


def memory_sources(
    *,
    contents: SourceContentStore | None = None,
    caches: SourceCacheStore | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    reach: Reach = Reach.MACHINE,
) -> SourceDependencies:
    """Empty stores where none are given. Reaches loopback, where tests have their servers."""
    return SourceDependencies(
        contents=contents or MemorySourceContents(),
        caches=caches or MemorySourceCaches(),
        open_reader=FileReader,
        clock=clock,
        reach=reach,
    )
