"""The page that a failure email leads to: sign in again, and everything goes on (`S0-13`, `S0-17`).

It needs no session and sets no cookie: the password entered proves the person by itself, and nothing else is shown or
done here. Any account of the configured music server may use it, whoever's email the link was in.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api.parts import parts
from api.problems import BodyRefused, problem_of
from api.request_body import form_fields
from api.routing import new_router
from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import SyncFailure
from reprise.domain.refusals import InvalidInput, Refusal
from reprise.observability import logger
from reprise.usecases.connections.renew_connection import USERNAME_MAX, renew_connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reprise.bootstrap.api import WebPage

router = new_router()

_POLICY = "default-src 'none'; style-src {style}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_FIELDS = {"username": "User name", "password": "Password"}


@router.get("/reconnect/<connection_id>", include_in_schema=False, enable_validation=False)
def show(connection_id: str) -> Response[str]:
    if connection_id != MUSIC_SERVER:
        return _html(HTTPStatus.NOT_FOUND, parts().pages.nothing_here())
    return _form(HTTPStatus.OK)


@router.post("/reconnect/<connection_id>", include_in_schema=False, enable_validation=False)
def sign_in_again(connection_id: str) -> Response[str]:
    if connection_id != MUSIC_SERVER:
        return _html(HTTPStatus.NOT_FOUND, parts().pages.nothing_here())
    if not _from_our_own_page(router.current_event.headers, router.current_event.request_context.domain_name):
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
        user = renew_connection(
            username=username,
            password=fields.get("password", ""),
            source_address=router.current_event.request_context.http.source_ip,
            ports=parts().sign_in,
        )
    except InvalidInput as refused:
        return _form(HTTPStatus.BAD_REQUEST, username=shown, error=f"{_FIELDS[refused.field]}: {refused.sentence}")
    except (Refusal, SyncFailure) as error:
        problem = problem_of(error)
        return _form(problem.status, username=shown, error=problem.detail, headers=problem.headers)
    logger.append_keys(user_id=user.user_id)
    return _html(HTTPStatus.OK, parts().pages.signed_in_again())


def _from_our_own_page(headers: Mapping[str, str], domain_name: str) -> bool:
    """False for a form that another site made the browser send.

    `Sec-Fetch-Site` is the browser's own word and holds behind any proxy. Older browsers send `Origin` only: its host
    must be one this request was addressed to. Programs send neither, and have no one's cookies or trust to abuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return True
    addressed = {headers.get("host", ""), headers.get("x-forwarded-host", ""), domain_name}
    return origin.partition("://")[2] in addressed - {""}


def _form(
    status: HTTPStatus, *, username: str = "", error: str = "", headers: Mapping[str, str] | None = None
) -> Response[str]:
    return _html(status, parts().pages.sign_in_again(username=username, error=error), headers or {})


def _html(status: HTTPStatus, page: WebPage, headers: Mapping[str, str] | None = None) -> Response[str]:
    policy = _POLICY.format(style=page.style_source)
    return Response(
        status_code=int(status),
        content_type="text/html; charset=utf-8",
        body=page.html,
        headers={
            **(headers or {}),
            "Content-Security-Policy": policy,
            # With "no-referrer" browsers would call the form's own origin "null".
            "Referrer-Policy": "same-origin",
        },
    )
