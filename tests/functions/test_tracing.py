"""Tracing costs only the invocations that are traced."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
from reprise.observability import traced

@traced
def handler(event, context):
    return event["answer"]

assert handler({"answer": 42}, None) == 42
print("aws_xray_sdk" in sys.modules)
"""


@pytest.mark.parametrize(
    ("header", "loaded"),
    [("", "False"), ("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0", "False")],
)
def test_an_invocation_that_is_not_sampled_loads_no_x_ray(header: str, loaded: str) -> None:
    assert _run(header) == loaded


def test_a_sampled_one_does_and_still_answers() -> None:
    header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    assert _run(header) == "True"


def _run(header: str) -> str:
    env = {
        "_X_AMZN_TRACE_ID": header,
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_SERVICE_NAME": "test",
        "PATH": "",
        "LAMBDA_TASK_ROOT": "/var/task",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:9",
    }
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
