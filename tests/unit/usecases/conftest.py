"""The use cases of the API in memory, at a time that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from reprise.domain.accounts import Session, SessionKind, token_hash
from reprise.domain.connections import SignInWay
from reprise.domain.ids import ulid
from reprise.domain.playlists import SourcePlaylist
from reprise.domain.tracks import SourceTrack
from reprise.ports.clock import NewId
from reprise.ports.sources import InvalidUpload, PlaylistFileReader
from reprise.ports.targets import MusicServer
from reprise.usecases.account.ports import SessionPorts, TokenPorts
from reprise.usecases.connections.open_account import AccountPorts, open_account
from reprise.usecases.connections.prove_account import prove_account
from reprise.usecases.connections.renew_connection import SignInPorts
from reprise.usecases.playlists.ports import (
    CandidatePorts,
    ChangePorts,
    LinkPorts,
    RemovalPorts,
    ReportPorts,
    TrailPorts,
    UploadPorts,
)
from reprise_dev.doubles import fakes
from reprise_dev.doubles.fakes.music_server import MemoryMusicServer

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Files:
    """`PersonalFiles`, as far as it is asked: whose, and of which playlist."""

    forgotten: list[str] = field(default_factory=list)

    def forget(self, user_id: str) -> None:
        self.forgotten.append(user_id)

    def forget_playlist(self, user_id: str, playlist_id: str) -> None:
        self.forgotten.append(f"{user_id}/{playlist_id}")


@dataclass
class Desk:
    """Everything the API's use cases touch. `server` is who answers, whatever name and password is tried."""

    now: datetime = NOON
    server: MemoryMusicServer = field(default_factory=MemoryMusicServer)
    tried: list[tuple[str, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    ways: list[SignInWay | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.events = fakes.MemoryEvents()
        self.playlists = fakes.MemoryPlaylists(self.events)
        self.sessions = fakes.MemorySessions()
        self.users = fakes.MemoryUsers()
        self.connections = fakes.MemoryConnections()
        self.health = fakes.MemoryHealth()
        self.attempts = fakes.MemoryAttempts()
        self.outcomes = fakes.MemoryOutcomeQueue()
        self.jobs = fakes.MemoryJobQueue()
        self.cipher = fakes.MemoryCipher()
        self.contents = fakes.MemorySourceContents()
        self.reports = fakes.MemoryReports()
        self.files = Files()
        numbers = count(1)
        self.new_id: Callable[[], str] = lambda: ulid(self.now, next(numbers).to_bytes(10, "big"))
        self.new_token: Callable[[], str] = lambda: f"{next(numbers):043d}"

    def clock(self) -> datetime:
        return self.now

    def later(self, by: timedelta) -> None:
        self.now += by

    def open_server(self, username: str, password: str, sign_in_way: SignInWay | None) -> MemoryMusicServer:
        self.ways.append(sign_in_way)
        self.tried.append((username, password))
        return self.server

    @property
    def sign_in(self) -> SignInPorts:
        return SignInPorts(
            events=self.events,
            users=self.users,
            connections=self.connections,
            health=self.health,
            attempts=self.attempts,
            outcomes=self.outcomes,
            cipher=self.cipher,
            open_server=self.open_server,
            clock=self.clock,
            sleep=self.waits.append,
            new_id=self.new_id,
            server_url="https://music.example.test",
            administrators=frozenset({"boss"}),
        )

    @property
    def session_ports(self) -> SessionPorts:
        return SessionPorts(sessions=self.sessions, connections=self.connections, health=self.health, clock=self.clock)

    @property
    def token_ports(self) -> TokenPorts:
        return TokenPorts(
            sessions=self.sessions,
            connections=self.connections,
            health=self.health,
            clock=self.clock,
            new_token=self.new_token,
        )

    @property
    def change_ports(self) -> ChangePorts:
        return ChangePorts(playlists=self.playlists, clock=self.clock, new_id=self.new_id)

    @property
    def removal_ports(self) -> RemovalPorts:
        return RemovalPorts(playlists=self.playlists, clock=self.clock, new_id=self.new_id, files=self.files)

    @property
    def link_ports(self) -> LinkPorts:
        """For all that is queued, too."""
        return LinkPorts(
            playlists=self.playlists,
            clock=self.clock,
            new_id=self.new_id,
            jobs=self.jobs,
            new_job_id=self.new_id,
            attempts=self.attempts,
            open_account=self.open_account,
        )

    @property
    def candidate_ports(self) -> CandidatePorts:
        return CandidatePorts(
            playlists=self.playlists, attempts=self.attempts, clock=self.clock, open_account=self.open_account
        )

    @property
    def report_ports(self) -> ReportPorts:
        return ReportPorts(playlists=self.playlists, reports=self.reports)

    @property
    def trail_ports(self) -> TrailPorts:
        return TrailPorts(playlists=self.playlists, events=self.events)

    def upload_ports(self, reader: PlaylistFileReader, new_playlist_id: NewId | None = None) -> UploadPorts:
        return UploadPorts(
            playlists=self.playlists,
            clock=self.clock,
            new_id=self.new_id,
            attempts=self.attempts,
            new_playlist_id=new_playlist_id or self.new_id,
            reader=reader,
            contents=self.contents,
        )

    def prove(self, username: str, password: str, source_address: str) -> object:
        return prove_account(username=username, password=password, source_address=source_address, ports=self.sign_in)

    def open_account(self, user_id: str) -> AbstractContextManager[MusicServer]:
        ports = AccountPorts(
            connections=self.connections, health=self.health, cipher=self.cipher, open_server=self.open_server
        )
        return open_account(user_id, ports)

    def session(self, user_id: str, kind: SessionKind = SessionKind.SIGN_IN, ends: datetime | None = None) -> Session:
        made = Session(
            token_hash=token_hash(self.new_token()),
            user_id=user_id,
            kind=kind,
            label="test",
            created_at=self.now,
            expires_at=ends,
        )
        self.sessions.add(made)
        return made


@dataclass
class LineReader:
    """Reads a file of one title a line; a file beginning with "!" cannot be read."""

    name: str = ""

    def parse(self, data: bytes, *, filename: str, content_type: str) -> tuple[SourcePlaylist, str]:
        if data.startswith(b"!"):
            raise InvalidUpload("This line cannot be read.", where="line 1")
        tracks = tuple(SourceTrack(title=line) for line in data.decode().splitlines())
        return SourcePlaylist(name=self.name, tracks=tracks, version="v1"), "lines"


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    assert made.server.closed == len(made.tried), "a server that was opened was not closed"
