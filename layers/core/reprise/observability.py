"""Logs, traces and metrics of a function (Powertools), and of every inner room that uses plain `logging`.

Secrets never reach here: what is logged is ids, kinds, counts and our own sentences (invariant 8).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import utils

if TYPE_CHECKING:
    from aws_lambda_powertools import Tracer
    from aws_lambda_powertools.utilities.typing import LambdaContext

_E = TypeVar("_E")
_A = TypeVar("_A")
Handler = Callable[[_E, "LambdaContext"], _A]

logger = Logger()
# The template names one namespace for each stack, so that two in one account do not count into each other's dashboard.
metrics = Metrics(namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "Reprise"))

# An invocation that counted nothing, as one whose job was done already, is no news for the log.
warnings.filterwarnings("ignore", message="No application metrics to publish", category=UserWarning)

_rooms = logging.getLogger("reprise")


def join_rooms() -> None:
    """Let `logging.getLogger("reprise.…")` of the inner rooms write the same JSON lines as the function itself."""
    utils.copy_config_to_registered_loggers(source_logger=logger, include={_rooms.name})
    _rooms.propagate = False


def traced(handler: Handler[_E, _A]) -> Handler[_E, _A]:
    """Add the handler, and the AWS calls within it, to the trace of each invocation that X-Ray samples.

    The X-Ray SDK is loaded by the first such invocation only: importing it makes an X-Ray client, which would add
    a good half to every cold start, and most invocations are not sampled. Answers and errors are not recorded:
    they may hold what a trace must not.
    """

    @wraps(handler)
    def door(event: _E, context: LambdaContext) -> _A:
        if not _sampled(os.environ.get("_X_AMZN_TRACE_ID", "")):
            return handler(event, context)
        recorded = _tracer().capture_lambda_handler(handler, capture_response=False, capture_error=False)
        answer: _A = recorded(event, context)
        return answer

    return door


def _sampled(trace_header: str) -> bool:
    return "Sampled=1" in trace_header.split(";")


@cache
def _tracer() -> Tracer:
    from aws_lambda_powertools import Tracer

    return Tracer()
