"""Outcomes as the sync side publishes them, for the notifier's suites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from reprise.domain.accounts import User
from reprise.domain.failures import FailureKind
from reprise.domain.outcomes import CONNECTION_CAUSE, Outcome, OutcomeType, PlaylistEnd
from reprise.domain.playlists import SyncState

T0 = datetime(2026, 11, 20, 14, 5, 30, 250001, tzinfo=UTC)
USER_ID = "u-ann"
ADDRESS = "ann@example.org"


def ann(email: str | None = ADDRESS) -> User:
    return User(user_id=USER_ID, username="ann", server_url="https://music.example.org", created_at=T0, email=email)


def ends(*names: str, state: SyncState = SyncState.ERROR, fatal: bool = False) -> tuple[PlaylistEnd, ...]:
    return tuple(PlaylistEnd(playlist_id=f"p-{name}", name=name, state=state, fatal=fatal) for name in names)


def failed(
    name: str = "f1",
    *,
    at: datetime = T0,
    cause: str = CONNECTION_CAUSE,
    kind: FailureKind = FailureKind.AUTH_INVALID,
    provider: str = "navidrome",
    provider_name: str = "Navidrome",
    user_id: str = USER_ID,
    playlists: Sequence[PlaylistEnd] = (),
    status: int | None = None,
    first_failure_at: datetime | None = None,
    detail: str = "",
) -> Outcome:
    return Outcome(
        outcome_id=name,
        outcome_type=OutcomeType.FAILED,
        user_id=user_id,
        provider=provider,
        provider_name=provider_name,
        occurred_at=at,
        playlists=tuple(playlists),
        cause=cause,
        failure_kind=kind,
        detail=detail,
        status=status,
        first_failure_at=first_failure_at,
    )


def recovered(
    name: str = "s1",
    *,
    at: datetime = T0 + timedelta(hours=1),
    reconnected: bool = False,
    playlists: Sequence[PlaylistEnd] = (),
    provider: str = "navidrome",
    user_id: str = USER_ID,
) -> Outcome:
    return Outcome(
        outcome_id=name,
        outcome_type=OutcomeType.RECONNECTED if reconnected else OutcomeType.SUCCEEDED,
        user_id=user_id,
        provider=provider,
        provider_name="Navidrome",
        occurred_at=at,
        playlists=tuple(playlists),
    )


def degraded(name: str = "d1", *, at: datetime = T0) -> Outcome:
    return Outcome(
        outcome_id=name,
        outcome_type=OutcomeType.DEGRADED,
        user_id=USER_ID,
        provider="navidrome",
        provider_name="Navidrome",
        occurred_at=at,
        failure_kind=FailureKind.UNREACHABLE,
        first_failure_at=at,
    )
