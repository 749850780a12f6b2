"""The API described for people: the OpenAPI document as a page, of one piece and without a script."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from api.document import document
from api.parts import parts
from api.routing import new_router
from reprise.doors.pages import page_response

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

    from reprise.bootstrap.api import WebPage

router = new_router()


@router.get(
    "/docs",
    summary="This document as a page to read",
    responses={200: {"description": "HTML", "content": {"text/html": {"schema": {"type": "string"}}}}},
    compress=True,
    tags=["meta"],
    operation_id="docs",
    enable_validation=False,
)
def show() -> Response[str]:
    app: Any = router.api_resolver  # Any: the router knows its resolver by its base class only
    page = _page(app)
    return page_response(HTTPStatus.OK, page)


@cache
def _page(app: APIGatewayHttpResolver) -> WebPage:
    """Made at the first call and kept, as the document is."""
    return parts().pages.api_docs(json.loads(document(app)))
