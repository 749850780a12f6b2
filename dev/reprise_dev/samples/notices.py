"""Notices as the notifier derives them, and outcomes that they come of, for the notifier's suites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from reprise.domain.accounts import User
from reprise.domain.connections import MUSIC_SERVER, ConnectionId, Party, Side
from reprise.domain.failures import FailureKind
from reprise.domain.notices import CONNECTION_CAUSE, Notice, NoticeType
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd, Standing
from reprise.domain.playlists import SyncState

T0 = datetime(2026, 11, 20, 14, 5, 30, 250001, tzinfo=UTC)
USER_ID = "u-ann"
ADDRESS = "ann@example.org"
NAVIDROME = Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER)


def ann(email: str | None = ADDRESS) -> User:
    return User(user_id=USER_ID, username="ann", server_url="https://music.example.org", created_at=T0, email=email)


def ends(*names: str, state: SyncState = SyncState.ERROR, fatal: bool = False) -> tuple[PlaylistEnd, ...]:
    """`fatal`: each failed for good, by itself."""
    fault = Fault(kind=FailureKind.NOT_FOUND) if fatal else None
    return tuple(PlaylistEnd(playlist_id=f"p-{name}", name=name, state=state, fault=fault) for name in names)


def failed(
    name: str = "f1",
    *,
    at: datetime = T0,
    cause: str = CONNECTION_CAUSE,
    kind: FailureKind = FailureKind.AUTH_INVALID,
    provider: str = MUSIC_SERVER,
    provider_name: str = "Navidrome",
    side: Side = Side.SERVER,
    user_id: str = USER_ID,
    playlists: Sequence[PlaylistEnd] = (),
    status: int | None = None,
    first_failure_at: datetime | None = None,
    detail: str = "",
) -> Notice:
    return Notice(
        notice_id=name,
        notice_type=NoticeType.FAILED,
        user_id=user_id,
        party=Party(connection_id=ConnectionId(provider), name=provider_name, side=side),
        occurred_at=at,
        ends=tuple(playlists),
        cause=cause,
        fault=Fault(kind=kind, detail=detail, status=status),
        first_failure_at=first_failure_at,
    )


def recovered(
    name: str = "s1",
    *,
    at: datetime = T0 + timedelta(hours=1),
    reconnected: bool = False,
    playlists: Sequence[PlaylistEnd] = (),
    provider: str = MUSIC_SERVER,
    user_id: str = USER_ID,
) -> Notice:
    return Notice(
        notice_id=name,
        notice_type=NoticeType.RECONNECTED if reconnected else NoticeType.SUCCEEDED,
        user_id=user_id,
        party=Party(connection_id=ConnectionId(provider), name="Navidrome", side=Side.SERVER),
        occurred_at=at,
        ends=tuple(playlists),
    )


def degraded(name: str = "d1", *, at: datetime = T0) -> Notice:
    return Notice(
        notice_id=name,
        notice_type=NoticeType.DEGRADED,
        user_id=USER_ID,
        party=NAVIDROME,
        occurred_at=at,
        fault=Fault(kind=FailureKind.UNREACHABLE),
        first_failure_at=at,
    )


def outcome(
    name: str = "o1",
    *,
    at: datetime = T0,
    party: Party = NAVIDROME,
    kind: FailureKind | None = None,
    failures: int = 0,
    since: datetime | None = None,
    reconnected: bool = False,
    playlists: Sequence[PlaylistEnd] = (),
) -> Outcome:
    """One of a connection that worked; or that failed with `kind`, for the `failures`th time in a row since `since`."""
    return Outcome(
        outcome_id=name,
        user_id=USER_ID,
        party=party,
        occurred_at=at,
        after=Standing(failures=failures, since=since),
        fault=Fault(kind=kind) if kind else None,
        reconnected=reconnected,
        ends=tuple(playlists),
    )
