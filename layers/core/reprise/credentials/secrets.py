"""Secrets of the instance, such as the mail relay's password: read when first needed, then kept for five minutes."""

from __future__ import annotations

from functools import lru_cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.config import Config

KEPT_S = 300

# A test email waits for the password and for the relay within one request: two tries of 5 seconds at most are for this.
_PATIENCE = Config(connect_timeout=1, read_timeout=4, retries={"total_max_attempts": 2, "mode": "standard"})

_SSM = "ssm:"
_SECRETS_MANAGER = "arn:"


class SecretUnavailable(Exception):
    """A secret cannot be read. The message names where it should be, and never what is there."""


def read_secret(source: str) -> str:
    """The secret kept at `source`: an ARN in Secrets Manager, or `ssm:` and a SecureString parameter's name.

    Raises `SecretUnavailable` for a source of another form, one that does not answer, and one that is empty or binary.
    """
    try:
        value = _read(source)
    except GetParameterError as error:
        raise SecretUnavailable(f"the secret at {source} cannot be read") from error
    if not isinstance(value, str) or not value:
        raise SecretUnavailable(f"the secret at {source} holds no text")
    return value


@lru_cache
def parameters() -> SSMProvider:
    """SSM Parameter Store, with what it answered lately."""
    return SSMProvider(boto_config=_PATIENCE)


@lru_cache
def secrets_manager() -> SecretsProvider:
    """Secrets Manager, with what it answered lately."""
    return SecretsProvider(boto_config=_PATIENCE)


def _read(source: str) -> object:
    if source.startswith(_SSM) and source != _SSM:
        return parameters().get(source.removeprefix(_SSM), decrypt=True, max_age=KEPT_S)
    if source.startswith(_SECRETS_MANAGER) and ":secretsmanager:" in source:
        return secrets_manager().get(source, max_age=KEPT_S)
    raise SecretUnavailable(f"a secret is named by its Secrets Manager ARN, or by {_SSM} and a parameter's name")
