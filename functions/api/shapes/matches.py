"""Matches chosen by hand, as JSON."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.shapes.base import ONE_LINE, Request, ResponseBody
from api.track_keys import shown_key
from reprise.domain.matches import Override
from reprise.domain.tracks import LibraryTrack
from reprise.usecases.playlists.choose_match import NEVER_MAX, SONG_ID_MAX
from reprise.usecases.playlists.list_choices import ChoicePage

SongId = Annotated[str, Field(min_length=1, max_length=SONG_ID_MAX, json_schema_extra={**ONE_LINE})]


class SongResponse(ResponseBody):
    library_id: str
    title: str
    artist: str
    album: str
    duration_ms: int | None
    track_number: int | None
    year: int | None

    @classmethod
    def of(cls, song: LibraryTrack) -> SongResponse:
        return cls(
            library_id=song.id,
            title=song.title,
            artist=song.artist,
            album=song.album,
            duration_ms=song.duration_ms,
            track_number=song.track_number,
            year=song.year,
        )


class SongsResponse(ResponseBody):
    songs: list[SongResponse]


class ChoiceRequest(Request):
    library_id: Annotated[SongId | None, Field(description="This one.")] = None
    never: Annotated[list[SongId], Field(default_factory=list, max_length=NEVER_MAX, description="Never these.")]


class ChoiceResponse(ResponseBody):
    key: str
    library_id: str | None
    never: list[str]

    @classmethod
    def of(cls, override: Override) -> ChoiceResponse:
        return cls(key=shown_key(override.track_key), library_id=override.chosen, never=sorted(override.never))


class ChoicesResponse(ResponseBody):
    matches: list[ChoiceResponse]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]

    @classmethod
    def of(cls, page: ChoicePage) -> ChoicesResponse:
        cursor = None if page.cursor is None else shown_key(page.cursor)
        return cls(matches=[ChoiceResponse.of(override) for override in page.choices], cursor=cursor)
