"""The web function as API Gateway calls it, beside the api function: both stand before the same tables."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from api.app import handler as api_handler
from reprise_dev.doubles.cloud import Cloud
from tests.functions.api import conftest as api
from tests.functions.api.conftest import CONTEXT, Answer, Gate, log
from web.app import handler
from web.parts import parts

__all__ = ["cloud", "log"]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with api.people_cloud(parts) as opened:
        yield opened


@pytest.fixture
def gate(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """One music server behind both functions."""
    gate = Gate()
    now = parts().clock()
    for each in (parts(), api.parts()):
        monkeypatch.setattr(each, "clock", lambda: now)
        each.__dict__.pop("sign_in", None)  # gathered with whatever stood there then
        monkeypatch.setattr(each, "open_server", gate.open)
        monkeypatch.setattr(each, "sleep", gate.waits.append)
    return gate


class Client(api.Client):
    """Sends to the function that the template names for the address."""

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return (api_handler if event["rawPath"].startswith("/api/") else handler)(event, CONTEXT)

    def check(self, method: str, path: str, answer: Answer) -> None:
        """No document describes the pages."""


@pytest.fixture
def anyone(cloud: Cloud) -> Client:
    """Nobody in particular, from an address of their own."""
    return Client(address=f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1")
