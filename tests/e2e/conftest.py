"""One deployed stack for all of these tests, and the whole story told on it once."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise_dev.local.api_client import ApiClient
from reprise_dev.local.demo import demo_library, demo_samples
from reprise_dev.local.processes import private_folder
from reprise_dev.local.stage import set_stage
from reprise_dev.local.story import Findings
from reprise_dev.local.telling import Told, tell
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.world import World

ANY_PORT = 0
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def findings() -> Findings:
    """What the story had to show and did not; its terminal writes to a text."""
    return Findings(Terminal(io.StringIO()))


@pytest.fixture(scope="session")
def world(findings: Findings) -> Iterator[World]:
    with private_folder() as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            with set_stage(folder, findings.terminal, songs=demo_library(), own=None, port=ANY_PORT) as world:
                yield world
        finally:
            tempfile.tempdir = before


@pytest.fixture(scope="session")
def told(world: World, findings: Findings) -> Told:
    return tell(world, findings, demo_samples())


@pytest.fixture(scope="session")
def api(world: World, told: Told) -> ApiClient:
    """Signed in, once, as the person of the story: attempts to sign in are counted."""
    client = world.api()
    client.sign_in(told.account.username, told.account.password)
    return client
