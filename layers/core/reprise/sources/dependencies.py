"""What sources are built from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reprise.domain.reach import Reach
from reprise.ports.clock import Clock
from reprise.ports.contents import SourceCacheStore, SourceContentStore
from reprise.ports.sources import PlaylistFileReader


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDependencies:
    """Everything that any source may need; each takes what it uses and ignores the rest.

    `open_reader` makes the reader of playlist files: only a source that reads one pays for importing it. `reach` is
    how far an address given by a person may lead.
    """

    contents: SourceContentStore
    caches: SourceCacheStore
    open_reader: Callable[[], PlaylistFileReader]
    clock: Clock
    reach: Reach
