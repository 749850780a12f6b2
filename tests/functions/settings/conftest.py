"""The stack that all tests of settings read the environments from."""

from __future__ import annotations

import pytest

from tests.functions.settings.deployed import Stack


@pytest.fixture(scope="session")
def stack() -> Stack:
    return Stack()
