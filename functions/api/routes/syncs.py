"""Asking for work on playlists: it is queued, and the answer comes at once (`S1-13`)."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.auth import signed_in
from api.idempotency import IdempotencyKey, once
from api.parts import parts
from api.presenters import shown
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.operations import (
    HistoryResponse,
    PreviewResponse,
    ReportRequest,
    SnapshotResponse,
    ToggleRequest,
    ToggleResponse,
    UndoResponse,
)
from api.shapes.playlists import JobResponse, JobsResponse, PlaylistResponse
from reprise.domain.jobs import Operation
from reprise.usecases.playlists.answer_hold import confirm_hold, dismiss_hold
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.read_preview import read_preview
from reprise.usecases.playlists.request_preview import request_preview
from reprise.usecases.playlists.request_sync import request_sync, request_sync_of_all
from reprise.usecases.playlists.request_undo import request_undo
from reprise.usecases.playlists.toggle_sync import toggle_sync

router = new_router()

UNDOING = "The schedule is switched off, or the next sync would take the undo back. Enable the playlist to go on."


@router.post(
    "/playlists/<playlist_id>/sync",
    summary="Sync a playlist now",
    description=(
        "Also one that is disabled: it stays so. Poll `sync-status` until `last_job_id` is the job's id. "
        "While a job waits to do the same, the answer names that one, and nothing is counted. Else sixty times an "
        "hour, together with rebuilds, deletions, undos and confirmations."
    ),
    status_code=202,
    responses=documented(202, JobResponse, 400, 401, 404, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="syncPlaylist",
)
def sync_one(playlist_id: str, idempotency_key: IdempotencyKey = None) -> JobResponse:
    session = signed_in(router)
    ports = once(parts().ports.request, session, idempotency_key, "sync", playlist_id)
    return JobResponse.of(request_sync(session.user_id, playlist_id, ports))


@router.post(
    "/sync",
    summary="Sync every enabled playlist now",
    status_code=202,
    responses=documented(202, JobsResponse, 400, 401, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="syncAll",
)
def sync_all(idempotency_key: IdempotencyKey = None) -> JobsResponse:
    session = signed_in(router)
    jobs = request_sync_of_all(session.user_id, once(parts().ports.request, session, idempotency_key, "sync"))
    return JobsResponse(
        job_ids=[job.job_id for job in jobs],
        playlist_ids=[playlist_id for job in jobs for playlist_id in job.playlist_ids],
    )


@router.post(
    "/playlists/<playlist_id>/rebuild",
    summary="Match a playlist anew against your library as it is now",
    description=(
        "The list on the music server is rewritten in place. With `recreate` it is deleted first and made anew: "
        "then its id there, its cover and its offline copies are lost."
    ),
    status_code=202,
    responses=documented(202, JobResponse, 400, 401, 404, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="rebuildPlaylist",
)
def rebuild(
    playlist_id: str,
    recreate: Annotated[bool, Query(description="Delete the list on the music server first.")] = False,
    idempotency_key: IdempotencyKey = None,
) -> JobResponse:
    session = signed_in(router)
    operation = Operation.RECREATE if recreate else Operation.REBUILD
    ports = once(parts().ports.request, session, idempotency_key, operation.value, playlist_id)
    return JobResponse.of(request_sync(session.user_id, playlist_id, ports, operation=operation))


@router.post(
    "/playlists/<playlist_id>/toggle-sync",
    summary="Switch a playlist on or off, and keep or delete its list on the music server",
    description="202 when the list is to be deleted: then `job_id` names the job that does it.",
    responses={**documented(200, ToggleResponse, 400, 401, 404, 413, 415, 429, 503), **documented(202, ToggleResponse)},
    security=TOKEN,
    tags=["playlists"],
    operation_id="toggleSync",
)
def toggle(playlist_id: str, wanted: ToggleRequest, idempotency_key: IdempotencyKey = None) -> Response[ToggleResponse]:
    session = signed_in(router)
    ports = once(parts().ports.request, session, idempotency_key, "delete", playlist_id)
    delete_remote = wanted.navidrome_action == "delete"
    toggled = toggle_sync(session.user_id, playlist_id, ports, enabled=wanted.enabled, delete_remote=delete_remote)
    job_id = toggled.job.job_id if toggled.job else None
    return Response(
        status_code=202 if toggled.job else 200,
        content_type="application/json",
        body=ToggleResponse(job_id=job_id, **dict(shown(toggled.playlist))),
    )


@router.post(
    "/playlists/<playlist_id>/preview",
    summary="Find out what a sync would change",
    description="Writes nothing. Read the preview when `last_job_id` of `sync-status` is the job's id.",
    status_code=202,
    responses=documented(202, JobResponse, 400, 401, 404, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="askForPreview",
)
def ask_for_preview(playlist_id: str, idempotency_key: IdempotencyKey = None) -> JobResponse:
    session = signed_in(router)
    ports = once(parts().ports.request, session, idempotency_key, "preview", playlist_id)
    return JobResponse.of(request_preview(session.user_id, playlist_id, ports))


@router.get(
    "/playlists/<playlist_id>/preview",
    summary="What a sync would have changed when you last asked",
    responses=documented(200, PreviewResponse, 401, 404),
    compress=True,
    security=TOKEN,
    tags=["syncs"],
    operation_id="readPreview",
)
def show_preview(playlist_id: str) -> PreviewResponse:
    return PreviewResponse.of(read_preview(signed_in(router).user_id, playlist_id, parts().ports.preview))


@router.get(
    "/playlists/<playlist_id>/history",
    summary="The lists that were written last, newest first",
    responses=documented(200, HistoryResponse, 401, 404),
    security=TOKEN,
    tags=["syncs"],
    operation_id="readHistory",
)
def show_history(playlist_id: str) -> HistoryResponse:
    playlist = read_playlist(signed_in(router).user_id, playlist_id, parts().playlists)
    return HistoryResponse(history=[SnapshotResponse.of(snapshot) for snapshot in playlist.history])


@router.post(
    "/playlists/<playlist_id>/undo",
    summary="Write an earlier list again",
    description="`report_id` is one of the playlist's history. The schedule is switched off first.",
    status_code=202,
    responses=documented(202, UndoResponse, 400, 401, 404, 413, 415, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="undo",
)
def undo(playlist_id: str, wanted: ReportRequest, idempotency_key: IdempotencyKey = None) -> UndoResponse:
    session = signed_in(router)
    ports = once(parts().ports.request, session, idempotency_key, "undo", playlist_id, wanted.report_id)
    job = request_undo(session.user_id, playlist_id, wanted.report_id, ports)
    return UndoResponse(message=UNDOING, **dict(JobResponse.of(job)))


@router.post(
    "/playlists/<playlist_id>/held/confirm",
    summary="Write what was held back",
    description="`report_id` is that of `held`. If something has changed since, it is looked at anew.",
    status_code=202,
    responses=documented(202, JobResponse, 400, 401, 404, 409, 413, 415, 429, 503),
    security=TOKEN,
    tags=["syncs"],
    operation_id="confirmHeld",
)
def confirm(playlist_id: str, wanted: ReportRequest, idempotency_key: IdempotencyKey = None) -> JobResponse:
    session = signed_in(router)
    ports = once(parts().ports.request, session, idempotency_key, "confirm", playlist_id, wanted.report_id)
    return JobResponse.of(confirm_hold(session.user_id, playlist_id, wanted.report_id, ports))


@router.post(
    "/playlists/<playlist_id>/held/dismiss",
    summary="Leave the list on the music server as it is, until something changes",
    responses=documented(200, PlaylistResponse, 400, 401, 404, 409, 413, 415),
    security=TOKEN,
    tags=["syncs"],
    operation_id="dismissHeld",
)
def dismiss(playlist_id: str, wanted: ReportRequest) -> PlaylistResponse:
    return shown(dismiss_hold(signed_in(router).user_id, playlist_id, wanted.report_id, parts().ports.change))
