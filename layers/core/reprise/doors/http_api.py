"""What every function behind the HTTP API (payload version 2) does with a request, whatever its routes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from reprise.observability import logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.event_handler.api_gateway import Route

Resolve = Callable[[APIGatewayProxyEventV2, "Route | None"], dict[str, Any]]  # Any: responses are JSON

# On every response, unless the route says otherwise.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# Packages whose errors speak of AWS and of ourselves; others may repeat what a person sent (invariant 8).
_TELLING = {"botocore", "pynamodb", "reprise"}


def respond(app: APIGatewayHttpResolver, event: dict[str, Any], resolve: Resolve) -> dict[str, Any]:
    """What `resolve` makes of the request, with the security headers; leaves a line in the access log.

    `resolve` is handed the request and the route it is for, None if there is none.
    """
    began = time.perf_counter()
    request = APIGatewayProxyEventV2(event)
    route = _route(app, request)
    response = resolve(request, route)
    response["headers"] = {**HEADERS, **response.get("headers", {})}
    response["body"] = response.get("body") or ""  # not everything that plays API Gateway takes null
    _account_for(request, route, response["statusCode"], round((time.perf_counter() - began) * 1000))
    return response


def methods_at(app: APIGatewayHttpResolver, path: str) -> list[str]:
    """The methods that the address takes; none if there is nothing at it."""
    return sorted({route.method for route in _matching(app, path)})


def log_unforeseen(error: Exception) -> None:
    """Where it happened and what kind it is; its message only where that cannot hold what a person sent."""
    kind = type(error)
    told = str(error) if kind.__module__.partition(".")[0] in _TELLING else ""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error(
        "request failed", extra={"error": f"{kind.__module__}.{kind.__qualname__}", "told": told, "frames": frames}
    )


def _matching(app: APIGatewayHttpResolver, path: str) -> list[Route]:
    # Powertools has no public way to ask which routes it holds; it is needed for 405 and for the log.
    return [route for route in (*app._static_routes, *app._dynamic_routes) if route.rule.match(path)]


def _route(app: APIGatewayHttpResolver, request: APIGatewayProxyEventV2) -> Route | None:
    method = request.http_method.upper()
    return next((route for route in _matching(app, request.path) if route.method == method), None)


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
