"""Every setting that a function is told has a test that fails when it does not reach the code that uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Protocol

import pytest

import tests.functions.settings.test_email_settings
import tests.functions.settings.test_people_settings
import tests.functions.settings.test_sync_settings  # noqa: F401 - what they show is noted as they are imported
from reprise.config import Place
from reprise_dev.building.function_settings import READERS
from tests.functions.settings.deployed import FUNCTIONS, SHOWN, Stack, shows

# What a stack must be told, or decides by itself: the code has no default for it.
WITHOUT_DEFAULT = {"MUSIC_SERVER_URL": "https://music.example.org", "PUBLIC_URL": "https://reprise.example.org"}
SPEAKING = """
import importlib, logging, sys
importlib.import_module(sys.argv[1] + ".app")
from reprise.observability import logger
for each in (logger, logging.getLogger("reprise.domain")):
    each.debug("a debug line")
    each.info("an info line")
    each.warning("a warning")
"""


class Deployed(Protocol):
    def __call__(self, function: str, **chosen: str) -> dict[str, str]: ...


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_setting_of_a_function_is_shown_to_take_effect(stack: Stack, function: str) -> None:
    shown = {setting for each, setting in SHOWN if each == function}

    assert shown == stack.read_by(function)


def test_every_parameter_of_the_template_is_some_functions_setting_or_the_stacks_own(stack: Stack) -> None:
    """Those of the stack itself have their tests in tests/template."""
    of_the_stack = {"Runtime", "Architecture", "SyncConcurrency", "LogRetentionDays", "AlarmTopicArn"}
    of_functions = set().union(*(stack.read_by(function) for function in FUNCTIONS))

    assert set(stack.template.document["Parameters"]) == of_the_stack | (
        of_functions - {"LEASE_SECONDS", "CLAIM_LEASE_SECONDS"}
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_the_code_takes_for_granted_is_the_templates_default(stack: Stack, function: str) -> None:
    places = {place.value: "somewhere" for place in Place}
    told = stack.settings(function, {"MusicServerUrl": WITHOUT_DEFAULT["MUSIC_SERVER_URL"]})
    asked = {name: value for name, value in WITHOUT_DEFAULT.items() if name in told}

    assert READERS[function](places | told | asked) == READERS[function](places | asked)


@shows("dispatcher", "LogLevel")
@shows("sync", "LogLevel")
@shows("notifier", "LogLevel")
@shows("api", "LogLevel")
@shows("web", "LogLevel")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_and_its_rooms_log_as_much_as_the_level_says(stack: Stack, function: str) -> None:
    said = {level: _said(stack, function, level) for level in ("DEBUG", "INFO", "WARNING")}

    assert said == {
        "DEBUG": ["a debug line", "an info line", "a warning"] * 2,
        "INFO": ["an info line", "a warning"] * 2,
        "WARNING": ["a warning"] * 2,
    }


def _said(stack: Stack, function: str, level: str) -> list[str]:
    told = stack.settings(function, {"LogLevel": level})
    done = subprocess.run(
        [sys.executable, "-c", SPEAKING, function],
        env={"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1"} | told,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line)["message"] for line in done.stdout.splitlines() if line.startswith("{")]
