"""Taking playlists in: as a file, by the address of one, and a newer file for an older one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.auth import signed_in
from api.idempotency import IdempotencyKey, ids_for
from api.parts import parts
from api.presenters import shown
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.operations import ByUrlRequest
from api.shapes.playlists import PlaylistResponse
from api.uploads import read_upload
from reprise.domain.playlists import NAME_MAX, Playlist
from reprise.usecases.playlists.import_playlist import import_playlist
from reprise.usecases.playlists.import_playlist_from_url import import_playlist_from_url
from reprise.usecases.playlists.replace_file import replace_file

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

Filename = Annotated[str, Query(max_length=255, description="A hint at the format, and a name to fall back on.")]


@router.post(
    "/playlists",
    summary="Import a playlist file",
    description=(
        "JSPF, XSPF, M3U, M3U8, CSV as Exportify, TuneMyMusic or Soundiiz write it, or Reprise's own JSON, "
        "of at most 4 MiB. It is synced at the next tick. A file that cannot be read is stored nowhere."
    ),
    status_code=201,
    responses=documented(201, PlaylistResponse, 400, 401, 409, 413, 429),
    security=TOKEN,
    tags=["playlists"],
    operation_id="importPlaylist",
    openapi_extensions=UPLOAD_BODY,
)
def create(
    filename: Filename = "",
    name: Annotated[str, Query(max_length=NAME_MAX, description="The playlist's name; else the file's own.")] = "",
    idempotency_key: IdempotencyKey = None,
) -> Response[PlaylistResponse]:
    session = signed_in(router)
    upload = read_upload(router.current_event, filename=filename, name=name)
    ports = replace(parts().ports.upload, new_playlist_id=ids_for(session, idempotency_key, "import"))
    return _created(import_playlist(session.user_id, upload, ports))


@router.post(
    "/playlists/by-url",
    summary="Import a playlist file by its address",
    description=(
        "The file is fetched now, and looked at again before each sync. Of the same formats and size as an upload. "
        "At most sixty times an hour."
    ),
    status_code=201,
    responses=documented(201, PlaylistResponse, 400, 401, 409, 413, 415, 429, 502),
    security=TOKEN,
    tags=["playlists"],
    operation_id="importPlaylistByUrl",
)
def create_by_url(wanted: ByUrlRequest, idempotency_key: IdempotencyKey = None) -> Response[PlaylistResponse]:
    session = signed_in(router)
    ports = replace(parts().ports.address, new_playlist_id=ids_for(session, idempotency_key, "by-url"))
    return _created(import_playlist_from_url(session.user_id, wanted.url, wanted.name or "", ports))


@router.put(
    "/playlists/<playlist_id>/file",
    summary="Replace a playlist's file by a newer one of the same list",
    description=(
        "Its id, its name, the list on the music server and manual matches stay. It is synced at the next tick. "
        "A file that cannot be read changes nothing."
    ),
    responses=documented(200, PlaylistResponse, 400, 401, 404, 409, 413, 429),
    security=TOKEN,
    tags=["playlists"],
    operation_id="replaceFile",
    openapi_extensions=UPLOAD_BODY,
)
def write_file(playlist_id: str, filename: Filename = "") -> PlaylistResponse:
    user_id = signed_in(router).user_id
    upload = read_upload(router.current_event, filename=filename, name="")
    return shown(replace_file(user_id, playlist_id, upload, parts().ports.upload))


def _created(playlist: Playlist) -> Response[PlaylistResponse]:
    return Response(
        status_code=201,
        content_type="application/json",
        body=shown(playlist),
        headers={"Location": f"/api/v1/playlists/{playlist.playlist_id}"},
    )
