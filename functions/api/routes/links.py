"""Which list on the music server a playlist keeps in step."""

from __future__ import annotations

from urllib.parse import unquote

from api.auth import signed_in
from api.idempotency import IdempotencyKey, once
from api.parts import parts
from api.presenters import shown
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.operations import LinkCandidatesResponse
from api.shapes.playlists import JobResponse, PlaylistResponse
from reprise.usecases.playlists.link_playlist import link_playlist
from reprise.usecases.playlists.list_link_candidates import list_link_candidates
from reprise.usecases.playlists.unlink_playlist import unlink_playlist

router = new_router()


@router.get(
    "/playlists/<playlist_id>/link",
    summary="Lists on the music server that this playlist could be linked to",
    description=(
        "Asked of the music server now: lists of your own that can be written to and that no other playlist keeps. "
        "At most sixty times an hour."
    ),
    responses=documented(200, LinkCandidatesResponse, 401, 403, 404, 409, 429, 502, 503),
    security=TOKEN,
    tags=["links"],
    operation_id="listLinkCandidates",
)
def read_candidates(playlist_id: str) -> LinkCandidatesResponse:
    found = list_link_candidates(signed_in(router).user_id, playlist_id, parts().ports.candidates)
    return LinkCandidatesResponse.of(found)


@router.post(
    "/playlists/<playlist_id>/link/<remote_id>",
    summary="Keep a list in step that is on the music server already",
    description="Everything in it is replaced. Nothing is changed when that list cannot be had.",
    status_code=202,
    responses=documented(202, JobResponse, 400, 401, 403, 404, 409, 429, 502, 503),
    security=TOKEN,
    tags=["links"],
    operation_id="linkPlaylist",
)
def link(playlist_id: str, remote_id: str, idempotency_key: IdempotencyKey = None) -> JobResponse:
    session = signed_in(router)
    ports = once(parts().ports.link, session, idempotency_key, "link", playlist_id, remote_id)
    return JobResponse.of(link_playlist(session.user_id, playlist_id, unquote(remote_id), ports))


@router.post(
    "/playlists/<playlist_id>/unlink",
    summary="Let go of the list on the music server",
    description="It stays there as it is. The playlist is switched off; switched on again, it gets a list of its own.",
    responses=documented(200, PlaylistResponse, 401, 404, 409),
    security=TOKEN,
    tags=["links"],
    operation_id="unlinkPlaylist",
)
def unlink(playlist_id: str) -> PlaylistResponse:
    return shown(unlink_playlist(signed_in(router).user_id, playlist_id, parts().ports.change))
