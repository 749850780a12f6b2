"""API Gateway (HTTP API, payload version 2) → use cases. Sync work is queued, never done here."""

from __future__ import annotations

import time
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from api import document, page_docs, page_reconnect
from api.idempotency import Unchanged
from api.problems import BodyRefused, Problem, problem_of
from api.request_body import check_json, json_object
from api.routes import imports, links, matches, me, playlists, reports, sessions, settings, syncs, tokens
from reprise.observability import join_rooms, logger, metrics, traced

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from aws_lambda_powertools.utilities.typing import LambdaContext

PREFIX = "/api/v1"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, unless the route says otherwise (`S1x-86`)."""

_TELLING = {"botocore", "pynamodb", "reprise"}
"""Packages whose errors speak of AWS and of ourselves; others may repeat what a person sent (invariant 8)."""

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
app.include_router(page_reconnect.router)

join_rooms()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True)
@traced
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # Any: events and responses are JSON
    """Answer one request, whatever it is; never raises."""
    began = time.perf_counter()
    request = APIGatewayProxyEventV2(event)
    route = _route(request)
    try:
        answer = app.resolve(_admitted(event, request, route), context)
    except BodyRefused as refused:
        answer = _as_lambda(problem_of(refused).response(request.request_context.request_id))
    answer["headers"] = {**HEADERS, **answer.get("headers", {})}
    answer["body"] = answer.get("body") or ""  # not everything that plays API Gateway takes null
    _account_for(request, route, answer["statusCode"], round((time.perf_counter() - began) * 1000))
    return answer


def _matching(path: str) -> list[Route]:
    # Powertools has no public way to ask which routes it holds; it is needed for 405 and for the log.
    return [route for route in (*app._static_routes, *app._dynamic_routes) if route.rule.match(path)]


def _route(request: APIGatewayProxyEventV2) -> Route | None:
    method = request.http_method.upper()
    return next((route for route in _matching(request.path) if route.method == method), None)


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
        _log_unforeseen(error)
    return problem.response(app.current_event.request_context.request_id)


def on_unknown(_: NotFoundError) -> Response[str]:
    """No such address; or one that takes other methods."""
    methods = sorted({route.method for route in _matching(app.current_event.path)})
    if methods:
        problem = Problem(
            status=HTTPStatus.METHOD_NOT_ALLOWED,
            code="wrong-method",
            detail=f"This address takes {', '.join(methods)}.",
            headers={"Allow": ", ".join(methods)},
        )
    else:
        problem = Problem(status=HTTPStatus.NOT_FOUND, code="not-found", detail="There is nothing at this address.")
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


def _log_unforeseen(error: Exception) -> None:
    """Where it happened and what kind it is; its message only where that cannot hold what a person sent."""
    kind = type(error)
    told = str(error) if kind.__module__.partition(".")[0] in _TELLING else ""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error(
        "request failed", extra={"error": f"{kind.__module__}.{kind.__qualname__}", "told": told, "frames": frames}
    )


def _account_for(request: APIGatewayProxyEventV2, route: Route | None, status: int, duration_ms: int) -> None:
    """The access log: the route's template and not the address, so ids, tokens and names stay out of it."""
    template = route.openapi_path if route else "(none)"
    logger.info(
        "request",
        extra={"method": request.http_method, "route": template, "status": status, "duration_ms": duration_ms},
    )
    metrics.add_metric(name="Requests", unit="Count", value=1)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        metrics.add_metric(name="FailedRequests", unit="Count", value=1)
