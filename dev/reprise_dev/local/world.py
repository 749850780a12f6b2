"""Everything that runs during a local run, as the story needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from reprise_dev.building.watched import FUNCTIONS
from reprise_dev.doubles.smtp_sink import SmtpSink
from reprise_dev.local.api_client import ApiClient
from reprise_dev.local.deployment import Stack
from reprise_dev.local.readback import SubsonicReader

EMAIL_ADDRESS = "listener@example.org"
ORDINARY = ("{", "START ", "END ", "REPORT ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's account on a music server. `ours` means the server was started for this run and may be changed."""

    server_url: str
    username: str
    password: str
    ours: bool

    def reader(self) -> SubsonicReader:
        return SubsonicReader(self.server_url, self.username, self.password)

    def with_password(self, password: str) -> Account:
        return replace(self, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A deployed stack, a music server and a mail relay. `address` is where the API answers."""

    stack: Stack
    address: str
    account: Account
    relay: SmtpSink

    def api(self) -> ApiClient:
        return ApiClient(self.address)


class DispatchFailure(Exception):
    """The dispatcher ended with an error; the message is its own."""


class Schedule:
    """Plays EventBridge Scheduler: invokes the dispatcher with what the schedule's target would send.

    The first tick carries the time `after` now, every further one an interval more: nobody has to wait an hour.
    """

    def __init__(self, stack: Stack, interval: timedelta, *, after: timedelta = timedelta(seconds=1)) -> None:
        self._stack = stack
        self._interval = interval
        self._next = datetime.now(UTC).replace(microsecond=0) + after

    def tick(self) -> int:
        """Returns how many jobs were queued. Raises `DispatchFailure`."""
        scheduled = f"{self._next:%Y-%m-%dT%H:%M:%SZ}"
        self._next += self._interval
        answer = self._stack.emulator.client("lambda").invoke(
            FunctionName=self._stack["DispatcherFunction"], Payload=json.dumps({"scheduled_time": scheduled}).encode()
        )
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise DispatchFailure(f"the dispatcher failed: {said.get('errorMessage', said)}")
        return int(said["jobs"])


def deliveries(stack: Stack) -> list[dict[str, str]]:
    """Every row of the Deliveries table, oldest first, as the operator of the account can read it."""
    pages = stack.emulator.client("dynamodb").get_paginator("scan").paginate(TableName=stack["DeliveriesTable"])
    rows = [plain(item) for page in pages for item in page["Items"]]
    return sorted(rows, key=lambda row: row["delivery_id"])


def plain(item: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:  # Any: an attribute's value
    """A table's row, with every value as a text."""
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def dead_letters(stack: Stack) -> dict[str, int]:
    """How many messages each dead-letter queue holds."""
    sqs = stack.emulator.client("sqs")
    counted = {}
    for queue in ("TicksDeadLetters", "SyncJobsDeadLetters", "OutcomesDeadLetters"):
        found = sqs.get_queue_attributes(QueueUrl=stack[queue], AttributeNames=["ApproximateNumberOfMessages"])
        counted[queue] = int(found["Attributes"]["ApproximateNumberOfMessages"])
    return counted


def spoil_stored_password(stack: Stack, user_id: str, connection_id: str) -> None:
    """Make Reprise's own copy of a password wrong. The account on the music server is not touched."""
    context = {"user_id": user_id, "connection_id": connection_id}
    wrong = stack.emulator.client("kms").encrypt(
        KeyId=stack["CredentialsKey"], Plaintext=b"no longer the password", EncryptionContext=context
    )
    stack.emulator.client("dynamodb").update_item(
        TableName=stack["ConnectionsTable"],
        Key={"user_id": {"S": user_id}, "connection_id": {"S": connection_id}},
        UpdateExpression="SET ciphertext = :wrong",
        ConditionExpression="attribute_exists(ciphertext)",
        ExpressionAttributeValues={":wrong": {"B": wrong["CiphertextBlob"]}},
    )


def log_lines(stack: Stack) -> list[str]:
    """Everything the functions have logged, oldest first."""
    logs = stack.emulator.client("logs")
    lines: list[tuple[int, str]] = []
    for function in FUNCTIONS:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=stack[function.logs]):
            lines += [(event["timestamp"], event["message"].rstrip()) for event in page["events"]]
    return [line for _, line in sorted(lines, key=itemgetter(0))]


def troubles(stack: Stack) -> list[str]:
    """What the functions logged of trouble: errors, and whatever is none of our own log lines."""
    lines = log_lines(stack)
    crashed = any(line.startswith("Traceback") for line in lines)
    return [line for line in lines if '"level":"ERROR"' in line or (crashed and not line.startswith(ORDINARY))]
