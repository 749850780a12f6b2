"""Playlists: taking them in, looking at them, switching them on and off, letting them go."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.answers import TOKEN, answers
from api.auth import signed_in
from api.parts import parts
from api.routing import new_router
from api.shapes import EventsAnswer, PlaylistAnswer, PlaylistsAnswer, ReportAnswer, SyncStatusAnswer
from api.uploads import read_upload
from reprise.domain.playlists import NAME_MAX
from reprise.usecases.import_playlist import import_playlist
from reprise.usecases.list_events import list_events
from reprise.usecases.read_playlist import read_playlist
from reprise.usecases.read_report import read_report
from reprise.usecases.remove_playlist import remove_playlist
from reprise.usecases.set_enabled import set_enabled

router = new_router()

_FILE = {"type": "string", "format": "binary"}
UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself as the body, of whatever content type, or one file in a form.",
        "content": {
            "application/octet-stream": {"schema": _FILE},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": _FILE, "name": {"type": "string", "maxLength": NAME_MAX}},
                    "required": ["file"],
                    "additionalProperties": False,
                }
            },
        },
    }
}
REPORT_PAGE_MAX = 1000


@router.post(
    "/playlists",
    summary="Import a playlist file",
    description=(
        "JSPF, XSPF, M3U, M3U8, CSV as Exportify, TuneMyMusic or Soundiiz write it, or Reprise's own JSON, "
        "of at most 4 MiB. It is synced at the next tick. A file that cannot be read is stored nowhere."
    ),
    status_code=201,
    responses=answers(201, PlaylistAnswer, 400, 401, 413),
    security=TOKEN,
    tags=["playlists"],
    operation_id="importPlaylist",
    openapi_extensions=UPLOAD_BODY,
)
def create(
    filename: Annotated[
        str, Query(max_length=255, description="A hint at the format, and a name to fall back on.")
    ] = "",
    name: Annotated[str, Query(max_length=NAME_MAX, description="The playlist's name; else the file's own.")] = "",
) -> Response[PlaylistAnswer]:
    session = signed_in(router)
    playlist = import_playlist(
        user_id=session.user_id,
        upload=read_upload(router.current_event, filename=filename, name=name),
        reader=parts().reader,
        contents=parts().contents,
        playlists=parts().playlists,
        clock=parts().clock,
        new_id=parts().new_id,
    )
    return Response(
        status_code=201,
        content_type="application/json",
        body=PlaylistAnswer.of(playlist, parts().clock()),
        headers={"Location": f"/api/v1/playlists/{playlist.playlist_id}"},
    )


@router.get(
    "/playlists",
    summary="List playlists, oldest first",
    responses=answers(200, PlaylistsAnswer, 401),
    security=TOKEN,
    tags=["playlists"],
    operation_id="listPlaylists",
)
def read_all() -> PlaylistsAnswer:
    playlists = parts().playlists.of_user(signed_in(router).user_id)
    now = parts().clock()
    return PlaylistsAnswer(playlists=[PlaylistAnswer.of(playlist, now) for playlist in playlists])


@router.get(
    "/playlists/<playlist_id>",
    summary="Read a playlist",
    responses=answers(200, PlaylistAnswer, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="readPlaylist",
)
def read(playlist_id: str) -> PlaylistAnswer:
    playlist = read_playlist(user_id=signed_in(router).user_id, playlist_id=playlist_id, playlists=parts().playlists)
    return PlaylistAnswer.of(playlist, parts().clock())


@router.delete(
    "/playlists/<playlist_id>",
    summary="Remove a playlist from Reprise",
    description="The list on the music server stays.",
    status_code=204,
    responses=answers(204, None, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="removePlaylist",
)
def delete(playlist_id: str) -> Response[None]:
    remove_playlist(
        user_id=signed_in(router).user_id,
        playlist_id=playlist_id,
        playlists=parts().playlists,
        clock=parts().clock,
        new_id=parts().new_id,
    )
    return Response(status_code=204)


@router.post(
    "/playlists/<playlist_id>/enable",
    summary="Keep a playlist in step from the next tick on",
    responses=answers(200, PlaylistAnswer, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="enablePlaylist",
)
def enable(playlist_id: str) -> PlaylistAnswer:
    return _switched(playlist_id, enabled=True)


@router.post(
    "/playlists/<playlist_id>/disable",
    summary="Leave a playlist alone until it is enabled again",
    description="The list on the music server stays as it is.",
    responses=answers(200, PlaylistAnswer, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="disablePlaylist",
)
def disable(playlist_id: str) -> PlaylistAnswer:
    return _switched(playlist_id, enabled=False)


def _switched(playlist_id: str, *, enabled: bool) -> PlaylistAnswer:
    playlist = set_enabled(
        user_id=signed_in(router).user_id,
        playlist_id=playlist_id,
        enabled=enabled,
        playlists=parts().playlists,
        clock=parts().clock,
        new_id=parts().new_id,
    )
    return PlaylistAnswer.of(playlist, parts().clock())


@router.get(
    "/playlists/<playlist_id>/sync-status",
    summary="How a sync is getting on",
    description="Made for polling, every second or two. A job is over when `last_job_id` is its id.",
    responses=answers(200, SyncStatusAnswer, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="readSyncStatus",
)
def read_status(playlist_id: str) -> SyncStatusAnswer:
    playlist = read_playlist(user_id=signed_in(router).user_id, playlist_id=playlist_id, playlists=parts().playlists)
    return SyncStatusAnswer.of(playlist, parts().clock())


@router.get(
    "/playlists/<playlist_id>/match-report",
    summary="How each track was found, or why not",
    responses=answers(200, ReportAnswer, 400, 401, 404),
    compress=True,
    security=TOKEN,
    tags=["playlists"],
    operation_id="readMatchReport",
)
def read_match_report(
    playlist_id: str,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many tracks to leave out.")] = 0,
    limit: Annotated[int, Query(ge=1, le=REPORT_PAGE_MAX, description="At most so many tracks.")] = REPORT_PAGE_MAX,
) -> ReportAnswer:
    report = read_report(
        user_id=signed_in(router).user_id,
        playlist_id=playlist_id,
        playlists=parts().playlists,
        reports=parts().reports,
    )
    return ReportAnswer.of(report, offset=offset, limit=limit)


@router.get(
    "/playlists/<playlist_id>/events",
    summary="What happened to a playlist, newest first",
    responses=answers(200, EventsAnswer, 400, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="listEvents",
)
def read_events(
    playlist_id: str,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many events.")] = 50,
    cursor: Annotated[str | None, Query(max_length=1024, description="Where the page before ended.")] = None,
) -> EventsAnswer:
    page = list_events(
        user_id=signed_in(router).user_id,
        playlist_id=playlist_id,
        limit=limit,
        cursor=cursor,
        playlists=parts().playlists,
        events=parts().events,
    )
    return EventsAnswer.of(page)
