"""Playlists: looking at them, switching them on and off, letting them go."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.auth import signed_in
from api.idempotency import IfNoneMatch, unless_known
from api.parts import parts
from api.presenters import shown, thresholds_of
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.playlists import PlaylistResponse, PlaylistsResponse, SyncStatusResponse
from reprise.usecases.playlists.change_settings import change_settings
from reprise.usecases.playlists.list_playlists import list_playlists
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.remove_playlist import remove_playlist

router = new_router()

PAGE_MAX = 1000


@router.get(
    "/playlists",
    summary="List playlists, oldest first",
    responses=documented(200, PlaylistsResponse, 400, 401),
    compress=True,
    security=TOKEN,
    tags=["playlists"],
    operation_id="listPlaylists",
)
def read_all(
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="At most so many playlists.")] = PAGE_MAX,
    cursor: Annotated[str | None, Query(max_length=1024, description="Where the page before ended.")] = None,
) -> PlaylistsResponse:
    user_id = signed_in(router).user_id
    page = list_playlists(user_id, parts().playlists, limit=limit, cursor=cursor)
    now, thresholds = parts().clock(), thresholds_of(user_id)
    return PlaylistsResponse(
        playlists=[PlaylistResponse.of(playlist, now, thresholds) for playlist in page.playlists], cursor=page.cursor
    )


@router.get(
    "/playlists/<playlist_id>",
    summary="Read a playlist",
    responses=documented(200, PlaylistResponse, 304, 400, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="readPlaylist",
)
def read(playlist_id: str, if_none_match: IfNoneMatch = None) -> Response[PlaylistResponse]:
    playlist = read_playlist(signed_in(router).user_id, playlist_id, parts().playlists)
    return unless_known(shown(playlist), if_none_match)


@router.delete(
    "/playlists/<playlist_id>",
    summary="Remove a playlist from Reprise",
    description="Its match reports go with it; the list on the music server and what happened to it stay.",
    status_code=204,
    responses=documented(204, None, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="removePlaylist",
)
def delete(playlist_id: str) -> Response[None]:
    remove_playlist(signed_in(router).user_id, playlist_id, parts().ports.removal)
    return Response(status_code=204)


@router.post(
    "/playlists/<playlist_id>/enable",
    summary="Keep a playlist in step from the next tick on",
    responses=documented(200, PlaylistResponse, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="enablePlaylist",
)
def enable(playlist_id: str) -> PlaylistResponse:
    return _switched(playlist_id, enabled=True)


@router.post(
    "/playlists/<playlist_id>/disable",
    summary="Leave a playlist alone until it is enabled again",
    description="The list on the music server stays as it is.",
    responses=documented(200, PlaylistResponse, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="disablePlaylist",
)
def disable(playlist_id: str) -> PlaylistResponse:
    return _switched(playlist_id, enabled=False)


def _switched(playlist_id: str, *, enabled: bool) -> PlaylistResponse:
    user_id = signed_in(router).user_id
    return shown(change_settings(user_id, playlist_id, {"enabled": enabled}, parts().ports.change))


@router.get(
    "/playlists/<playlist_id>/sync-status",
    summary="How a sync is getting on",
    description="Made for polling, every second or two. A job is over when `last_job_id` is its id.",
    responses=documented(200, SyncStatusResponse, 304, 400, 401, 404),
    security=TOKEN,
    tags=["playlists"],
    operation_id="readSyncStatus",
)
def read_status(playlist_id: str, if_none_match: IfNoneMatch = None) -> Response[SyncStatusResponse]:
    playlist = read_playlist(signed_in(router).user_id, playlist_id, parts().playlists)
    return unless_known(SyncStatusResponse.of(playlist, parts().clock()), if_none_match)
