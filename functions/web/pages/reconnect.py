"""The page that a failure email leads to: sign in again, and everything goes on (`S0-13`, `S0-17`).

It needs no session and sets no cookie: the password entered proves the person by itself, and nothing else is shown or
done here. Any account of the configured music server may use it, whoever's email the link was in.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import SyncFailure
from reprise.domain.refusals import InvalidInput, Refusal
from reprise.doors.pages import page_response
from reprise.doors.request_body import BodyRefused, form_fields
from reprise.doors.same_origin import from_our_own_page
from reprise.doors.statuses import denial_of
from reprise.observability import logger
from reprise.usecases.connections.prove_account import USERNAME_MAX
from reprise.usecases.connections.renew_connection import renew_connection
from web.parts import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import Response

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]  # Powertools' constructor bears no types

_FIELDS = {"username": "User name", "password": "Password"}


@router.get("/reconnect/<connection_id>")
def show(connection_id: str) -> Response[str]:
    if connection_id != MUSIC_SERVER:
        return page_response(HTTPStatus.NOT_FOUND, parts().pages.nothing_here())
    return _form(HTTPStatus.OK)


@router.post("/reconnect/<connection_id>")
def sign_in_again(connection_id: str) -> Response[str]:
    if connection_id != MUSIC_SERVER:
        return page_response(HTTPStatus.NOT_FOUND, parts().pages.nothing_here())
    if not from_our_own_page(router.current_event.headers, router.current_event.request_context.domain_name):
        return _form(HTTPStatus.FORBIDDEN, error="This form was sent from another site. Please enter it here.")
    try:
        return _renewed(form_fields(router.current_event))
    except BodyRefused as refused:
        return _form(refused.status, error=refused.sentence)
    except InvalidInput:
        return _form(HTTPStatus.BAD_REQUEST, error="This form cannot be read. Please enter it once more.")


def _renewed(fields: Mapping[str, str]) -> Response[str]:
    username = fields.get("username", "")
    shown = username if len(username) <= USERNAME_MAX else ""
    try:
        renewed = renew_connection(
            username=username,
            password=fields.get("password", ""),
            source_address=router.current_event.request_context.http.source_ip,
            ports=parts().sign_in,
        )
    except InvalidInput as refused:
        return _form(HTTPStatus.BAD_REQUEST, username=shown, error=f"{_FIELDS[refused.field]}: {refused.sentence}")
    except (Refusal, SyncFailure) as error:
        denial = denial_of(error)
        return _form(denial.status, username=shown, error=denial.sentence, headers=denial.headers)
    logger.append_keys(user_id=renewed.user.user_id)
    return page_response(HTTPStatus.OK, parts().pages.signed_in_again(others_ended=renewed.others_ended))


def _form(
    status: HTTPStatus, *, username: str = "", error: str = "", headers: Mapping[str, str] | None = None
) -> Response[str]:
    page = parts().pages.sign_in_again(username=username, error=error)
    return page_response(status, page, has_form=True, headers=headers)
