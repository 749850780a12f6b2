"""Each suite runs on the fakes, on DynamoDB as moto plays it, and on Amazon's own DynamoDB Local where one is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import RLock

import pytest
from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.common_types import TYPE_RESPONSE

from reprise_dev.doubles.backends import REGION, DynamoStores, MemoryStores, Stores

LOCAL = os.environ.get("REPRISE_DYNAMODB_LOCAL")
DYNAMO = ["moto", "dynamodb-local"] if LOCAL else ["moto"]


@pytest.fixture(autouse=True)
def _no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=DYNAMO)
def dynamo(request: pytest.FixtureRequest, _no_account: None) -> Iterator[DynamoStores]:
    """The real stores, for what only they can show."""
    yield from _dynamo(request.param)


@pytest.fixture(params=["memory", *DYNAMO])
def stores(request: pytest.FixtureRequest, _no_account: None) -> Iterator[Stores]:
    """Every store over one backend, empty."""
    if request.param == "memory":
        yield MemoryStores()
    else:
        yield from _dynamo(request.param)


@pytest.fixture(autouse=True)
def _moto_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto's transactions are not atomic between threads. As a server that takes one request at a time, it is fair."""
    turn = RLock()
    answer = BotocoreStubber.process_request

    def in_turn(stubber: BotocoreStubber, request: AWSPreparedRequest) -> TYPE_RESPONSE | None:
        with turn:
            return answer(stubber, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", in_turn)


def _dynamo(name: str) -> Iterator[DynamoStores]:
    if name == "moto":
        with mock_aws():
            yield DynamoStores(endpoint=None)
        return
    backend = DynamoStores(endpoint=LOCAL)
    yield backend
    backend.drop()
