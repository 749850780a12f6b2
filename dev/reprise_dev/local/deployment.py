"""`sam build`, then what `sam deploy` does: upload the built folders, translate the template, create the stack.

`sam package` and `sam deploy` would do as well and take longer; what is deployed is the same build.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import WaiterError

from reprise_dev.building.artifacts import WHEELS_VARIABLE, this_machine
from reprise_dev.building.environments import ENVIRONMENTS, LOCAL, ROOT
from reprise_dev.local.emulator import REGION, Emulator
from reprise_dev.local.emulator_limits import Json, fitted

STACK = "reprise-local"
ARTIFACTS = "artifacts"
TRANSLATION = Path(__file__).with_name("translation.py")


class DeployFailure(Exception):
    """The template could not be built or deployed; the message carries the tool's own words."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack: the physical name of every resource by its name in the template, and what `sam build` made."""

    emulator: Emulator
    resources: Mapping[str, str]
    built: Path

    def __getitem__(self, logical_id: str) -> str:
        return self.resources[logical_id]

    @property
    def api_path(self) -> str:
        """Where the emulator serves the API's default stage.

        By its host name, too; but then, with IAM enforced, it takes the first part of the path for a stage.
        """
        return f"/_aws/execute-api/{self['HttpApi']}/$default"


def target_parameters() -> dict[str, str]:
    """The template's parameters for the interpreter and processor at hand."""
    here = this_machine()
    return {"Runtime": f"python{here.python}", "Architecture": here.processor}


def sam_build(into: Path) -> Path:
    """Build the template as a deployment would, for this machine. Returns the built template."""
    # Started by make, or below it: sam's own makes must not take part in its job control.
    env = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    env |= {
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(LOCAL / "sam-home"),
        "AWS_DEFAULT_REGION": REGION,
        "PYTHON": sys.executable,
        WHEELS_VARIABLE: "host",
    }
    parameters = [f"{name}={value}" for name, value in target_parameters().items()]
    command = [str(ENVIRONMENTS["sam"].folder / "bin" / "sam"), "build", "--build-dir", str(into)]
    done = subprocess.run(
        [*command, "--parameter-overrides", *parameters], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeployFailure(f"sam build failed:\n{(done.stderr or done.stdout).strip()}")
    return into / "template.yaml"


def deploy(emulator: Emulator, built: Path, parameters: Mapping[str, str]) -> Stack:
    """Create the stack from a built template. Raises `DeployFailure`."""
    reading = read_template(built)
    _upload(emulator, built.parent, reading.code)
    chosen = {**target_parameters(), **parameters}
    stack = fitted(reading.translated, chosen)
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=_put_template(emulator, stack),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in chosen.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    except WaiterError as failure:
        raise DeployFailure(_what_failed(cloudformation)) from failure
    deployed = Stack(emulator, _resources(cloudformation), built.parent)
    _switch_on_expiry(emulator, deployed, stack)
    _check_routes(emulator, deployed)
    return deployed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A template as `written`, the folder of each function's and layer's `code`, and what SAM makes of it."""

    written: Json
    code: Mapping[str, str]
    translated: Json


def read_template(template: Path) -> Reading:
    """Raises `DeployFailure`."""
    done = subprocess.run(
        [str(ENVIRONMENTS["emulator"].python), str(TRANSLATION)],
        env={"AWS_DEFAULT_REGION": REGION, "PATH": os.environ.get("PATH", "")},
        input=template.read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DeployFailure(f"the template could not be translated:\n{done.stderr.strip()}")
    return Reading(**json.loads(done.stdout))


def _upload(emulator: Emulator, built: Path, code: Mapping[str, str]) -> None:
    """Zip and upload every built folder to where the translation takes it to be."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=ARTIFACTS)
    for name, folder in code.items():
        archive = built.parent / f"{name}.zip"
        _zip(built / folder, archive)
        s3.upload_file(str(archive), ARTIFACTS, archive.name)
        archive.unlink()


def _zip(folder: Path, archive: Path) -> None:
    """Stored, not packed: it only crosses loopback."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(folder))


def _put_template(emulator: Emulator, stack: Mapping[str, Any]) -> str:
    emulator.client("s3").put_object(Bucket=ARTIFACTS, Key="stack.json", Body=json.dumps(stack).encode())
    return f"{emulator.url}/{ARTIFACTS}/stack.json"


def _what_failed(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    reasons = [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    ]
    return "the stack could not be created:\n" + "\n".join(reasons or ["CloudFormation gave no reason"])


def _resources(cloudformation: Any) -> dict[str, str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
    }


def _switch_on_expiry(emulator: Emulator, deployed: Stack, stack: Mapping[str, Any]) -> None:
    """The emulator ignores a table's TTL when CloudFormation sets it."""
    dynamodb = emulator.client("dynamodb")
    for name, resource in stack["Resources"].items():
        expiry = resource.get("Properties", {}).get("TimeToLiveSpecification")
        if expiry is not None:
            dynamodb.update_time_to_live(TableName=deployed[name], TimeToLiveSpecification=expiry)


def _check_routes(emulator: Emulator, deployed: Stack) -> None:
    """The emulator reports success for an API without routes too."""
    routes = emulator.client("apigatewayv2").get_routes(ApiId=deployed["HttpApi"])["Items"]
    if not routes:
        raise DeployFailure("the HTTP API was created without a route")
