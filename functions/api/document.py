"""The OpenAPI 3.1 document, made from the routes and their types, and served by the API itself."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from api.responses import documented
from api.routing import new_router
from api.shapes.problems import HealthResponse

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

router = new_router()

# The tags of the routes, in the order in which one comes to need them.
SECTIONS = {
    "sessions": "Signing in and out",
    "tokens": "API tokens",
    "me": "You",
    "playlists": "Playlists",
    "syncs": "Syncing, and going back",
    "links": "Lists on the music server",
    "matches": "Matches by hand",
    "meta": "About the API",
}

_FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError", "ResponseValidationError")


@router.get(
    "/health",
    summary="Is anyone there",
    description="Asks nothing of what lies behind.",
    responses=documented(200, HealthResponse),
    tags=["meta"],
    operation_id="health",
)
def health() -> HealthResponse:
    return HealthResponse(status="ok")


@router.get(
    "/openapi.json",
    summary="This document",
    responses={200: {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}},
    tags=["meta"],
    operation_id="openapi",
    enable_validation=False,
)
def openapi() -> Response[str]:
    app: Any = router.api_resolver  # Any: the router knows its resolver by its base class only
    return Response(status_code=200, content_type="application/json", body=document(app))


@cache
def document(app: APIGatewayHttpResolver) -> str:
    """The document as JSON. Made at the first call and kept: it costs some hundred milliseconds."""
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Tag

    made: dict[str, Any] = json.loads(  # Any: a JSON document
        app.get_openapi_json_schema(
            title="Reprise",
            version=_version(),
            description="Keeps the playlists you have elsewhere in step with playlists on your own music server.",
            tags=[Tag(name=name, description=title) for name, title in SECTIONS.items()],
            security_schemes={"token": HTTPBearer(description="From signing in, or an API token.")},
        )
    )
    for path in made["paths"].values():
        for operation in path.values():
            _without_what_is_never_answered(operation["responses"])
    for name in _FRAMEWORKS_OWN:
        made["components"]["schemas"].pop(name, None)
    return json.dumps(made, ensure_ascii=False)


def _without_what_is_never_answered(responses: dict[str, dict[str, Any]]) -> None:  # Any: parts of the document
    """Powertools adds its own 422 to every route, which ours never give, and a body to answers that have none."""
    del responses["422"]
    for status in {"204", "304"} & set(responses):
        responses[status].pop("content", None)


def _version() -> str:
    try:
        return version("reprise")
    except PackageNotFoundError:  # in a layer there are the files, and no record of a package
        return "0"
