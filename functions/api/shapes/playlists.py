"""Playlists, their state and the jobs they are in, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.shapes.account import ThresholdResponse
from api.shapes.base import ResponseBody, State
from reprise.domain.jobs import SyncJob
from reprise.domain.playlists import Counts, HeldBack, LastError, Playlist, Progress
from reprise.domain.thresholds import Thresholds


class SourceResponse(ResponseBody):
    kind: str
    label: str


class ProgressResponse(ResponseBody):
    phase: str
    done: int
    total: int

    @classmethod
    def of(cls, progress: Progress | None) -> ProgressResponse | None:
        return cls(phase=progress.phase, done=progress.done, total=progress.total) if progress else None


class CountsResponse(ResponseBody):
    total: int
    matched: int
    unmatched: int
    rate: Annotated[float, Field(ge=0, le=1)]
    by_method: dict[str, int]

    @classmethod
    def of(cls, counts: Counts) -> CountsResponse:
        return cls(
            total=counts.total,
            matched=counts.matched,
            unmatched=counts.unmatched,
            rate=round(counts.rate, 4),
            by_method=dict(counts.by_method),
        )


class LastErrorResponse(ResponseBody):
    kind: Annotated[str | None, Field(description="null: a warning and not a failure.")]
    sentence: str

    @classmethod
    def of(cls, error: LastError | None) -> LastErrorResponse | None:
        return cls(kind=error.kind and error.kind.value, sentence=error.sentence) if error else None


class HeldResponse(ResponseBody):
    """A write that the safety valve holds back until a person says what is to become of it."""

    reason: Literal["source_empty", "source_shrank", "matches_shrank", "match_rate_low"]
    sentence: str
    since: datetime
    answer: Literal["waiting", "confirmed", "dismissed"]
    report_id: Annotated[str, Field(description="What would be written; to be named when confirming or dismissing it.")]

    @classmethod
    def of(cls, held: HeldBack | None) -> HeldResponse | None:
        if held is None:
            return None
        return cls(
            reason=held.reason.value,
            sentence=held.sentence,
            since=held.since,
            answer=held.answer.value,
            report_id=held.report_id,
        )


class SyncStatusResponse(ResponseBody):
    state: State
    interrupted: Annotated[bool, Field(description="It says “syncing”, but the run that said so is gone.")]
    progress: ProgressResponse | None
    counts: CountsResponse
    last_synced_at: datetime | None
    last_error: LastErrorResponse | None
    last_job_id: Annotated[str | None, Field(description="The job that ended last.")]
    held: HeldResponse | None

    @classmethod
    def of(cls, playlist: Playlist, now: datetime) -> SyncStatusResponse:
        return cls(
            state=playlist.state.value,
            interrupted=playlist.interrupted(now),
            progress=ProgressResponse.of(playlist.progress),
            counts=CountsResponse.of(playlist.counts),
            last_synced_at=playlist.last_synced_at,
            last_error=LastErrorResponse.of(playlist.last_error),
            last_job_id=playlist.last_job_id,
            held=HeldResponse.of(playlist.held),
        )


class PlaylistResponse(ResponseBody):
    id: str
    name: str
    remote_name: Annotated[str | None, Field(description="The name on the music server, where it differs.")]
    remote_id: Annotated[str | None, Field(description="The list's id on the music server; null: not written yet.")]
    source: SourceResponse
    enabled: bool
    state: State
    interrupted: bool
    progress: ProgressResponse | None
    counts: CountsResponse
    last_synced_at: datetime | None
    last_error: LastErrorResponse | None
    last_job_id: str | None
    held: HeldResponse | None
    match_threshold: ThresholdResponse
    include_unmatched_tracks: Annotated[
        bool, Field(description="The list's comment on the music server names what is not in your library.")
    ]
    created_at: datetime

    @classmethod
    def of(cls, playlist: Playlist, now: datetime, thresholds: Thresholds) -> PlaylistResponse:
        return cls(
            **dict(SyncStatusResponse.of(playlist, now)),
            id=playlist.playlist_id,
            name=playlist.name,
            remote_name=playlist.remote_name,
            remote_id=playlist.remote_id,
            source=SourceResponse(kind=playlist.source.kind, label=playlist.source.label),
            enabled=playlist.enabled,
            match_threshold=ThresholdResponse.of(
                playlist.match_threshold, thresholds.in_force(playlist.match_threshold)
            ),
            include_unmatched_tracks=playlist.include_unmatched_tracks,
            created_at=playlist.created_at,
        )


class PlaylistsResponse(ResponseBody):
    playlists: list[PlaylistResponse]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]


class JobResponse(ResponseBody):
    job_id: str
    playlist_ids: list[str]

    @classmethod
    def of(cls, job: SyncJob) -> JobResponse:
        return cls(job_id=job.job_id, playlist_ids=list(job.playlist_ids))


class JobsResponse(ResponseBody):
    job_ids: list[str]
    playlist_ids: list[str]
