"""The notifier's tables: on moto, or on the DynamoDB that `REPRISE_DYNAMODB_LOCAL` names (Amazon's DynamoDB Local)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from threading import RLock

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.common_types import TYPE_RESPONSE

from reprise.ports.notifications import CooldownStore, DeliveryStore
from reprise.stores.dynamodb.cooldowns import DynamoCooldowns
from reprise.stores.dynamodb.deliveries import DynamoDeliveries
from reprise_dev.doubles.fakes.notifications import MemoryCooldowns, MemoryDeliveries
from reprise_dev.doubles.tables import create_table

REGION = "eu-central-1"
ENDPOINT = os.environ.get("REPRISE_DYNAMODB_LOCAL") or None
_numbers = count()

MakeTable = Callable[[str], str]


@pytest.fixture(scope="module")
def make_table() -> Iterator[MakeTable]:
    """A function that makes a new, empty table as the one of that name, and returns what it is called."""
    with pytest.MonkeyPatch.context() as env, nullcontext() if ENDPOINT else mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            env.setenv(name, "testing")
        client = boto3.client("dynamodb", region_name=REGION, endpoint_url=ENDPOINT)
        made: list[str] = []

        def make(name: str) -> str:
            made.append(f"{name}-notify-{os.getpid()}-{next(_numbers)}")
            create_table(client, name, made[-1])
            return made[-1]

        yield make
        for table_name in made:
            client.delete_table(TableName=table_name)


@pytest.fixture(autouse=True)
def _moto_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto's conditional writes are not atomic between threads. As a server that takes one request at a time, it is
    fair; DynamoDB Local needs no such help."""
    turn, answer = RLock(), BotocoreStubber.process_request

    def in_turn(stubber: BotocoreStubber, request: AWSPreparedRequest) -> TYPE_RESPONSE | None:
        with turn:
            return answer(stubber, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", in_turn)


@pytest.fixture(scope="module")
def new_dynamo_cooldowns(make_table: MakeTable) -> Callable[[], DynamoCooldowns]:
    return lambda: DynamoCooldowns(table_name=make_table("Cooldowns"), region=REGION, endpoint=ENDPOINT)


@pytest.fixture(scope="module")
def new_dynamo_deliveries(make_table: MakeTable) -> Callable[[], DynamoDeliveries]:
    return lambda: DynamoDeliveries(table_name=make_table("Deliveries"), region=REGION, endpoint=ENDPOINT)


@pytest.fixture(params=["memory", "dynamodb"])
def cooldowns(request: pytest.FixtureRequest) -> CooldownStore:
    if request.param == "memory":
        return MemoryCooldowns()
    return request.getfixturevalue("new_dynamo_cooldowns")()


@pytest.fixture(params=["memory", "dynamodb"])
def deliveries(request: pytest.FixtureRequest) -> DeliveryStore:
    if request.param == "memory":
        return MemoryDeliveries()
    return request.getfixturevalue("new_dynamo_deliveries")()
