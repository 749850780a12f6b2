"""AWS on loopback: MiniStack, pinned, in an environment of its own, with IAM enforced."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from reprise_dev.building.environments import ENVIRONMENTS, LOCAL
from reprise_dev.local.processes import LOOPBACK, child, free_port, wait_for_child

REGION = "us-east-1"
LAST_LOG = LOCAL / "last-run.log"
# Where a private music server's certificate authority is named: the only part of our environment that functions see.
PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR", "LANG", "LC_ALL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """A running emulator. `folder` holds everything it writes; `log` is its own log."""

    port: int
    folder: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    # boto3 builds its clients at run time; without a literal service name their type cannot be told.
    def client(self, service: str) -> Any:
        """A boto3 client as the account's administrator."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=_ADMINISTRATOR,
            aws_secret_access_key=_ADMINISTRATOR,
            config=Config(retries={"total_max_attempts": 3}, s3={"addressing_style": "path"}, read_timeout=120),
        )


# The emulator's own word for "may do everything"; functions get the credentials of their roles.
_ADMINISTRATOR = "test"


@contextmanager
def running_emulator(folder: Path, *, enforce_iam: bool = True, trust: Path | None = None) -> Iterator[Emulator]:
    """Start it on a free loopback port, stop it and its Lambda workers at the end. Raises `StartFailure`.

    `trust` is the one certificate authority that the functions shall know, None for those of this environment.
    """
    scratch = folder / "emulator"
    scratch.mkdir()
    emulator = Emulator(port=free_port(), folder=scratch, log=folder / "emulator.log")
    program = ENVIRONMENTS["emulator"].folder / "bin" / "ministack"
    with child(
        [str(program)], env=_environment(emulator, enforce_iam, trust), log=emulator.log, cwd=scratch
    ) as process:
        try:
            wait_for_child(process, lambda: _healthy(emulator), seconds=30, what="the AWS emulator", log=emulator.log)
            yield emulator
        finally:
            shutil.copyfile(emulator.log, LAST_LOG)


def _environment(emulator: Emulator, enforce_iam: bool, trust: Path | None) -> dict[str, str]:
    """Nothing of ours but what is named: the emulator hands its whole environment to the functions."""
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        **({"SSL_CERT_FILE": str(trust)} if trust else {}),
        "PATH": "/usr/bin:/bin",
        "HOME": str(emulator.folder),
        "TMPDIR": str(emulator.folder),
        "STATE_DIR": str(emulator.folder),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "GATEWAY_PORT": str(emulator.port),
        "AUTH": "true" if enforce_iam else "false",
        "AWS_ACCESS_KEY_ID": _ADMINISTRATOR,
        "AWS_SECRET_ACCESS_KEY": _ADMINISTRATOR,
        "AWS_DEFAULT_REGION": REGION,
        "MINISTACK_REGION": REGION,
        # Both would listen on every interface.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _healthy(emulator: Emulator) -> bool:
    try:
        with urllib.request.urlopen(f"{emulator.url}/_ministack/health", timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
