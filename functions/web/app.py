"""API Gateway (HTTP API, payload version 2) → pages for people. Whatever is asked, a page is the answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.logging import correlation_paths

from reprise.doors.http_api import log_unforeseen, methods_at, respond
from reprise.doors.pages import page_response
from reprise.observability import join_rooms, logger, metrics, traced
from web.pages import front, reconnect
from web.parts import parts

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.event_handler.exceptions import NotFoundError
    from aws_lambda_powertools.utilities.typing import LambdaContext

app = APIGatewayHttpResolver(debug=False)
for page in (front, reconnect):
    app.include_router(page.router)

join_rooms()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # Any: events and responses are JSON
    """Answer one request, whatever it is; never raises."""
    return respond(app, event, lambda request, route: app.resolve(event, context))


def on_error(error: Exception) -> Response[str]:
    """What is not foreseen is logged, and not told."""
    log_unforeseen(error)
    return page_response(HTTPStatus.INTERNAL_SERVER_ERROR, parts().pages.went_wrong())


def on_unknown(_: NotFoundError) -> Response[str]:
    """No such address; or one that takes other methods."""
    methods = methods_at(app, app.current_event.path)
    if methods:
        allow = {"Allow": ", ".join(methods)}
        return page_response(HTTPStatus.METHOD_NOT_ALLOWED, parts().pages.nothing_here(), headers=allow)
    return page_response(HTTPStatus.NOT_FOUND, parts().pages.nothing_here())


app.exception_handler(Exception)(on_error)
app.not_found(on_unknown)
