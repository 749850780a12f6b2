"""Playlists, their state and the jobs they are in, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.shapes.account import ThresholdAnswer
from api.shapes.base import Answer, State
from reprise.domain.playlists import Counts, HeldBack, LastError, Playlist, Progress
from reprise.domain.thresholds import Thresholds


class SourceAnswer(Answer):
    kind: str
    label: str


class ProgressAnswer(Answer):
    phase: str
    done: int
    total: int

    @classmethod
    def of(cls, progress: Progress | None) -> ProgressAnswer | None:
        return cls(phase=progress.phase, done=progress.done, total=progress.total) if progress else None


class CountsAnswer(Answer):
    total: int
    matched: int
    unmatched: int
    rate: Annotated[float, Field(ge=0, le=1)]
    by_method: dict[str, int]

    @classmethod
    def of(cls, counts: Counts) -> CountsAnswer:
        return cls(
            total=counts.total,
            matched=counts.matched,
            unmatched=counts.unmatched,
            rate=round(counts.rate, 4),
            by_method=dict(counts.by_method),
        )


class LastErrorAnswer(Answer):
    kind: Annotated[str | None, Field(description="null: a warning and not a failure.")]
    sentence: str

    @classmethod
    def of(cls, error: LastError | None) -> LastErrorAnswer | None:
        return cls(kind=error.kind and error.kind.value, sentence=error.sentence) if error else None


class HeldAnswer(Answer):
    """A write that the safety valve holds back until a person says what is to become of it."""

    reason: Literal["source_empty", "source_shrank", "matches_shrank", "match_rate_low"]
    sentence: str
    since: datetime
    answer: Literal["waiting", "confirmed", "dismissed"]
    report_id: Annotated[str, Field(description="What would be written; to be named when confirming or dismissing it.")]

    @classmethod
    def of(cls, held: HeldBack | None) -> HeldAnswer | None:
        if held is None:
            return None
        return cls(
            reason=held.reason.value,
            sentence=held.sentence,
            since=held.since,
            answer=held.answer.value,
            report_id=held.report_id,
        )


class SyncStatusAnswer(Answer):
    state: State
    interrupted: Annotated[bool, Field(description="It says “syncing”, but the run that said so is gone.")]
    progress: ProgressAnswer | None
    counts: CountsAnswer
    last_synced_at: datetime | None
    last_error: LastErrorAnswer | None
    last_job_id: Annotated[str | None, Field(description="The job that ended last.")]
    held: HeldAnswer | None

    @classmethod
    def of(cls, playlist: Playlist, now: datetime) -> SyncStatusAnswer:
        return cls(
            state=playlist.state.value,
            interrupted=playlist.interrupted(now),
            progress=ProgressAnswer.of(playlist.progress),
            counts=CountsAnswer.of(playlist.counts),
            last_synced_at=playlist.last_synced_at,
            last_error=LastErrorAnswer.of(playlist.last_error),
            last_job_id=playlist.last_job_id,
            held=HeldAnswer.of(playlist.held),
        )


class PlaylistAnswer(Answer):
    id: str
    name: str
    remote_name: Annotated[str | None, Field(description="The name on the music server, where it differs.")]
    remote_id: Annotated[str | None, Field(description="The list's id on the music server; null: not written yet.")]
    source: SourceAnswer
    enabled: bool
    state: State
    interrupted: bool
    progress: ProgressAnswer | None
    counts: CountsAnswer
    last_synced_at: datetime | None
    last_error: LastErrorAnswer | None
    last_job_id: str | None
    held: HeldAnswer | None
    match_threshold: ThresholdAnswer
    include_unmatched_tracks: Annotated[
        bool, Field(description="The list's comment on the music server names what is not in your library.")
    ]
    created_at: datetime

    @classmethod
    def of(cls, playlist: Playlist, now: datetime, thresholds: Thresholds) -> PlaylistAnswer:
        return cls(
            **dict(SyncStatusAnswer.of(playlist, now)),
            id=playlist.playlist_id,
            name=playlist.name,
            remote_name=playlist.remote_name,
            remote_id=playlist.remote_id,
            source=SourceAnswer(kind=playlist.source.kind, label=playlist.source.label),
            enabled=playlist.enabled,
            match_threshold=ThresholdAnswer.of(playlist.match_threshold, thresholds.in_force(playlist.match_threshold)),
            include_unmatched_tracks=playlist.include_unmatched_tracks,
            created_at=playlist.created_at,
        )


class PlaylistsAnswer(Answer):
    playlists: list[PlaylistAnswer]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]


class JobAnswer(Answer):
    job_id: str
    playlist_ids: list[str]


class JobsAnswer(Answer):
    job_ids: list[str]
    playlist_ids: list[str]
