"""What every function shares: the clock, new ids, and where the AWS endpoints are."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime
from importlib import import_module

from reprise.domain.ids import ulid
from reprise.environment import Env


def load(*modules: str) -> None:
    """Import at once what every invocation uses: while Lambda starts a process it has a whole processor, later only
    the share that its memory buys.
    """
    for module in modules:
        import_module(module)


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return ulid(utc_now(), secrets.token_bytes(10))


def jitter() -> float:
    return random.uniform(0.75, 1.25)  # noqa: S311 - spreads retries, guards nothing


def region(env: Env) -> str:
    """The region Lambda runs in; it sets both names."""
    return env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or "us-east-1"


def dynamodb_endpoint(env: Env) -> str | None:
    """Where DynamoDB is when it is not AWS's own; boto3 reads these names itself, pynamodb is told."""
    return env.get("AWS_ENDPOINT_URL_DYNAMODB") or env.get("AWS_ENDPOINT_URL") or None
