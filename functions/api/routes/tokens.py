"""API tokens: sessions for programs."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api.auth import signed_in
from api.parts import parts
from api.responses import TOKEN, documented
from api.routing import new_router
from api.shapes.account import NewTokenResponse, TokenRequest, TokenResponse, TokensResponse
from reprise.usecases.account.create_token import create_token
from reprise.usecases.account.list_tokens import list_tokens
from reprise.usecases.account.revoke_token import revoke_token

router = new_router()


@router.post(
    "/tokens",
    summary="Make an API token",
    description=(
        "The token itself is shown in this answer and never again. It is good for 90 days, or as many as you say up to "
        "365, and no longer than your password: signing in with another one ends it. Needs a token from signing in."
    ),
    status_code=201,
    responses=documented(201, NewTokenResponse, 400, 401, 403, 409, 413, 415),
    security=TOKEN,
    tags=["tokens"],
    operation_id="createToken",
)
def create(wanted: TokenRequest) -> NewTokenResponse:
    made = create_token(
        signed_in(router), wanted.label, expires_in_days=wanted.expires_in_days, ports=parts().ports.token
    )
    return NewTokenResponse(token=made.token, **dict(TokenResponse.of(made.session)))


@router.get(
    "/tokens",
    summary="List the API tokens that work",
    responses=documented(200, TokensResponse, 401),
    security=TOKEN,
    tags=["tokens"],
    operation_id="listTokens",
)
def read_all() -> TokensResponse:
    tokens = list_tokens(signed_in(router).user_id, parts().ports.session)
    return TokensResponse(tokens=[TokenResponse.of(token) for token in tokens])


@router.delete(
    "/tokens/<token_id>",
    summary="Revoke an API token",
    description="It stops working at once. Needs a token from signing in.",
    status_code=204,
    responses=documented(204, None, 401, 403, 404),
    security=TOKEN,
    tags=["tokens"],
    operation_id="revokeToken",
)
def delete(token_id: str) -> Response[None]:
    revoke_token(signed_in(router), token_id, parts().ports.session)
    return Response(status_code=204)
