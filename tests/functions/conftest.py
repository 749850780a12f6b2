"""What a function writes while it runs, for tests of every function."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from botocore.client import BaseClient

from reprise.observability import logger


@dataclass
class Output:
    """What the function writes: log lines and metrics, each a JSON object."""

    log: StringIO
    capsys: pytest.CaptureFixture[str]

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines() if line.startswith("{")]

    def text(self) -> str:
        """All of it so far, once."""
        text = self.log.getvalue() + self.capsys.readouterr().out
        self.log.seek(0)
        self.log.truncate()
        return text


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Output:
    """The log's handlers were made with the standard output of their time, before pytest replaced it."""
    log = StringIO()
    for each in {*logger.handlers, *logging.getLogger("reprise").handlers}:
        if type(each) is logging.StreamHandler:  # pytest's own are subclasses
            monkeypatch.setattr(each, "stream", log)
    return Output(log, capsys)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every call of AWS that is made, by its operation."""
    made: list[str] = []
    really = BaseClient._make_api_call

    def counted(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:  # Any: as botocore has it
        made.append(operation)
        return really(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    return made
