"""What goes in and out, as JSON: the only place that knows pydantic (ADR-0003)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reprise.domain.accounts import Session, User
from reprise.domain.events import AuditEvent
from reprise.domain.matches import Candidate, Match, MatchReport
from reprise.domain.playlists import Counts, LastError, Playlist, Progress
from reprise.domain.tracks import SourceTrack
from reprise.ports.stores import Page
from reprise.usecases.create_token import DAYS_MAX, LABEL_MAX
from reprise.usecases.renew_connection import PASSWORD_MAX, USERNAME_MAX
from reprise.usecases.set_email import EMAIL_MAX
from reprise.usecases.sign_in import SignedIn

State = Literal["pending", "syncing", "success", "warning", "error"]
Delivery = Literal["ready", "unconfigured"]


ONE_LINE = {"pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$"}
"""What the use cases ask of short texts, written down for the OpenAPI document; they check it, and say it better."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, hide_input_in_errors=True)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)


def _whole(value: object) -> object:
    """30.0 is a whole number in JSON, which knows no other kind."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class SignInRequest(_Request):
    username: Annotated[str, Field(min_length=1, max_length=USERNAME_MAX, json_schema_extra={**ONE_LINE})]
    password: Annotated[
        str,
        Field(min_length=1, max_length=PASSWORD_MAX, repr=False, json_schema_extra={"format": "password", **ONE_LINE}),
    ]


class TokenRequest(_Request):
    label: Annotated[str, Field(min_length=1, max_length=LABEL_MAX, json_schema_extra={**ONE_LINE})]
    expires_in_days: Annotated[
        Annotated[int, BeforeValidator(_whole), Field(ge=1, le=DAYS_MAX)] | None,
        Field(description="Left out or null: until revoked."),
    ] = None


class EmailRequest(_Request):
    email: Annotated[str, Field(min_length=1, max_length=EMAIL_MAX, json_schema_extra={"format": "email"})]


class UserAnswer(_Answer):
    user_id: str
    username: str
    admin: bool
    email: str | None

    @classmethod
    def of(cls, user: User) -> UserAnswer:
        return cls(user_id=user.user_id, username=user.username, admin=user.admin, email=user.email)


class MeAnswer(UserAnswer):
    delivery: Annotated[Delivery, Field(description="“unconfigured”: this instance cannot send mail.")]

    @classmethod
    def about(cls, user: User, *, configured: bool) -> MeAnswer:
        return cls(**UserAnswer.of(user).model_dump(), delivery=delivery(configured=configured))


class SignedInAnswer(_Answer):
    token: Annotated[str, Field(repr=False)]
    expires_at: datetime
    user: UserAnswer

    @classmethod
    def of(cls, signed_in: SignedIn) -> SignedInAnswer:
        return cls(token=signed_in.token, expires_at=signed_in.expires_at, user=UserAnswer.of(signed_in.user))


class TokenAnswer(_Answer):
    id: str
    label: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, session: Session) -> TokenAnswer:
        return cls(
            id=session.public_id, label=session.label, created_at=session.created_at, expires_at=session.expires_at
        )


class NewTokenAnswer(TokenAnswer):
    token: Annotated[str, Field(repr=False, description="Shown this once.")]


class TokensAnswer(_Answer):
    tokens: list[TokenAnswer]


class EmailAnswer(_Answer):
    email: str
    delivery: Delivery


class EmailTestAnswer(_Answer):
    sent_to: str


class SourceAnswer(_Answer):
    kind: str
    label: str


class ProgressAnswer(_Answer):
    phase: str
    done: int
    total: int

    @classmethod
    def of(cls, progress: Progress | None) -> ProgressAnswer | None:
        return cls(phase=progress.phase, done=progress.done, total=progress.total) if progress else None


class CountsAnswer(_Answer):
    total: int
    matched: int
    unmatched: int
    rate: Annotated[float, Field(ge=0, le=1)]
    by_method: dict[str, int]

    @classmethod
    def of(cls, counts: Counts) -> CountsAnswer:
        return cls(
            total=counts.total,
            matched=counts.matched,
            unmatched=counts.unmatched,
            rate=round(counts.rate, 4),
            by_method=dict(counts.by_method),
        )


class LastErrorAnswer(_Answer):
    kind: Annotated[str | None, Field(description="null: a warning and not a failure.")]
    sentence: str

    @classmethod
    def of(cls, error: LastError | None) -> LastErrorAnswer | None:
        return cls(kind=error.kind and error.kind.value, sentence=error.sentence) if error else None


class SyncStatusAnswer(_Answer):
    state: State
    interrupted: Annotated[bool, Field(description="It says “syncing”, but the run that said so is gone.")]
    progress: ProgressAnswer | None
    counts: CountsAnswer
    last_synced_at: datetime | None
    last_error: LastErrorAnswer | None
    last_job_id: Annotated[str | None, Field(description="The job that ended last.")]

    @classmethod
    def of(cls, playlist: Playlist, now: datetime) -> SyncStatusAnswer:
        return cls(
            state=playlist.state.value,
            interrupted=playlist.interrupted(now),
            progress=ProgressAnswer.of(playlist.progress),
            counts=CountsAnswer.of(playlist.counts),
            last_synced_at=playlist.last_synced_at,
            last_error=LastErrorAnswer.of(playlist.last_error),
            last_job_id=playlist.last_job_id,
        )


class PlaylistAnswer(_Answer):
    id: str
    name: str
    remote_name: Annotated[str | None, Field(description="The name on the music server, where it differs.")]
    remote_id: Annotated[str | None, Field(description="The list's id on the music server; null: not written yet.")]
    source: SourceAnswer
    enabled: bool
    state: State
    interrupted: bool
    progress: ProgressAnswer | None
    counts: CountsAnswer
    last_synced_at: datetime | None
    last_error: LastErrorAnswer | None
    last_job_id: str | None
    created_at: datetime

    @classmethod
    def of(cls, playlist: Playlist, now: datetime) -> PlaylistAnswer:
        return cls(
            **dict(SyncStatusAnswer.of(playlist, now)),
            id=playlist.playlist_id,
            name=playlist.name,
            remote_name=playlist.remote_name,
            remote_id=playlist.remote_id,
            source=SourceAnswer(kind=playlist.source.kind, label=playlist.source.label),
            enabled=playlist.enabled,
            created_at=playlist.created_at,
        )


class PlaylistsAnswer(_Answer):
    playlists: list[PlaylistAnswer]


class JobAnswer(_Answer):
    job_id: str
    playlist_ids: list[str]


class JobsAnswer(_Answer):
    job_ids: list[str]
    playlist_ids: list[str]


class SourceTrackAnswer(_Answer):
    title: str
    artist: str
    album: str
    duration_ms: int | None
    isrc: str | None
    recording_mbid: str | None

    @classmethod
    def of(cls, track: SourceTrack) -> SourceTrackAnswer:
        return cls(
            title=track.title,
            artist=track.artist,
            album=track.album,
            duration_ms=track.duration_ms,
            isrc=track.isrc,
            recording_mbid=track.recording_mbid,
        )


class CandidateAnswer(_Answer):
    library_id: str
    title: str
    artist: str
    album: str
    confidence: float
    reasons: list[str]

    @classmethod
    def of(cls, candidate: Candidate) -> CandidateAnswer:
        return cls(
            library_id=candidate.library_id,
            title=candidate.title,
            artist=candidate.artist,
            album=candidate.album,
            confidence=candidate.confidence,
            reasons=list(candidate.reasons),
        )


class MatchAnswer(_Answer):
    position: Annotated[int, Field(ge=1, description="Its place in the playlist, counted from 1.")]
    source: SourceTrackAnswer
    method: Literal["manual", "mbid", "isrc", "exact", "fuzzy", "none"]
    library_id: str | None
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: str
    candidates: list[CandidateAnswer]

    @classmethod
    def of(cls, position: int, match: Match) -> MatchAnswer:
        return cls(
            position=position,
            source=SourceTrackAnswer.of(match.source),
            method=match.method.value,
            library_id=match.library_id,
            confidence=match.confidence,
            reason=match.reason,
            candidates=[CandidateAnswer.of(candidate) for candidate in match.candidates],
        )


class ReportAnswer(_Answer):
    playlist_id: str
    report_id: str
    created_at: datetime
    counts: CountsAnswer
    tracks: list[MatchAnswer]
    next_offset: Annotated[int | None, Field(description="Where the next page begins; null: there is none.")]

    @classmethod
    def of(cls, report: MatchReport, *, offset: int, limit: int) -> ReportAnswer:
        end = offset + limit
        page = enumerate(report.matches[offset:end], start=offset + 1)
        return cls(
            playlist_id=report.playlist_id,
            report_id=report.report_id,
            created_at=report.created_at,
            counts=CountsAnswer.of(report.counts),
            tracks=[MatchAnswer.of(position, match) for position, match in page],
            next_offset=end if end < len(report.matches) else None,
        )


class EventAnswer(_Answer):
    id: str
    type: str
    provider: str
    message: str
    occurred_at: datetime
    metadata: dict[str, str | int | float | bool]

    @classmethod
    def of(cls, event: AuditEvent) -> EventAnswer:
        return cls(
            id=event.event_id,
            type=event.event_type.value,
            provider=event.provider,
            message=event.message,
            occurred_at=event.occurred_at,
            metadata=dict(event.metadata),
        )


class EventsAnswer(_Answer):
    events: list[EventAnswer]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]

    @classmethod
    def of(cls, page: Page) -> EventsAnswer:
        return cls(events=[EventAnswer.of(event) for event in page.items], cursor=page.cursor)


class HealthAnswer(_Answer):
    status: Literal["ok"]


class FieldProblem(_Answer):
    where: str
    problem: str


class ProblemAnswer(_Answer):
    """An RFC 9457 problem document, as application/problem+json."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    where: Annotated[str | None, Field(description="The field, or the line of the file, that it is about.")] = None
    errors: list[FieldProblem] | None = None


def delivery(*, configured: bool) -> Delivery:
    """Whether mail goes out at all, in a word (`S0-18`)."""
    return "ready" if configured else "unconfigured"
