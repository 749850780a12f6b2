"""What must be nowhere: passwords and tokens, after a story in which both were used (invariant 8)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from reprise_dev.local.api_client import ApiClient
from reprise_dev.local.telling import Told
from reprise_dev.local.world import World, log_lines
from reprise_dev.tables import TABLES


def _logs(world: World) -> str:
    return "\n".join(log_lines(world.stack)) + world.stack.emulator.log.read_text(encoding="utf-8")


def _tables(world: World) -> str:
    dynamodb = world.stack.emulator.client("dynamodb")
    return "\n".join(
        str(page["Items"])
        for name in TABLES
        for page in dynamodb.get_paginator("scan").paginate(TableName=world.stack[f"{name}Table"])
    )


def _objects(world: World) -> Iterator[bytes]:
    s3, bucket = world.stack.emulator.client("s3"), world.stack["DataBucket"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page["Contents"]:
            content = s3.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
            yield gzip.decompress(content) if found["Key"].endswith(".gz") else content


def _bucket(world: World) -> str:
    return b"\n".join(_objects(world)).decode("utf-8", errors="replace")


def _mails(world: World) -> str:
    return "\n".join(mail.raw.decode("utf-8", errors="replace") for mail in world.relay.mails)


@pytest.mark.parametrize("place", [_logs, _tables, _bucket, _mails])
def test_no_secret_is_in(world: World, told: Told, api: ApiClient, place: object) -> None:
    assert callable(place)
    text = place(world)

    assert len(text) > 1000
    for secret in (world.account.password, told.account.password, api.token):
        assert len(secret) > 10
        assert secret not in text
        assert secret.encode().hex() not in text


def test_the_stored_password_is_a_ciphertext_bound_to_its_connection(world: World, told: Told) -> None:
    (row,) = world.stack.emulator.client("dynamodb").scan(TableName=world.stack["ConnectionsTable"])["Items"]
    kms = world.stack.emulator.client("kms")
    context = {"user_id": told.user_id, "connection_id": "navidrome"}

    opened = kms.decrypt(CiphertextBlob=row["ciphertext"]["B"], EncryptionContext=context)["Plaintext"]
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=row["ciphertext"]["B"], EncryptionContext={**context, "user_id": "somebody"})

    assert opened.decode() == told.account.password
