"""What every `Cipher` does, in memory and at KMS; and where secrets of the instance are read from."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from reprise.credentials.kms import KmsCipher
from reprise.credentials.secrets import SecretUnavailable, parameters, read_secret, secrets_manager
from reprise.ports.credentials import CannotDecrypt, Cipher
from reprise_dev.doubles.fakes import MemoryCipher

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

REGION = "eu-west-1"
OWNER = {"user_id": "u-1", "connection_id": "navidrome"}


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[KMSClient]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield boto3.client("kms", region_name=REGION)


@pytest.fixture(params=["memory", "kms"])
def cipher(request: pytest.FixtureRequest) -> Cipher:
    return MemoryCipher() if request.param == "memory" else at_kms(request.getfixturevalue("kms"))


def at_kms(client: KMSClient) -> KmsCipher:
    return KmsCipher(client=client, key_id=client.create_key()["KeyMetadata"]["KeyId"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=st.text(min_size=1, max_size=100))
def test_what_was_encrypted_opens_for_its_owner(cipher: Cipher, secret: str) -> None:
    assert cipher.decrypt(cipher.encrypt(secret, **OWNER), **OWNER) == secret


def test_a_secret_is_not_to_be_seen_in_what_is_stored(cipher: Cipher) -> None:
    stored = cipher.encrypt("correct horse battery staple", **OWNER)
    assert b"horse" not in stored
    assert stored != cipher.encrypt("correct horse battery staple", **OWNER)


@pytest.mark.parametrize(
    "other",
    [
        {"user_id": "u-2", "connection_id": "navidrome"},
        {"user_id": "u-1", "connection_id": "spotify"},
        {"user_id": "u-1navidrome", "connection_id": ""},
    ],
)
def test_it_opens_for_nobody_else(cipher: Cipher, other: dict[str, str]) -> None:
    stored = cipher.encrypt("correct horse", **OWNER)
    with pytest.raises(CannotDecrypt) as refused:
        cipher.decrypt(stored, **other)
    assert "horse" not in str(refused.value)


@pytest.mark.parametrize("position", [-1, -20])
def test_what_was_altered_does_not_open(cipher: Cipher, position: int) -> None:
    stored = bytearray(cipher.encrypt("correct horse", **OWNER))
    stored[position] ^= 1
    with pytest.raises(CannotDecrypt):
        cipher.decrypt(bytes(stored), **OWNER)


def test_rubbish_does_not_open(cipher: Cipher) -> None:
    with pytest.raises(CannotDecrypt):
        cipher.decrypt(b"x", **OWNER)


@pytest.mark.parametrize("code", ["InvalidCiphertextException", "IncorrectKeyException"])
def test_what_kms_says_cannot_be_opened_is_lost(kms: KMSClient, code: str) -> None:
    cipher = KmsCipher(client=kms, key_id="key-1")
    with Stubber(kms) as stubber:
        stubber.add_client_error("decrypt", code)
        with pytest.raises(CannotDecrypt):
            cipher.decrypt(b"stored", **OWNER)


def test_the_fake_can_lose_its_key() -> None:
    fake = MemoryCipher()
    stored = fake.encrypt("correct horse", **OWNER)
    fake.key_is_gone = True
    with pytest.raises(CannotDecrypt):
        fake.decrypt(stored, **OWNER)


@pytest.mark.parametrize("secret", ["", "x" * 4097, "é" * 2049])
def test_what_kms_cannot_take_is_refused_before_it_is_asked(kms: KMSClient, secret: str) -> None:
    cipher = at_kms(kms)
    with pytest.raises(ValueError, match="1 to 4096 bytes") as refused:
        cipher.encrypt(secret, **OWNER)
    assert "xxx" not in str(refused.value)


def test_the_longest_secret_is_taken(kms: KMSClient) -> None:
    cipher = at_kms(kms)
    assert cipher.decrypt(cipher.encrypt("x" * 4096, **OWNER), **OWNER) == "x" * 4096


@pytest.mark.parametrize(
    "code",
    ["ThrottlingException", "AccessDeniedException", "KMSInternalException", "DisabledException", "NotFoundException"],
)
def test_a_kms_that_fails_does_not_make_a_person_sign_in_again(kms: KMSClient, code: str) -> None:
    cipher = KmsCipher(client=kms, key_id="key-1")
    with Stubber(kms) as stubber:
        stubber.add_client_error("decrypt", code)
        with pytest.raises(ClientError) as raised:
            cipher.decrypt(b"stored", **OWNER)
    assert raised.value.response["Error"]["Code"] == code


def test_no_secret_reaches_a_log(cipher: Cipher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    cipher.decrypt(cipher.encrypt("correct horse", **OWNER), **OWNER)
    assert "horse" not in caplog.text
    assert "horse" not in repr(cipher)


# --- secrets of the instance -------------------------------------------------------------------------------------


@pytest.fixture
def aws(kms: KMSClient) -> Iterator[None]:
    """Clients are kept, with what they answered: neither may outlive a test."""
    for kept in (parameters, secrets_manager):
        kept.cache_clear()
    yield
    for kept in (parameters, secrets_manager):
        kept.cache_clear()


def kept_in_secrets_manager(**secret: str | bytes) -> str:
    client = boto3.client("secretsmanager", region_name=REGION)
    return client.create_secret(Name="smtp", **secret)["ARN"]  # type: ignore[arg-type]  # text or bytes, as asked


@pytest.mark.usefixtures("aws")
def test_a_secret_is_read_from_secrets_manager_and_kept() -> None:
    source = kept_in_secrets_manager(SecretString="hunter2")
    assert read_secret(source) == "hunter2"
    boto3.client("secretsmanager", region_name=REGION).delete_secret(SecretId=source, ForceDeleteWithoutRecovery=True)
    assert read_secret(source) == "hunter2"


@pytest.mark.usefixtures("aws")
def test_a_secret_is_read_from_a_secure_parameter_and_kept() -> None:
    client = boto3.client("ssm", region_name=REGION)
    client.put_parameter(Name="/reprise/smtp", Value="hunter2", Type="SecureString")
    assert read_secret("ssm:/reprise/smtp") == "hunter2"
    client.delete_parameter(Name="/reprise/smtp")
    assert read_secret("ssm:/reprise/smtp") == "hunter2"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("source", ["ssm:/nowhere", f"arn:aws:secretsmanager:{REGION}:123456789012:secret:nowhere"])
def test_a_secret_that_is_not_there_is_named(source: str) -> None:
    with pytest.raises(SecretUnavailable, match="cannot be read") as refused:
        read_secret(source)
    assert source in str(refused.value)


@pytest.mark.usefixtures("aws")
def test_a_binary_secret_is_no_text() -> None:
    with pytest.raises(SecretUnavailable, match="holds no text"):
        read_secret(kept_in_secrets_manager(SecretBinary=b"\x00\x01"))


@pytest.mark.parametrize("source", ["", "hunter2", "ssm:", "arn:aws:s3:::bucket", "secretsmanager:x"])
def test_anything_else_names_no_secret_and_is_not_repeated(source: str) -> None:
    """Somebody may have put the password itself there."""
    with pytest.raises(SecretUnavailable) as refused:
        read_secret(source)
    assert "hunter2" not in str(refused.value)
