"""Metrics as CloudWatch reads them out of the log: the dashboard asks for them by these names."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

COUNT_ONE = """
from reprise.observability import metrics
metrics.add_metric(name="PlaylistsInStep", unit="Count", value=1)
metrics.flush_metrics()
"""


@pytest.mark.parametrize(("told", "namespace"), [("Reprise/reprise-prod", "Reprise/reprise-prod"), (None, "Reprise")])
def test_a_metric_is_counted_for_its_stack_and_its_service(told: str | None, namespace: str) -> None:
    env = {**os.environ, "POWERTOOLS_SERVICE_NAME": "sync"}
    if told is not None:
        env["POWERTOOLS_METRICS_NAMESPACE"] = told
    done = subprocess.run([sys.executable, "-c", COUNT_ONE], env=env, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout)
    (counted,) = line["_aws"]["CloudWatchMetrics"]
    assert counted["Namespace"] == namespace
    assert counted["Dimensions"] == [["service"]]
    assert [each["Name"] for each in counted["Metrics"]] == ["PlaylistsInStep"]
    assert (line["service"], line["PlaylistsInStep"]) == ("sync", [1.0])


COUNT_NOTHING = """
from types import SimpleNamespace
from reprise.observability import metrics
metrics.log_metrics(lambda event, context: None)({}, SimpleNamespace(function_name="sync"))
"""


def test_an_invocation_that_counts_nothing_leaves_no_warning_in_the_log() -> None:
    env = {**os.environ, "POWERTOOLS_SERVICE_NAME": "sync"}
    done = subprocess.run([sys.executable, "-c", COUNT_NOTHING], env=env, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
