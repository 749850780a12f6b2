"""API Gateway (HTTP API, payload version 2) → use cases. Sync work is queued, never done here."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths

from api import document, page_docs
from api.idempotency import Unchanged
from api.problems import Problem, problem_of
from api.routes import imports, links, matches, me, playlists, reports, sessions, settings, syncs, tokens
from reprise.doors.http_api import log_unforeseen, methods_at, respond
from reprise.doors.request_body import BodyRefused, check_json, json_object
from reprise.observability import join_rooms, logger, metrics, traced

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
    from aws_lambda_powertools.utilities.typing import LambdaContext

PREFIX = "/api/v1"

app = APIGatewayHttpResolver(
    enable_validation=True,
    json_body_deserializer=json_object,
    debug=False,
)
for routes in (
    sessions,
    tokens,
    me,
    imports,
    playlists,
    reports,
    syncs,
    links,
    settings,
    matches,
    document,
    page_docs,
):
    app.include_router(routes.router, prefix=PREFIX)

join_rooms()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # Any: events and responses are JSON
    """Answer one request, whatever it is; never raises."""

    def resolve(request: APIGatewayProxyEventV2, route: Route | None) -> dict[str, Any]:
        try:
            return app.resolve(_admitted(event, request, route), context)
        except BodyRefused as refused:
            return _as_lambda(problem_of(refused).response(request.request_context.request_id))

    return respond(app, event, resolve)


def _admitted(
    event: dict[str, Any], request: APIGatewayProxyEventV2, route: Route | None
) -> dict[str, Any]:  # Any: events are JSON
    """The event, with a JSON body checked and as plain text. Raises `BodyRefused`.

    Powertools would take `[{…}]` for `{…}`, and forms for JSON; and answer 500 to what is not UTF-8.
    """
    if route is None or not route.dependant.body_params:
        return event
    headers = {**request.headers, "content-type": "application/json"}
    return {**event, "headers": headers, "body": check_json(request), "isBase64Encoded": False}


def on_error(error: Exception) -> Response[str]:
    """Every error of every route, as a problem; what is not foreseen is logged, and not told."""
    problem = problem_of(error)
    if problem.status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log_unforeseen(error)
    return problem.response(app.current_event.request_context.request_id)


def on_unknown(_: NotFoundError) -> Response[str]:
    """No such address; or one that takes other methods."""
    methods = methods_at(app, app.current_event.path)
    if methods:
        problem = Problem(
            code="wrong-method",
            detail=f"This address takes {', '.join(methods)}.",
            headers={"Allow": ", ".join(methods)},
        )
    else:
        problem = Problem(code="not-found", detail="There is nothing at this address.")
    return problem.response(app.current_event.request_context.request_id)


def on_unchanged(unchanged: Unchanged) -> Response[str]:
    """No body: what the caller has is what there is."""
    return Response(status_code=304, headers={"ETag": unchanged.tag})


app.exception_handler(Exception)(on_error)
app.exception_handler(Unchanged)(on_unchanged)
app.not_found(on_unknown)


def _as_lambda(response: Response[str]) -> dict[str, Any]:  # Any: responses are JSON
    return {
        "statusCode": response.status_code,
        "headers": response.headers,
        "body": response.body,
        "isBase64Encoded": False,
    }
