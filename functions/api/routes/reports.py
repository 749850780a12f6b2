"""What came of a playlist: its match report, what is missing, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.auth import signed_in
from api.parts import parts
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.reports import EventsResponse, ReportResponse
from reprise.usecases.playlists.list_events import list_all_events, list_events
from reprise.usecases.playlists.list_missing import list_missing
from reprise.usecases.playlists.read_report import read_report

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponseContentSchema

router = new_router()

REPORT_PAGE_MAX = 1000
_TABLE: OpenAPIResponseContentSchema = {"schema": {"type": "string"}}
_DOCUMENT: OpenAPIResponseContentSchema = {"schema": {"type": "object"}}

EventsMax = Annotated[int, Query(ge=1, le=100, description="At most so many events.")]
Cursor = Annotated[str | None, Query(max_length=1024, description="Where the page before ended.")]


@router.get(
    "/playlists/<playlist_id>/match-report",
    summary="How each track was found, or why not",
    responses=documented(200, ReportResponse, 400, 401, 404),
    compress=True,
    security=TOKEN,
    tags=["playlists"],
    operation_id="readMatchReport",
)
def read_match_report(
    playlist_id: str,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many tracks to leave out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=REPORT_PAGE_MAX, description="At most so many tracks.")] = REPORT_PAGE_MAX,
) -> ReportResponse:
    report = read_report(signed_in(router).user_id, playlist_id, parts().ports.report)
    return ReportResponse.of(report, offset=offset, limit=limit)


@router.get(
    "/playlists/<playlist_id>/events",
    summary="What happened to a playlist, newest first",
    responses=documented(200, EventsResponse, 400, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="listEvents",
)
def read_events(
    playlist_id: str,
    limit: EventsMax = 50,
    cursor: Cursor = None,
) -> EventsResponse:
    page = list_events(signed_in(router).user_id, playlist_id, parts().ports.trail, limit=limit, cursor=cursor)
    return EventsResponse.of(page)


@router.get(
    "/events",
    summary="What happened to all playlists, newest first",
    description="Those that were removed included. Events are kept for 90 days.",
    responses=documented(200, EventsResponse, 400, 401),
    security=TOKEN,
    tags=["playlists"],
    operation_id="listAllEvents",
)
def read_all_events(limit: EventsMax = 50, cursor: Cursor = None) -> EventsResponse:
    user_id = signed_in(router).user_id
    return EventsResponse.of(list_all_events(user_id, parts().events, limit=limit, cursor=cursor))


@router.get(
    "/playlists/<playlist_id>/missing",
    summary="The tracks that are not in your library, as a file",
    description="As the last sync found it: CSV for spreadsheets, JSPF for players. Both can be imported again.",
    responses={
        **documented(200, None, 400, 401, 404),
        200: {"description": "The file", "content": {"text/csv": _TABLE, "application/jspf+json": _DOCUMENT}},
    },
    compress=True,
    security=TOKEN,
    tags=["playlists"],
    operation_id="downloadMissing",
)
def download_missing(playlist_id: str, format: Annotated[Literal["csv", "jspf"], Query()] = "csv") -> Response[str]:
    missing = list_missing(signed_in(router).user_id, playlist_id, parts().ports.report)
    file = parts().missing_file(format, missing)
    return Response(
        status_code=200,
        content_type=file.content_type,
        body=file.text,
        headers={"Content-Disposition": file.disposition},
    )
