"""The stack's queues, while the functions behind them hold still."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reprise_dev.local.world import World

WITHIN_S = 60.0


@contextmanager
def held_still(world: World, function: str, queue: str) -> Iterator[None]:
    """`function` has done what lay in its queue, and takes nothing more off it meanwhile."""
    client = world.stack.emulator.client("lambda")
    (source,) = client.list_event_source_mappings(FunctionName=world.stack[function])["EventSourceMappings"]
    wait_until_done(world, queue)
    client.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=source["UUID"], Enabled=True)


def wait_until_done(world: World, queue: str) -> None:
    """Until nothing lies in a queue, and nobody is at work on what was in it."""
    deadline = time.monotonic() + WITHIN_S
    while any(_counted(world, queue)):
        assert time.monotonic() < deadline, f"{queue} does not empty"
        time.sleep(0.1)


def _counted(world: World, queue: str) -> list[int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = world.stack.emulator.client("sqs")
    found = sqs.get_queue_attributes(QueueUrl=world.stack[queue], AttributeNames=names)["Attributes"]
    return [int(number) for number in found.values()]


def messages(world: World, queue: str, *, taken: bool = False) -> list[dict[str, Any]]:  # Any: as boto3 gives them
    """Every message that lies in a queue, with all that is said of it. It stays there unless it is `taken`."""
    found: dict[str, dict[str, Any]] = {}
    while True:
        got = {each["MessageId"]: each for each in _received(world, queue)}
        if got.keys() <= found.keys():
            return list(found.values())
        found |= got
        for each in got.values() if taken else ():
            world.stack.emulator.client("sqs").delete_message(
                QueueUrl=world.stack[queue], ReceiptHandle=each["ReceiptHandle"]
            )


def set_aside(world: World, queue: str, dead_letters: str) -> list[dict[str, Any]]:  # Any: as boto3 gives them
    """What lies in a queue, as it lies in its dead-letter queue after one failure too many; it is gone from both."""
    deadline = time.monotonic() + WITHIN_S
    while _received(world, queue):
        assert time.monotonic() < deadline, f"nothing of {queue} is ever set aside"
    return messages(world, dead_letters, taken=True)


def _received(world: World, queue: str) -> list[dict[str, Any]]:  # Any: as boto3 gives them
    """Nobody deletes it, and it is there again at once: a try that failed."""
    got = world.stack.emulator.client("sqs").receive_message(
        QueueUrl=world.stack[queue],
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    found: list[dict[str, Any]] = got.get("Messages", [])
    return found


def put_back(world: World, queue: str, aside: list[dict[str, Any]]) -> None:  # Any: as boto3 gives them
    """As an operator does when the cause is mended."""
    for message in aside:
        world.stack.emulator.client("sqs").send_message(QueueUrl=world.stack[queue], MessageBody=message["Body"])
