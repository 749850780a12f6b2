"""Match reports and events, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.shapes.base import ResponseBody
from api.shapes.playlists import CountsResponse
from api.track_keys import shown_key
from reprise.domain.events import AuditEvent
from reprise.domain.matches import Candidate, Match, MatchReport
from reprise.domain.tracks import SourceTrack
from reprise.ports.events import Page


class SourceTrackResponse(ResponseBody):
    title: str
    artist: str
    album: str
    duration_ms: int | None
    isrc: str | None
    recording_mbid: str | None

    @classmethod
    def of(cls, track: SourceTrack) -> SourceTrackResponse:
        return cls(
            title=track.title,
            artist=track.artist,
            album=track.album,
            duration_ms=track.duration_ms,
            isrc=track.isrc,
            recording_mbid=track.recording_mbid,
        )


class CandidateResponse(ResponseBody):
    library_id: str
    title: str
    artist: str
    album: str
    confidence: float
    reasons: list[str]

    @classmethod
    def of(cls, candidate: Candidate) -> CandidateResponse:
        return cls(
            library_id=candidate.library_id,
            title=candidate.title,
            artist=candidate.artist,
            album=candidate.album,
            confidence=candidate.confidence,
            reasons=list(candidate.reasons),
        )


class MatchResponse(ResponseBody):
    position: Annotated[int, Field(ge=1, description="Its place in the playlist, counted from 1.")]
    key: Annotated[str, Field(description="Names the track in `/matches`; put it into the address as it is.")]
    source: SourceTrackResponse
    method: Literal["manual", "mbid", "isrc", "exact", "fuzzy", "none"]
    library_id: str | None
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: str
    candidates: list[CandidateResponse]

    @classmethod
    def of(cls, position: int, match: Match) -> MatchResponse:
        return cls(
            position=position,
            key=shown_key(match.source.key),
            source=SourceTrackResponse.of(match.source),
            method=match.method.value,
            library_id=match.library_id,
            confidence=match.confidence,
            reason=match.reason,
            candidates=[CandidateResponse.of(candidate) for candidate in match.candidates],
        )


class ReportResponse(ResponseBody):
    playlist_id: str
    report_id: str
    created_at: datetime
    counts: CountsResponse
    threshold: Annotated[float | None, Field(description="How sure a match had to be; null: it was not noted.")]
    tracks: list[MatchResponse]
    next_offset: Annotated[int | None, Field(description="Where the next page begins; null: there is none.")]

    @classmethod
    def of(cls, report: MatchReport, *, offset: int, limit: int) -> ReportResponse:
        end = offset + limit
        page = enumerate(report.matches[offset:end], start=offset + 1)
        return cls(
            playlist_id=report.playlist_id,
            report_id=report.report_id,
            created_at=report.created_at,
            counts=CountsResponse.of(report.counts),
            threshold=report.threshold,
            tracks=[MatchResponse.of(position, match) for position, match in page],
            next_offset=end if end < len(report.matches) else None,
        )


class EventResponse(ResponseBody):
    id: str
    type: str
    provider: str
    message: str
    occurred_at: datetime
    metadata: dict[str, str | int | float | bool]

    @classmethod
    def of(cls, event: AuditEvent) -> EventResponse:
        return cls(
            id=event.event_id,
            type=event.event_type.value,
            provider=event.provider,
            message=event.message,
            occurred_at=event.occurred_at,
            metadata=dict(event.metadata),
        )


class EventsResponse(ResponseBody):
    events: list[EventResponse]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]

    @classmethod
    def of(cls, page: Page) -> EventsResponse:
        return cls(events=[EventResponse.of(event) for event in page.items], cursor=page.cursor)
