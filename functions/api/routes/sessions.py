"""Signing in and out."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api.auth import signed_in
from api.parts import parts
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.account import SignedInResponse, SignInRequest
from reprise.observability import logger
from reprise.usecases.account.open_session import open_session
from reprise.usecases.account.sign_out import sign_out
from reprise.usecases.connections.renew_connection import renew_connection

router = new_router()


@router.post(
    "/sessions",
    summary="Sign in with the account on the music server",
    description=(
        "The name and password are tried on the music server, and kept encrypted for the syncs to come. "
        "The token is good for 24 hours. Signing in also mends a connection that had stopped working. "
        "With another password than the last time it ends every other session and API token: `others_ended` says so."
    ),
    status_code=201,
    responses=documented(201, SignedInResponse, 400, 401, 403, 413, 415, 429, 502, 503),
    tags=["sessions"],
    operation_id="signIn",
)
def create_session(credentials: SignInRequest) -> SignedInResponse:
    renewed = renew_connection(
        username=credentials.username,
        password=credentials.password,
        source_address=router.current_event.request_context.http.source_ip,
        ports=parts().sign_in,
    )
    logger.append_keys(user_id=renewed.user.user_id)
    opened = open_session(renewed.user, renewed.password_number, parts().ports.token)
    return SignedInResponse.of(opened, others_ended=renewed.others_ended)


@router.delete(
    "/sessions/current",
    summary="Sign out",
    description="The token this request carries is worth nothing afterwards, be it from signing in or an API token.",
    status_code=204,
    responses=documented(204, None, 401),
    security=TOKEN,
    tags=["sessions"],
    operation_id="signOut",
)
def delete_session() -> Response[None]:
    sign_out(signed_in(router), parts().sessions)
    return Response(status_code=204)
