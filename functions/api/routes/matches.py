"""Choosing matches by hand: “this one”, “never this one”, and the library to choose from."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from api.auth import signed_in
from api.parts import parts
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.matches import ChoiceRequest, ChoiceResponse, ChoicesResponse, SongResponse, SongsResponse
from api.track_keys import key_of
from reprise.domain.matches import Override
from reprise.usecases.playlists.choose_match import choose_match, forget_match
from reprise.usecases.playlists.list_choices import list_choices
from reprise.usecases.playlists.search_library import QUERY_MAX, search_library

router = new_router()

PAGE_MAX = 1000
# A key of 1,024 bytes in base64, which an address may hold with its colon encoded.
CURSOR_MAX = 1400


@router.get(
    "/library/songs",
    summary="Search your library",
    description="As the last sync read it: every word stands in the title, the artist or the album.",
    responses=documented(200, SongsResponse, 400, 401, 409),
    security=TOKEN,
    tags=["matches"],
    operation_id="searchLibrary",
)
def search(
    query: Annotated[str, Query(min_length=1, max_length=QUERY_MAX)],
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many songs.")] = 20,
) -> SongsResponse:
    songs = search_library(signed_in(router).user_id, query, parts().ports.library, limit=limit)
    return SongsResponse(songs=[SongResponse.of(song) for song in songs])


@router.get(
    "/matches",
    summary="The matches chosen by hand",
    description="A page may hold fewer than `limit`: go on until `cursor` is null.",
    responses=documented(200, ChoicesResponse, 400, 401),
    compress=True,
    security=TOKEN,
    tags=["matches"],
    operation_id="listMatches",
)
def read_all(
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="At most so many matches.")] = PAGE_MAX,
    cursor: Annotated[str | None, Query(max_length=CURSOR_MAX, description="Where the page before ended.")] = None,
) -> ChoicesResponse:
    begin = None if cursor is None else key_of(cursor)
    return ChoicesResponse.of(list_choices(signed_in(router).user_id, parts().overrides, limit=limit, cursor=begin))


@router.put(
    "/matches/<track_key>",
    summary="Choose a match by hand",
    description=(
        "`track_key` is the `key` of a row of a match report. `library_id` is the song it is, `never` are songs it is "
        "not. It holds for every playlist with that track, from its next sync on, and replaces what was chosen before."
    ),
    responses=documented(200, ChoiceResponse, 400, 401, 404, 413, 415),
    security=TOKEN,
    tags=["matches"],
    operation_id="chooseMatch",
)
def choose(track_key: str, wanted: ChoiceRequest) -> ChoiceResponse:
    choice = Override(track_key=key_of(track_key), chosen=wanted.library_id, never=frozenset(wanted.never))
    return ChoiceResponse.of(choose_match(signed_in(router).user_id, choice, parts().ports.choice))


@router.delete(
    "/matches/<track_key>",
    summary="Leave a track to the matcher again",
    status_code=204,
    responses=documented(204, None, 401, 404),
    security=TOKEN,
    tags=["matches"],
    operation_id="forgetMatch",
)
def forget(track_key: str) -> Response[None]:
    forget_match(signed_in(router).user_id, key_of(track_key), parts().overrides)
    return Response(status_code=204)
