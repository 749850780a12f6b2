"""How long a function waits for an AWS service that does not answer: less than Lambda waits for the function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from reprise.bootstrap.aws import Aws
from reprise.config import Place
from reprise.credentials import secrets
from reprise.stores.dynamodb.database import connection
from reprise_dev.building.watched import FUNCTIONS

ENV = {"AWS_REGION": "us-east-1"}
TO_ANSWER_S = 5
LONGEST_PAUSE_S = 20


@pytest.fixture(autouse=True)
def _told_by_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture(autouse=True)
def _own_clients() -> Iterator[None]:
    """A client kept from here has no credentials, and would serve the tests that come after."""
    for kept in (secrets.parameters, secrets.secrets_manager):
        kept.cache_clear()
    yield
    for kept in (secrets.parameters, secrets.secrets_manager):
        kept.cache_clear()


def clients() -> Mapping[str, Callable[[], Any]]:  # Any: a client of boto3 for each service
    aws = Aws(ENV, dict.fromkeys(Place, "somewhere"))
    return {
        "s3": lambda: aws._s3,
        "sqs": lambda: aws._sqs,
        "kms": lambda: aws._kms,
        "dynamodb": lambda: connection("us-east-1", None).client,
        "ssm": lambda: secrets.parameters().client,
        "secretsmanager": lambda: secrets.secrets_manager().client,
    }


@pytest.mark.parametrize("service", clients())
def test_one_call_that_is_never_answered_leaves_time_to_say_so(service: str) -> None:
    """As botocore's standard mode tries: each pause is at most twice the one before, beginning with a second."""
    config = clients()[service]().meta.config
    tries = config.retries["total_max_attempts"]
    pauses_s = sum(min(2**retry, LONGEST_PAUSE_S) for retry in range(tries - 1))

    assert config.retries["mode"] == "standard"
    assert tries >= 2, "one lost packet is no failure"
    assert tries * (config.connect_timeout + config.read_timeout) + pauses_s <= (
        min(each.timeout_s for each in FUNCTIONS) - TO_ANSWER_S
    )
