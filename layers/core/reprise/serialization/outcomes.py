"""Outcomes as messages on the queue to the notifier."""

from __future__ import annotations

from reprise.domain.failures import FailureKind
from reprise.domain.outcomes import CONNECTION_CAUSE, Outcome, OutcomeType, PlaylistEnd
from reprise.domain.playlists import SyncState
from reprise.serialization.fields import Fields, dump, load, moment_text, written

_KIND, _VERSION = "outcome", 1


def encode_outcome(outcome: Outcome) -> str:
    return dump(
        _KIND,
        _VERSION,
        written(
            {
                "outcome_id": outcome.outcome_id,
                "outcome_type": outcome.outcome_type.value,
                "user_id": outcome.user_id,
                "provider": outcome.provider,
                "provider_name": outcome.provider_name,
                "occurred_at": moment_text(outcome.occurred_at),
                "playlists": [_end_document(end) for end in outcome.playlists],
                "cause": outcome.cause,
                "failure_kind": outcome.failure_kind.value if outcome.failure_kind else None,
                "detail": outcome.detail,
                "status": outcome.status,
                "first_failure_at": moment_text(outcome.first_failure_at) if outcome.first_failure_at else None,
            }
        ),
    )


def decode_outcome(text: str | bytes) -> Outcome:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    return Outcome(
        outcome_id=fields.text("outcome_id"),
        outcome_type=fields.member("outcome_type", OutcomeType),
        user_id=fields.text("user_id"),
        provider=fields.text("provider"),
        provider_name=fields.text_or("provider_name"),
        occurred_at=fields.moment("occurred_at"),
        playlists=tuple(_end(child) for child in fields.children("playlists")),
        cause=fields.text_or("cause", CONNECTION_CAUSE),
        failure_kind=fields.member_or_none("failure_kind", FailureKind),
        detail=fields.text_or("detail"),
        status=fields.integer_or_none("status"),
        first_failure_at=fields.moment_or_none("first_failure_at"),
    )


def _end_document(end: PlaylistEnd) -> dict[str, object]:
    return {"playlist_id": end.playlist_id, "name": end.name, "state": end.state.value, "fatal": end.fatal}


def _end(fields: Fields) -> PlaylistEnd:
    return PlaylistEnd(
        playlist_id=fields.text("playlist_id"),
        name=fields.text("name"),
        state=fields.member("state", SyncState),
        fatal=fields.flag_or("fatal", False),
    )
