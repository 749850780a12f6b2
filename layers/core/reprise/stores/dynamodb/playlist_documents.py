"""The parts of a playlist's item that are read and written whole, as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any  # Any: documents of our own writing, as JSON gives them back
from urllib.parse import urlsplit

from reprise.domain.connections import ConnectionId, of_host
from reprise.domain.failures import FailureKind
from reprise.domain.playlists import (
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    HoldReason,
    LastError,
    Progress,
    Snapshot,
    SourceRef,
)
from reprise.stores.dynamodb.times import from_ms, ms


def source_document(source: SourceRef) -> dict[str, str | None]:
    return {
        "kind": source.kind,
        "locator": source.locator,
        "label": source.label,
        "version": source.version,
        "connection_id": source.connection_id,
    }


def source_of(document: Mapping[str, Any]) -> SourceRef:
    """Reads what `source_document` wrote. An address taken in before addresses had a connection gets its own."""
    source = SourceRef(**document)
    if source.kind == "web" and source.connection_id is None:
        return replace(source, connection_id=of_host(urlsplit(source.locator).hostname or ""))
    return source


def progress_document(progress: Progress) -> dict[str, str | int]:
    return {"phase": progress.phase, "done": progress.done, "total": progress.total}


def counts_document(counts: Counts) -> dict[str, object]:
    return {"total": counts.total, "matched": counts.matched, "by_method": dict(counts.by_method)}


def written_document(written: Fingerprint) -> dict[str, str | bool]:
    return {
        "source": written.source,
        "library": written.library,
        "policy": written.policy,
        "overrides": written.overrides,
        "name": written.name,
        "include_unmatched_tracks": written.include_unmatched_tracks,
    }


def snapshot_document(snapshot: Snapshot) -> dict[str, str | int]:
    return {"report_id": snapshot.report_id, "written_at": ms(snapshot.written_at), "songs": snapshot.songs}


def snapshot_of(document: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        report_id=document["report_id"], written_at=from_ms(document["written_at"]), songs=document["songs"]
    )


def held_document(held: HeldBack) -> dict[str, object]:
    """All but the answer, which people change."""
    return {
        "reason": held.reason.value,
        "sentence": held.sentence,
        "report_id": held.report_id,
        "since": ms(held.since),
        "fingerprint": written_document(held.fingerprint),
    }


def held_of(document: Mapping[str, Any], answer: str) -> HeldBack:
    return HeldBack(
        reason=HoldReason(document["reason"]),
        sentence=document["sentence"],
        report_id=document["report_id"],
        since=from_ms(document["since"]),
        fingerprint=Fingerprint(**document["fingerprint"]),
        answer=HoldAnswer(answer),
    )


def error_document(error: LastError) -> dict[str, str | None]:
    return {
        "kind": error.kind.value if error.kind else None,
        "sentence": error.sentence,
        "connection_id": error.connection_id,
    }


def error_of(document: Mapping[str, str | None]) -> LastError:
    kind = document["kind"]
    connection_id = document.get("connection_id")
    return LastError(
        kind=FailureKind(kind) if kind else None,
        sentence=document["sentence"] or "",
        connection_id=ConnectionId(connection_id) if connection_id else None,
    )
