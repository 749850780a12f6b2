"""In-memory fakes of the ports. The contract suites run on them and on the real adapters alike."""

from reprise_dev.fakes.accounts import MemoryAttempts, MemoryConnections, MemorySessions, MemoryUsers
from reprise_dev.fakes.cipher import MemoryCipher
from reprise_dev.fakes.events import MemoryEvents
from reprise_dev.fakes.health import MemoryHealth
from reprise_dev.fakes.lanes import MemoryLanes
from reprise_dev.fakes.objects import (
    MemoryLibraryIndexes,
    MemoryPreviews,
    MemoryReports,
    MemorySourceCaches,
    MemorySourceContents,
)
from reprise_dev.fakes.overrides import MemoryOverrides
from reprise_dev.fakes.playlists import MemoryPlaylists
from reprise_dev.fakes.queues import MemoryJobQueue, MemoryOutcomeQueue

__all__ = [
    "MemoryAttempts",
    "MemoryCipher",
    "MemoryConnections",
    "MemoryEvents",
    "MemoryHealth",
    "MemoryJobQueue",
    "MemoryLanes",
    "MemoryLibraryIndexes",
    "MemoryOutcomeQueue",
    "MemoryOverrides",
    "MemoryPlaylists",
    "MemoryPreviews",
    "MemoryReports",
    "MemorySessions",
    "MemorySourceCaches",
    "MemorySourceContents",
    "MemoryUsers",
]
