"""What goes in and out of the operations on a playlist, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.shapes.base import ONE_LINE, Answer, Request
from api.shapes.playlists import CountsAnswer, JobAnswer, PlaylistAnswer
from reprise.domain.playlists import NAME_MAX, Snapshot
from reprise.domain.previews import Preview, PreviewStep
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.list_link_candidates import WARNING, LinkCandidates

URL_MAX = 2048
ReportId = Annotated[str, Field(min_length=1, max_length=64)]


class ByUrlRequest(Request):
    url: Annotated[str, Field(min_length=1, max_length=URL_MAX, description="http or https.", repr=False)]
    name: Annotated[
        str | None,
        Field(max_length=NAME_MAX, description="Else the file's own.", json_schema_extra=ONE_LINE),
    ] = None


class ToggleRequest(Request):
    enabled: bool
    navidrome_action: Annotated[
        Literal["keep", "delete"],
        Field(description="What becomes of the list on the music server; “delete” only with `enabled: false`."),
    ] = "keep"


class ToggleAnswer(PlaylistAnswer):
    job_id: Annotated[str | None, Field(description="The job that deletes the list on the server; null: it stays.")]


class RemoteNameRequest(Request):
    name: Annotated[
        str | None,
        Field(min_length=1, max_length=NAME_MAX, description="null: the playlist's own.", json_schema_extra=ONE_LINE),
    ]


class ThresholdRequest(Request):
    threshold: Annotated[
        float | None, Field(ge=0, le=1, allow_inf_nan=False, description="Three decimals count. null: none.")
    ]


class UnmatchedRequest(Request):
    include: bool


class ReportRequest(Request):
    report_id: ReportId


class RemoteListAnswer(Answer):
    remote_id: str
    name: str
    song_count: int

    @classmethod
    def of(cls, row: RemotePlaylist) -> RemoteListAnswer:
        return cls(remote_id=row.remote_id, name=row.name, song_count=row.song_count)


class LinkCandidatesAnswer(Answer):
    candidates: list[RemoteListAnswer]
    warning: str
    message: Annotated[str, Field(description="Why there are none; else empty.")]

    @classmethod
    def of(cls, found: LinkCandidates) -> LinkCandidatesAnswer:
        rows = [RemoteListAnswer.of(row) for row in found.candidates]
        return cls(candidates=rows, warning=WARNING, message=found.message)


class SnapshotAnswer(Answer):
    report_id: str
    written_at: datetime
    songs: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotAnswer:
        return cls(report_id=snapshot.report_id, written_at=snapshot.written_at, songs=snapshot.songs)


class HistoryAnswer(Answer):
    history: Annotated[list[SnapshotAnswer], Field(description="The lists written last, newest first.")]


class UndoAnswer(JobAnswer):
    message: str


class PreviewStepAnswer(Answer):
    change: Literal["added", "removed", "moved"]
    library_id: str
    title: str
    artist: str
    before: Annotated[int | None, Field(description="Its place now, counted from 1; null: it is added.")]
    after: Annotated[int | None, Field(description="Its place afterwards, counted from 1; null: it is removed.")]
    why: str

    @classmethod
    def of(cls, shown: PreviewStep) -> PreviewStepAnswer:
        step = shown.step
        return cls(
            change=step.change.value,
            library_id=step.library_id,
            title=shown.title,
            artist=shown.artist,
            before=None if step.before is None else step.before + 1,
            after=None if step.after is None else step.after + 1,
            why=shown.why,
        )


class PreviewAnswer(Answer):
    job_id: str
    created_at: datetime
    counts: CountsAnswer
    kept: Annotated[int, Field(description="So many songs stay where they are in relation to one another.")]
    held: Annotated[str, Field(description="Why the sync would hold the write back; empty: it would not.")]
    threshold: Annotated[float | None, Field(description="How sure a match had to be; null: it was not noted.")]
    steps: list[PreviewStepAnswer]

    @classmethod
    def of(cls, preview: Preview) -> PreviewAnswer:
        return cls(
            job_id=preview.job_id,
            created_at=preview.created_at,
            counts=CountsAnswer.of(preview.counts),
            kept=preview.kept,
            held=preview.held,
            threshold=preview.threshold,
            steps=[PreviewStepAnswer.of(step) for step in preview.steps],
        )
