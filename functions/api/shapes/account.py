"""A person, their sessions, tokens and settings, as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.shapes.base import ONE_LINE, Delivery, Request, ResponseBody, _whole
from reprise.domain.accounts import Session, User
from reprise.domain.thresholds import Threshold, Thresholds
from reprise.usecases.account.create_token import DAYS_DEFAULT, DAYS_MAX, LABEL_MAX
from reprise.usecases.account.open_session import OpenedSession
from reprise.usecases.account.set_email import EMAIL_MAX
from reprise.usecases.connections.prove_account import PASSWORD_MAX, USERNAME_MAX

Password = Annotated[
    str,
    Field(min_length=1, max_length=PASSWORD_MAX, repr=False, json_schema_extra={"format": "password", **ONE_LINE}),
]


class SignInRequest(Request):
    username: Annotated[str, Field(min_length=1, max_length=USERNAME_MAX, json_schema_extra={**ONE_LINE})]
    password: Password


class TokenRequest(Request):
    label: Annotated[str, Field(min_length=1, max_length=LABEL_MAX, json_schema_extra={**ONE_LINE})]
    expires_in_days: Annotated[
        Annotated[int, Field(ge=1, le=DAYS_MAX), BeforeValidator(_whole)] | None,
        Field(description=f"Left out or null: {DAYS_DEFAULT}."),
    ] = None


class EmailRequest(Request):
    email: Annotated[str, Field(min_length=1, max_length=EMAIL_MAX, json_schema_extra={"format": "email"})]


class ForgetRequest(Request):
    username: Annotated[
        str, Field(min_length=1, max_length=USERNAME_MAX, description="Your own, to show that you mean it.")
    ]
    password: Password


class UserResponse(ResponseBody):
    user_id: str
    username: str
    admin: bool
    email: str | None

    @classmethod
    def of(cls, user: User) -> UserResponse:
        return cls(user_id=user.user_id, username=user.username, admin=user.admin, email=user.email)


class ThresholdResponse(ResponseBody):
    """How sure a match has to be, from 0 to 1, and who says so."""

    own: Annotated[float | None, Field(ge=0, le=1, description="What was set here; null: nothing.")]
    in_force: Annotated[float, Field(ge=0, le=1)]
    set_by: Literal["playlist", "user", "instance"]

    @classmethod
    def of(cls, own: float | None, in_force: Threshold) -> ThresholdResponse:
        return cls(own=own, in_force=in_force.value, set_by=in_force.set_by.value)


class MeResponse(UserResponse):
    delivery: Annotated[Delivery, Field(description="“unconfigured”: this instance cannot send mail.")]
    match_threshold: ThresholdResponse
    looked_at: Annotated[
        datetime | None,
        Field(
            description="When the schedule last looked at all your playlists, whether or not there was something to do;"
            " null before the first time."
        ),
    ]

    @classmethod
    def about(cls, user: User, thresholds: Thresholds, looked_at: datetime | None, *, configured: bool) -> MeResponse:
        return cls(
            **UserResponse.of(user).model_dump(),
            delivery=delivery(configured=configured),
            match_threshold=ThresholdResponse.of(thresholds.user, thresholds.in_force()),
            looked_at=looked_at,
        )


class SignedInResponse(ResponseBody):
    token: Annotated[str, Field(repr=False)]
    expires_at: datetime
    user: UserResponse
    others_ended: Annotated[
        bool,
        Field(
            description="The password was another one than before: no other session and no API token works any more."
        ),
    ]

    @classmethod
    def of(cls, opened: OpenedSession, *, others_ended: bool) -> SignedInResponse:
        return cls(
            token=opened.token,
            expires_at=opened.expires_at,
            user=UserResponse.of(opened.user),
            others_ended=others_ended,
        )


class TokenResponse(ResponseBody):
    id: str
    label: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, session: Session) -> TokenResponse:
        return cls(id=session.public_id, label=session.label, created_at=session.created_at, expires_at=session.ends_at)


class NewTokenResponse(TokenResponse):
    token: Annotated[str, Field(repr=False, description="Shown this once.")]


class TokensResponse(ResponseBody):
    tokens: list[TokenResponse]


class EmailResponse(ResponseBody):
    email: str
    delivery: Delivery


class EmailTestResponse(ResponseBody):
    sent_to: str


def delivery(*, configured: bool) -> Delivery:
    """Whether mail goes out at all, in a word (`S0-18`)."""
    return "ready" if configured else "unconfigured"
