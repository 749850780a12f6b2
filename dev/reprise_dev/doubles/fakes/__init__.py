"""In-memory fakes of the ports. The contract suites run on them and on the real adapters alike."""

from reprise_dev.doubles.fakes.accounts import (
    MemoryAttempts,
    MemoryConnections,
    MemoryDepartures,
    MemorySessions,
    MemoryUsers,
)
from reprise_dev.doubles.fakes.cipher import MemoryCipher
from reprise_dev.doubles.fakes.events import MemoryEvents
from reprise_dev.doubles.fakes.health import MemoryHealth
from reprise_dev.doubles.fakes.lanes import MemoryLanes
from reprise_dev.doubles.fakes.objects import (
    MemoryLibraryIndexes,
    MemoryPreviews,
    MemoryReports,
    MemorySourceCaches,
    MemorySourceContents,
)
from reprise_dev.doubles.fakes.overrides import MemoryOverrides
from reprise_dev.doubles.fakes.playlists import MemoryPlaylists
from reprise_dev.doubles.fakes.queues import MemoryJobQueue, MemoryOutcomeQueue

__all__ = [
    "MemoryAttempts",
    "MemoryCipher",
    "MemoryConnections",
    "MemoryDepartures",
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
