"""What goes in and out, as JSON: the only place that knows pydantic (ADR-0003)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from reprise.domain.accounts import Session, User
from reprise.domain.playlists import Counts, HeldBack, LastError, Playlist, Progress
from reprise.domain.thresholds import Threshold, Thresholds
from reprise.usecases.create_token import DAYS_MAX, LABEL_MAX
from reprise.usecases.renew_connection import PASSWORD_MAX, USERNAME_MAX
from reprise.usecases.set_email import EMAIL_MAX
from reprise.usecases.sign_in import SignedIn

State = Literal["pending", "syncing", "success", "warning", "error"]
Delivery = Literal["ready", "unconfigured"]


ONE_LINE = {"pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$"}
"""What the use cases ask of short texts, written down for the OpenAPI document; they check it, and say it better."""


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, hide_input_in_errors=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)


def _whole(value: object) -> object:
    """30.0 is a whole number in JSON, which knows no other kind."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class SignInRequest(Request):
    username: Annotated[str, Field(min_length=1, max_length=USERNAME_MAX, json_schema_extra={**ONE_LINE})]
    password: Annotated[
        str,
        Field(min_length=1, max_length=PASSWORD_MAX, repr=False, json_schema_extra={"format": "password", **ONE_LINE}),
    ]


class TokenRequest(Request):
    label: Annotated[str, Field(min_length=1, max_length=LABEL_MAX, json_schema_extra={**ONE_LINE})]
    expires_in_days: Annotated[
        Annotated[int, Field(ge=1, le=DAYS_MAX), BeforeValidator(_whole)] | None,
        Field(description="Left out or null: until revoked."),
    ] = None


class EmailRequest(Request):
    email: Annotated[str, Field(min_length=1, max_length=EMAIL_MAX, json_schema_extra={"format": "email"})]


class ForgetRequest(Request):
    username: Annotated[
        str, Field(min_length=1, max_length=USERNAME_MAX, description="Your own, to show that you mean it.")
    ]


class UserAnswer(Answer):
    user_id: str
    username: str
    admin: bool
    email: str | None

    @classmethod
    def of(cls, user: User) -> UserAnswer:
        return cls(user_id=user.user_id, username=user.username, admin=user.admin, email=user.email)


class ThresholdAnswer(Answer):
    """How sure a match has to be, from 0 to 1, and who says so."""

    own: Annotated[float | None, Field(ge=0, le=1, description="What was set here; null: nothing.")]
    in_force: Annotated[float, Field(ge=0, le=1)]
    set_by: Literal["playlist", "user", "instance"]

    @classmethod
    def of(cls, own: float | None, in_force: Threshold) -> ThresholdAnswer:
        return cls(own=own, in_force=in_force.value, set_by=in_force.set_by.value)


class MeAnswer(UserAnswer):
    delivery: Annotated[Delivery, Field(description="“unconfigured”: this instance cannot send mail.")]
    match_threshold: ThresholdAnswer

    @classmethod
    def about(cls, user: User, thresholds: Thresholds, *, configured: bool) -> MeAnswer:
        return cls(
            **UserAnswer.of(user).model_dump(),
            delivery=delivery(configured=configured),
            match_threshold=ThresholdAnswer.of(thresholds.user, thresholds.in_force()),
        )


class SignedInAnswer(Answer):
    token: Annotated[str, Field(repr=False)]
    expires_at: datetime
    user: UserAnswer

    @classmethod
    def of(cls, signed_in: SignedIn) -> SignedInAnswer:
        return cls(token=signed_in.token, expires_at=signed_in.expires_at, user=UserAnswer.of(signed_in.user))


class TokenAnswer(Answer):
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


class TokensAnswer(Answer):
    tokens: list[TokenAnswer]


class EmailAnswer(Answer):
    email: str
    delivery: Delivery


class EmailTestAnswer(Answer):
    sent_to: str


class SourceAnswer(Answer):
    kind: str
    label: str


class ProgressAnswer(Answer):
    phase: str
    done: int
    total: int

    @classmethod
    def of(cls, progress: Progress | None) -> ProgressAnswer | None:
        return cls(phase=progress.phase, done=progress.done, total=progress.total) if progress else None


class CountsAnswer(Answer):
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


class LastErrorAnswer(Answer):
    kind: Annotated[str | None, Field(description="null: a warning and not a failure.")]
    sentence: str

    @classmethod
    def of(cls, error: LastError | None) -> LastErrorAnswer | None:
        return cls(kind=error.kind and error.kind.value, sentence=error.sentence) if error else None


class HeldAnswer(Answer):
    """A write that the safety valve holds back until a person says what is to become of it."""

    reason: Literal["source_empty", "source_shrank", "matches_shrank", "match_rate_low"]
    sentence: str
    since: datetime
    answer: Literal["waiting", "confirmed", "dismissed"]
    report_id: Annotated[str, Field(description="What would be written; to be named when confirming or dismissing it.")]

    @classmethod
    def of(cls, held: HeldBack | None) -> HeldAnswer | None:
        if held is None:
            return None
        return cls(
            reason=held.reason.value,
            sentence=held.sentence,
            since=held.since,
            answer=held.answer.value,
            report_id=held.report_id,
        )


class SyncStatusAnswer(Answer):
    state: State
    interrupted: Annotated[bool, Field(description="It says “syncing”, but the run that said so is gone.")]
    progress: ProgressAnswer | None
    counts: CountsAnswer
    last_synced_at: datetime | None
    last_error: LastErrorAnswer | None
    last_job_id: Annotated[str | None, Field(description="The job that ended last.")]
    held: HeldAnswer | None

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
            held=HeldAnswer.of(playlist.held),
        )


class PlaylistAnswer(Answer):
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
    held: HeldAnswer | None
    match_threshold: ThresholdAnswer
    include_unmatched_tracks: Annotated[
        bool, Field(description="The list's comment on the music server names what is not in your library.")
    ]
    created_at: datetime

    @classmethod
    def of(cls, playlist: Playlist, now: datetime, thresholds: Thresholds) -> PlaylistAnswer:
        return cls(
            **dict(SyncStatusAnswer.of(playlist, now)),
            id=playlist.playlist_id,
            name=playlist.name,
            remote_name=playlist.remote_name,
            remote_id=playlist.remote_id,
            source=SourceAnswer(kind=playlist.source.kind, label=playlist.source.label),
            enabled=playlist.enabled,
            match_threshold=ThresholdAnswer.of(playlist.match_threshold, thresholds.in_force(playlist.match_threshold)),
            include_unmatched_tracks=playlist.include_unmatched_tracks,
            created_at=playlist.created_at,
        )


class PlaylistsAnswer(Answer):
    playlists: list[PlaylistAnswer]
    cursor: Annotated[str | None, Field(description="Where the next page begins; null: there is none.")]


class JobAnswer(Answer):
    job_id: str
    playlist_ids: list[str]


class JobsAnswer(Answer):
    job_ids: list[str]
    playlist_ids: list[str]


class HealthAnswer(Answer):
    status: Literal["ok"]


class FieldProblem(Answer):
    where: str
    problem: str


class ProblemAnswer(Answer):
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
