"""Everything the stack keeps, as the operator of the account can read it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from reprise_dev.local.world import World

# docs/api.md, “Leave”. What counts attempts goes by itself too, and bears nobody's id.
GOES_BY_ITSELF = {"CooldownsTable", "DeliveriesTable", "EventsTable"}


def names(world: World, ending: str) -> list[str]:
    """The stack's resources whose name in the template ends so."""
    return sorted(name for name in world.stack.resources if name.endswith(ending))


def rows(world: World, table: str) -> Iterator[dict[str, dict[str, Any]]]:  # Any: an attribute's value
    pages = world.stack.emulator.client("dynamodb").get_paginator("scan").paginate(TableName=world.stack[table])
    return (item for page in pages for item in page["Items"])


def objects(world: World) -> Iterator[tuple[str, bytes]]:
    """Key and content of every object in every version, unpacked."""
    s3, bucket = world.stack.emulator.client("s3"), world.stack["DataBucket"]
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for found in page.get("Versions", []):
            stored = s3.get_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])["Body"].read()
            packed = found["Key"].endswith(".gz")
            yield found["Key"], gzip.decompress(stored) if packed else stored


def kept_of(world: World, user_id: str) -> set[str]:
    """Where there is anything of a person: names of tables, and folders of the bucket for objects that can be read."""
    tables = {name for name in names(world, "Table") for row in rows(world, name) if user_id in str(row)}
    pages = (
        world.stack.emulator.client("s3").get_paginator("list_objects_v2").paginate(Bucket=world.stack["DataBucket"])
    )
    keys = [found["Key"].split("/") for page in pages for found in page.get("Contents", [])]
    return tables | {parts[0] for parts in keys if user_id in parts}
