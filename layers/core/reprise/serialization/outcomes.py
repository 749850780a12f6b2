"""Outcomes as messages on the queue to the notifier."""

from __future__ import annotations

from reprise.domain.connections import ConnectionId, Party, Side
from reprise.domain.failures import FailureKind
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd, Standing
from reprise.domain.playlists import SyncState
from reprise.serialization.fields import Fields, dump, load, moment_text, written

_KIND, _VERSION = "outcome", 2


def encode_outcome(outcome: Outcome) -> str:
    return dump(
        _KIND,
        _VERSION,
        written(
            {
                "outcome_id": outcome.outcome_id,
                "user_id": outcome.user_id,
                "connection": {
                    "id": outcome.party.connection_id,
                    "name": outcome.party.name,
                    "side": outcome.party.side.value,
                },
                "occurred_at": moment_text(outcome.occurred_at),
                "before": _standing_document(outcome.before),
                "after": _standing_document(outcome.after),
                "fault": _fault_document(outcome.fault),
                "reconnected": outcome.reconnected,
                "ends": [_end_document(end) for end in outcome.ends],
            }
        ),
    )


def decode_outcome(text: str | bytes) -> Outcome:
    """Raises `WireError`."""
    fields = load(text, _KIND, _VERSION)
    connection = fields.child("connection")
    return Outcome(
        outcome_id=fields.text("outcome_id"),
        user_id=fields.text("user_id"),
        party=Party(
            connection_id=ConnectionId(connection.text("id")),
            name=connection.text("name"),
            side=connection.member("side", Side),
        ),
        occurred_at=fields.moment("occurred_at"),
        before=_standing(fields.child("before")),
        after=_standing(fields.child("after")),
        fault=_fault(fields.child_or_none("fault")),
        reconnected=fields.flag_or("reconnected", False),
        ends=tuple(_end(child) for child in fields.children("ends")),
    )


def _standing_document(standing: Standing) -> dict[str, object]:
    return written(
        {
            "failures": standing.failures,
            "since": moment_text(standing.since) if standing.since else None,
            "latched": standing.latched,
        }
    )


def _standing(fields: Fields) -> Standing:
    return Standing(
        failures=fields.integer("failures"),
        since=fields.moment_or_none("since"),
        latched=fields.flag_or("latched", False),
    )


def _fault_document(fault: Fault | None) -> dict[str, object] | None:
    if fault is None:
        return None
    return written({"kind": fault.kind.value, "detail": fault.detail, "status": fault.status})


def _fault(fields: Fields | None) -> Fault | None:
    if fields is None:
        return None
    return Fault(
        kind=fields.member("kind", FailureKind),
        detail=fields.text_or("detail"),
        status=fields.integer_or_none("status"),
    )


def _end_document(end: PlaylistEnd) -> dict[str, object]:
    return written(
        {
            "playlist_id": end.playlist_id,
            "name": end.name,
            "state": end.state.value,
            "fault": _fault_document(end.fault),
        }
    )


def _end(fields: Fields) -> PlaylistEnd:
    return PlaylistEnd(
        playlist_id=fields.text("playlist_id"),
        name=fields.text("name"),
        state=fields.member("state", SyncState),
        fault=_fault(fields.child_or_none("fault")),
    )
