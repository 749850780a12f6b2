"""What a person sets: for all of their playlists, or for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.auth import signed_in
from api.parts import parts
from api.presenters import shown
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.account import ThresholdResponse
from api.shapes.operations import RemoteNameRequest, SettingsRequest, ThresholdRequest, UnmatchedRequest
from api.shapes.playlists import PlaylistResponse
from reprise.domain.refusals import InvalidInput
from reprise.domain.thresholds import Thresholds
from reprise.usecases.account.set_own_threshold import set_own_threshold
from reprise.usecases.playlists.change_settings import change_settings

if TYPE_CHECKING:
    from reprise.domain.settings import SettingsChange

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
    own = set_own_threshold(signed_in(router).user_id, wanted.threshold, parts().connections)
    thresholds = Thresholds(user=own, instance=parts().instance_threshold)
    return ThresholdResponse.of(thresholds.user, thresholds.in_force())


@router.patch(
    "/playlists/<playlist_id>",
    summary="Change settings of a playlist",
    description=(
        "Any number of them at once, all or nothing; what is left out stays as it is. "
        "The next sync does what they say. Each one that changes leaves an event."
    ),
    responses=documented(200, PlaylistResponse, 400, 401, 404, 413, 415),
    security=TOKEN,
    tags=["playlists"],
    operation_id="changeSettings",
)
def write(playlist_id: str, wanted: SettingsRequest) -> PlaylistResponse:
    return _changed(playlist_id, wanted.change())


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
    return _changed(playlist_id, {"match_threshold": wanted.threshold})


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
    return _changed(playlist_id, {"include_unmatched_tracks": wanted.include})


@router.put(
    "/playlists/<playlist_id>/remote-name",
    summary="Give the list on the music server a name of its own",
    description="The next sync renames it.",
    responses=documented(200, PlaylistResponse, 400, 401, 404, 413, 415),
    security=TOKEN,
    tags=["links"],
    operation_id="setRemoteName",
)
def write_remote_name(playlist_id: str, wanted: RemoteNameRequest) -> PlaylistResponse:
    try:
        return _changed(playlist_id, {"remote_name": wanted.name})
    except InvalidInput as refused:
        raise InvalidInput("name", refused.sentence) from None  # as the field is called in this body


def _changed(playlist_id: str, change: SettingsChange) -> PlaylistResponse:
    return shown(change_settings(signed_in(router).user_id, playlist_id, change, parts().ports.change))
