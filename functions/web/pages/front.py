"""The page at the instance's address, where the last line of every email leads: what this is, and where to go on."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from reprise.doors.pages import page_response
from web.parts import parts

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]  # Powertools' constructor bears no types


@router.get("/")
def show() -> Response[str]:
    return page_response(HTTPStatus.OK, parts().pages.front())
