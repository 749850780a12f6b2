"""Logs, traces and metrics of a function (Powertools), and of every inner room that uses plain `logging`.

Secrets never reach here: what is logged is ids, kinds, counts and our own sentences (invariant 8).
"""

from __future__ import annotations

import logging

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.logging import utils

logger = Logger()
metrics = Metrics(namespace="Reprise")
tracer = Tracer()

_rooms = logging.getLogger("reprise")


def join_rooms() -> None:
    """Let `logging.getLogger("reprise.…")` of the inner rooms write the same JSON lines as the function itself."""
    utils.copy_config_to_registered_loggers(source_logger=logger, include={_rooms.name})
    _rooms.propagate = False
