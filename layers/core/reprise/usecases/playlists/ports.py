"""What the use cases of playlists need from outside: one object for each kind of work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reprise.ports.clock import Clock, NewId
from reprise.ports.contents import LibraryIndexStore, PersonalFiles, PreviewStore, ReportStore, SourceContentStore
from reprise.ports.events import EventStore
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import OverrideStore, PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.ports.sources import PlaylistFileReader, PlaylistFinder
from reprise.ports.targets import MusicServer

if TYPE_CHECKING:
    from reprise.matching.index import LibraryIndex

# Reads a stored index; returns None for one of another version of Reprise, which the next sync replaces. It is handed
# in, so that only a search pays for importing the matcher.
DecodeIndex = Callable[[bytes], "LibraryIndex | None"]

# Opens a person's own account on the music server, and closes it. Raises `Conflict` where they have to sign in first.
OpenAccount = Callable[[str], AbstractContextManager[MusicServer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePorts:
    """For a change that leaves audit events. `new_id` makes their ids."""

    playlists: PlaylistStore
    clock: Clock
    new_id: NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalPorts(ChangePorts):
    """For forgetting a playlist."""

    files: PersonalFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPorts(ChangePorts):
    """For work that is done elsewhere, and asked for only so often. `new_job_id` may give the same id again: then it is
    the same job.
    """

    jobs: JobQueue
    attempts: AttemptStore
    new_job_id: NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPorts(RequestPorts):
    """For taking up a list that is on the music server already."""

    open_account: OpenAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatePorts:
    """For looking at the lists that are on the music server already."""

    playlists: PlaylistStore
    attempts: AttemptStore
    clock: Clock
    open_account: OpenAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPorts(ChangePorts):
    """For new playlists. `new_playlist_id` may give the same id again: then it is the same playlist."""

    attempts: AttemptStore
    new_playlist_id: NewId


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPorts(ImportPorts):
    """For playlists that come as a file."""

    reader: PlaylistFileReader
    contents: SourceContentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPorts(ImportPorts):
    """For playlists that are fetched from an address."""

    finder: PlaylistFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPorts:
    """For reading match reports."""

    playlists: PlaylistStore
    reports: ReportStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPorts:
    """For reading previews."""

    playlists: PlaylistStore
    previews: PreviewStore


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPorts:
    """For reading the audit trail."""

    playlists: PlaylistStore
    events: EventStore


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPorts:
    """For reading a person's library as the last sync of it stored it. `server_url` says which server's it is."""

    indexes: LibraryIndexStore
    decode: DecodeIndex
    server_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePorts(LibraryPorts):
    """For matches chosen by hand."""

    overrides: OverrideStore
