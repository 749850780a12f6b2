"""AWS as moto plays it, and what a function is handed there: its settings, its events, its context.

Whatever calls a handler in a test or a measurement opens this cloud; what it needs besides stands in its own file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from unittest import mock

import boto3
from moto import mock_aws

from reprise_dev.doubles.tables import TABLES, create_table

REGION = "eu-central-1"
BUCKET = "reprise-data"
_ACCOUNT = "123456789012"


class Cached(Protocol):
    """A function that is called once in a process, as `functools.cache` makes it."""

    def cache_clear(self) -> None: ...


class Context:
    """What Lambda hands a function beside its event."""

    memory_limit_in_mb = 1024
    aws_request_id = "52fdfc07-2182-154f-163f-5f0f9a621d72"

    def __init__(self, function_name: str, *, remaining_ms: int = 900_000) -> None:
        self.function_name = function_name
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{_ACCOUNT}:function:{function_name}"
        self._remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._remaining_ms


def sqs_event(*bodies: str, queue: str) -> dict[str, Any]:  # Any: the event's own values
    """The event Lambda makes of messages on `queue`, each received for the first time."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{_ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
            for number, body in enumerate(bodies, 1)
        ]
    }


@dataclass
class Cloud:
    """What stands in AWS. `env` are the settings that the functions find, by the names that they read."""

    env: dict[str, str]
    dynamodb: Any  # Any: boto3's clients are made at run time
    sqs: Any
    s3: Any
    kms: Any

    def table(self, name: str) -> str:
        """The name in AWS of the table that the template calls `name`."""
        return self.env[f"{name.upper()}_TABLE"]

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table, as stored."""
        return list(self.dynamodb.scan(TableName=self.table(table))["Items"])

    def bodies(self, queue: str) -> list[str]:
        """Takes every message off the queue that the setting `queue` names."""
        taken: list[str] = []
        while got := self.sqs.receive_message(QueueUrl=self.env[queue], MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                taken.append(message["Body"])
                self.sqs.delete_message(QueueUrl=self.env[queue], ReceiptHandle=message["ReceiptHandle"])
        return taken

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """The same, as the documents that they are."""
        return [json.loads(body) for body in self.bodies(queue)]

    def objects(self) -> list[str]:
        """The key of every object."""
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@contextmanager
def opened_cloud(*cached: Cached, settings: Mapping[str, str] | None = None) -> Iterator[Cloud]:
    """An empty cloud with every table, the bucket, the queues and the key of the template.

    While it is open, handlers work in it and nowhere else: `cached` are the functions that keep what a handler works
    with, and forget it before and after. `settings` go beside what the cloud itself has to say.
    """
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    place = {"AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
    with mock.patch.dict(os.environ, credentials | place), mock_aws():
        clients = {name: boto3.client(name) for name in ("dynamodb", "sqs", "s3", "kms")}
        cloud = Cloud(env=_resources(**clients) | place | dict(settings or {}), **clients)
        with mock.patch.dict(os.environ, cloud.env):
            _forget(cached)
            try:
                yield cloud
            finally:
                _forget(cached)


def _resources(*, dynamodb: Any, sqs: Any, s3: Any, kms: Any) -> dict[str, str]:  # Any: as in `Cloud`
    for name in TABLES:
        create_table(dynamodb, name, f"reprise-{name.lower()}")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    return {f"{name.upper()}_TABLE": f"reprise-{name.lower()}" for name in TABLES} | {
        "DATA_BUCKET": BUCKET,
        "CREDENTIALS_KEY_ID": kms.create_key()["KeyMetadata"]["KeyId"],
        "SYNC_JOBS_QUEUE_URL": sqs.create_queue(QueueName="sync-jobs")["QueueUrl"],
        "OUTCOMES_QUEUE_URL": sqs.create_queue(QueueName="outcomes")["QueueUrl"],
    }


def _forget(cached: tuple[Cached, ...]) -> None:
    for each in cached:
        each.cache_clear()
