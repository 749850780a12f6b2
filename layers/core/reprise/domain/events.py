"""The audit trail: one start and one end for every operation (`S1-16`, `S1-17`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reprise.domain.playlists import Playlist

Fact = str | int | float | bool


class EventType(StrEnum):
    SYNC_STARTED = "sync_started"
    SYNC_COMPLETED = "sync_completed"
    SYNC_FAILED = "sync_failed"
    SYNC_SKIPPED = "sync_skipped"
    PLAYLIST_IMPORTED = "playlist_imported"
    PLAYLIST_ENABLED = "playlist_enabled"
    PLAYLIST_DISABLED = "playlist_disabled"
    PLAYLIST_REMOVED = "playlist_removed"
    PLAYLIST_RENAMED = "playlist_renamed"
    PLAYLIST_LINKED = "playlist_linked"
    PLAYLIST_UNLINKED = "playlist_unlinked"
    HOLD_ANSWERED = "hold_answered"
    REMOTE_DELETED = "remote_deleted"
    PREVIEWED = "previewed"
    SOURCE_REPLACED = "source_replaced"
    SETTINGS_CHANGED = "settings_changed"
    SESSIONS_ENDED = "sessions_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the audit trail. `event_id` is a ULID, so events sort by time within a user.

    `playlist_id` is None for what happened to the person's account.

    `metadata` holds only our own words and numbers (track counts, match rate, duration_ms, failure kind);
    never a secret or a provider's text.
    """

    event_id: str
    user_id: str
    playlist_id: str | None
    event_type: EventType
    provider: str
    message: str
    occurred_at: datetime
    metadata: Mapping[str, Fact] = field(default_factory=dict)


def playlist_event(
    playlist: Playlist,
    event_type: EventType,
    message: str,
    /,
    *,
    event_id: str,
    occurred_at: datetime,
    **metadata: Fact,
) -> AuditEvent:
    """Returns an event of a playlist and its owner. Its provider is the source that the playlist comes from."""
    return AuditEvent(
        event_id=event_id,
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=event_type,
        provider=playlist.source.kind,
        message=message,
        occurred_at=occurred_at,
        metadata=metadata,
    )
