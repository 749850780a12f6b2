"""What each use case of the API takes, put together from the parts of the api function.

Nothing is kept here: putting an object together costs a microsecond, and its parts are kept where they are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.usecases.account.ports import EmailPorts, ForgetPorts, SessionPorts, TokenPorts
from reprise.usecases.connections.open_account import open_account
from reprise.usecases.connections.prove_account import prove_account
from reprise.usecases.notify.ports import TrialPorts
from reprise.usecases.playlists.ports import (
    AddressPorts,
    CandidatePorts,
    ChangePorts,
    ChoicePorts,
    LibraryPorts,
    LinkPorts,
    PreviewPorts,
    RemovalPorts,
    ReportPorts,
    RequestPorts,
    TrailPorts,
    UploadPorts,
)
from reprise.usecases.playlists.remove_playlist import remove_playlist

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TypedDict

    from reprise.bootstrap.api import ApiParts
    from reprise.ports.clock import Clock, NewId
    from reprise.ports.connections import ConnectionStore, HealthStore
    from reprise.ports.people import AttemptStore, SessionStore
    from reprise.ports.playlists import PlaylistStore
    from reprise.ports.queues import JobQueue
    from reprise.ports.targets import MusicServer

    class _Sessions(TypedDict):
        sessions: SessionStore
        connections: ConnectionStore
        health: HealthStore
        clock: Clock

    class _Changing(TypedDict):
        playlists: PlaylistStore
        clock: Clock
        new_id: NewId

    class _Requesting(_Changing):
        jobs: JobQueue
        attempts: AttemptStore
        new_job_id: NewId


class ApiPorts:
    """One object for each kind of work. Ids of jobs and playlists are new ones: a route may put others in."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    @property
    def session(self) -> SessionPorts:
        return SessionPorts(**self._sessions())

    @property
    def token(self) -> TokenPorts:
        return TokenPorts(**self._sessions(), new_token=self._parts.new_token)

    @property
    def email(self) -> EmailPorts:
        return EmailPorts(users=self._parts.users, normalise=self._parts.normalise_email)

    @property
    def trial(self) -> TrialPorts:
        parts = self._parts
        return TrialPorts(
            users=parts.users,
            attempts=parts.attempts,
            email=parts.email,
            emails=parts.trial_emails,
            clock=parts.clock,
        )

    @property
    def forget(self) -> ForgetPorts:
        parts = self._parts
        return ForgetPorts(
            users=parts.users,
            sessions=parts.sessions,
            connections=parts.connections,
            health=parts.health,
            lanes=parts.lanes,
            playlists=parts.playlists,
            overrides=parts.overrides,
            files=parts.files,
            prove=lambda username, password, source_address: prove_account(
                username=username, password=password, source_address=source_address, ports=parts.sign_in
            ),
            departures=parts.departures,
            clock=parts.clock,
            remove_playlist=lambda user_id, playlist_id: remove_playlist(user_id, playlist_id, self.removal),
        )

    @property
    def change(self) -> ChangePorts:
        return ChangePorts(**self._changing())

    @property
    def removal(self) -> RemovalPorts:
        return RemovalPorts(**self._changing(), files=self._parts.files)

    @property
    def request(self) -> RequestPorts:
        return RequestPorts(**self._requesting())

    @property
    def link(self) -> LinkPorts:
        return LinkPorts(**self._requesting(), open_account=self._open_account)

    @property
    def candidates(self) -> CandidatePorts:
        parts = self._parts
        return CandidatePorts(
            playlists=parts.playlists, attempts=parts.attempts, clock=parts.clock, open_account=self._open_account
        )

    @property
    def upload(self) -> UploadPorts:
        parts = self._parts
        return UploadPorts(
            **self._changing(),
            attempts=parts.attempts,
            new_playlist_id=parts.new_id,
            reader=parts.reader,
            contents=parts.contents,
        )

    @property
    def address(self) -> AddressPorts:
        parts = self._parts
        return AddressPorts(
            **self._changing(), attempts=parts.attempts, new_playlist_id=parts.new_id, finder=parts.finder
        )

    @property
    def report(self) -> ReportPorts:
        return ReportPorts(playlists=self._parts.playlists, reports=self._parts.reports)

    @property
    def preview(self) -> PreviewPorts:
        return PreviewPorts(playlists=self._parts.playlists, previews=self._parts.previews)

    @property
    def trail(self) -> TrailPorts:
        return TrailPorts(playlists=self._parts.playlists, events=self._parts.events)

    @property
    def library(self) -> LibraryPorts:
        parts = self._parts
        return LibraryPorts(
            indexes=parts.indexes, decode=parts.decode_index, server_url=parts.settings.music_server_url
        )

    @property
    def choice(self) -> ChoicePorts:
        parts = self._parts
        return ChoicePorts(
            indexes=parts.indexes,
            decode=parts.decode_index,
            server_url=parts.settings.music_server_url,
            overrides=parts.overrides,
        )

    def _open_account(self, user_id: str) -> AbstractContextManager[MusicServer]:
        return open_account(user_id, self._parts.account)

    def _sessions(self) -> _Sessions:
        parts = self._parts
        return {
            "sessions": parts.sessions,
            "connections": parts.connections,
            "health": parts.health,
            "clock": parts.clock,
        }

    def _changing(self) -> _Changing:
        return {"playlists": self._parts.playlists, "clock": self._parts.clock, "new_id": self._parts.new_id}

    def _requesting(self) -> _Requesting:
        parts = self._parts
        return {
            **self._changing(),
            "jobs": parts.jobs,
            "attempts": parts.attempts,
            "new_job_id": parts.new_id,
        }
