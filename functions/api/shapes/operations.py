"""What goes in and out of the operations on a playlist, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import Field

from api.shapes.base import ONE_LINE, Request, ResponseBody
from api.shapes.playlists import CountsResponse, JobResponse, PlaylistResponse
from reprise.domain.playlists import NAME_MAX, Snapshot
from reprise.domain.previews import Preview, PreviewStep
from reprise.domain.settings import SettingsChange
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


class ToggleResponse(PlaylistResponse):
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


class SettingsRequest(Request):
    """Any number of settings; what is left out stays as it is."""

    # A factory, unlike a default, stands not in the document; nobody uses what it makes.
    enabled: Annotated[bool, Field(default_factory=bool, description="Whether the schedule keeps it in step.")]
    remote_name: Annotated[
        str | None,
        Field(
            default_factory=str,
            min_length=1,
            max_length=NAME_MAX,
            description="The list's name on the music server. null: the playlist's own.",
            json_schema_extra=ONE_LINE,
        ),
    ]
    match_threshold: Annotated[
        float | None,
        Field(
            default_factory=float,
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="How sure a match has to be. Three decimals count. null: as you say for all.",
        ),
    ]
    include_unmatched_tracks: Annotated[
        bool,
        Field(default_factory=bool, description="Whether the list's comment names what is not in your library."),
    ]

    def change(self) -> SettingsChange:
        return cast("SettingsChange", self.model_dump(exclude_unset=True))


class ReportRequest(Request):
    report_id: ReportId


class RemoteListResponse(ResponseBody):
    remote_id: str
    name: str
    song_count: int

    @classmethod
    def of(cls, row: RemotePlaylist) -> RemoteListResponse:
        return cls(remote_id=row.remote_id, name=row.name, song_count=row.song_count)


class LinkCandidatesResponse(ResponseBody):
    candidates: list[RemoteListResponse]
    warning: str
    message: Annotated[str, Field(description="Why there are none; else empty.")]

    @classmethod
    def of(cls, found: LinkCandidates) -> LinkCandidatesResponse:
        rows = [RemoteListResponse.of(row) for row in found.candidates]
        return cls(candidates=rows, warning=WARNING, message=found.message)


class SnapshotResponse(ResponseBody):
    report_id: str
    written_at: datetime
    songs: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> SnapshotResponse:
        return cls(report_id=snapshot.report_id, written_at=snapshot.written_at, songs=snapshot.songs)


class HistoryResponse(ResponseBody):
    history: Annotated[list[SnapshotResponse], Field(description="The lists written last, newest first.")]


class UndoResponse(JobResponse):
    message: str


class PreviewStepResponse(ResponseBody):
    change: Literal["added", "removed", "moved"]
    library_id: str
    title: str
    artist: str
    before: Annotated[int | None, Field(description="Its place now, counted from 1; null: it is added.")]
    after: Annotated[int | None, Field(description="Its place afterwards, counted from 1; null: it is removed.")]
    why: str

    @classmethod
    def of(cls, shown: PreviewStep) -> PreviewStepResponse:
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


class PreviewResponse(ResponseBody):
    job_id: str
    created_at: datetime
    counts: CountsResponse
    kept: Annotated[int, Field(description="So many songs stay where they are in relation to one another.")]
    held: Annotated[str, Field(description="Why the sync would hold the write back; empty: it would not.")]
    threshold: Annotated[float | None, Field(description="How sure a match had to be; null: it was not noted.")]
    steps: list[PreviewStepResponse]

    @classmethod
    def of(cls, preview: Preview) -> PreviewResponse:
        return cls(
            job_id=preview.job_id,
            created_at=preview.created_at,
            counts=CountsResponse.of(preview.counts),
            kept=preview.kept,
            held=preview.held,
            threshold=preview.threshold,
            steps=[PreviewStepResponse.of(step) for step in preview.steps],
        )
