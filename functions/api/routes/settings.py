"""What a person sets: how sure a match has to be, and whether a list's comment names what is missing."""

from __future__ import annotations

from api.asking import changing
from api.auth import signed_in
from api.parts import parts
from api.presenters import shown
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.account import ThresholdResponse
from api.shapes.operations import ThresholdRequest, UnmatchedRequest
from api.shapes.playlists import PlaylistResponse
from reprise.domain.thresholds import Thresholds
from reprise.usecases.playlists.set_include_unmatched import set_include_unmatched
from reprise.usecases.playlists.set_match_threshold import set_own_threshold, set_playlist_threshold

router = new_router()


@router.put(
    "/me/match-threshold",
    summary="Say how sure a match has to be",
    description="For every playlist that says nothing else itself, from its next sync on. null: as the instance says.",
    responses=documented(200, ThresholdResponse, 400, 401, 409, 413, 415),
    security=TOKEN,
    tags=["me"],
    operation_id="setThreshold",
)
def write_own(wanted: ThresholdRequest) -> ThresholdResponse:
    user_id = signed_in(router).user_id
    own = set_own_threshold(user_id=user_id, threshold=wanted.threshold, connections=parts().connections)
    thresholds = Thresholds(user=own, instance=parts().instance_threshold)
    return ThresholdResponse.of(thresholds.user, thresholds.in_force())


@router.put(
    "/playlists/<playlist_id>/match-threshold",
    summary="Say how sure a match has to be for this playlist",
    description="The next sync matches it afresh. null: as sure as you say for all, else as the instance says.",
    responses=documented(200, PlaylistResponse, 400, 401, 404, 413, 415),
    security=TOKEN,
    tags=["playlists"],
    operation_id="setPlaylistThreshold",
)
def write_threshold(playlist_id: str, wanted: ThresholdRequest) -> PlaylistResponse:
    user_id = signed_in(router).user_id
    return shown(
        set_playlist_threshold(user_id=user_id, playlist_id=playlist_id, threshold=wanted.threshold, **changing())
    )


@router.put(
    "/playlists/<playlist_id>/unmatched-tracks",
    summary="Have the list's comment name what is not in your library",
    description="The next sync changes the comment, which holds 255 bytes: what has no room is counted.",
    responses=documented(200, PlaylistResponse, 400, 401, 404, 413, 415),
    security=TOKEN,
    tags=["playlists"],
    operation_id="setUnmatchedTracks",
)
def write_unmatched(playlist_id: str, wanted: UnmatchedRequest) -> PlaylistResponse:
    user_id = signed_in(router).user_id
    return shown(set_include_unmatched(user_id=user_id, playlist_id=playlist_id, include=wanted.include, **changing()))
