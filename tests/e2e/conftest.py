"""One deployed stack for all of these tests, and the whole story told on it once."""

from __future__ import annotations

import io
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reprise_dev.local.api_client import ApiClient
from reprise_dev.local.demo import demo_library, demo_samples
from reprise_dev.local.processes import private_folder
from reprise_dev.local.readback import SubsonicReader
from reprise_dev.local.relay import relay_with_login
from reprise_dev.local.stage import set_stage
from reprise_dev.local.story import Findings
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.walkthrough import Told, tell
from reprise_dev.local.world import World

from .calling import Caller

ANY_PORT = 0
HERE = Path(__file__).parent
# The playlist files that people follow are hosted on this machine.
PARAMETERS = {"AllowPrivateAddresses": "true"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def findings() -> Findings:
    """What the story had to show and did not; its terminal writes to a text."""
    return Findings(Terminal(io.StringIO()))


@pytest.fixture(scope="session")
def relay_password() -> str:
    return f"relay-{secrets.token_urlsafe(18)}"


@pytest.fixture(scope="session")
def world(findings: Findings, relay_password: str) -> Iterator[World]:
    with private_folder() as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            with set_stage(
                folder,
                findings.terminal,
                songs=demo_library(),
                own=None,
                port=ANY_PORT,
                relay=relay_with_login(relay_password),
                parameters=PARAMETERS,
            ) as world:
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


@pytest.fixture(scope="module")
def newcomer(world: World, told: Told) -> Iterator[Callable[..., Caller]]:
    """Gives a person an account on the music server, and signs them in. In the end they leave, or every tick to come
    would sync their playlists too.
    """
    arrived: list[Caller] = []

    def arrive(username: str, password: str = "") -> Caller:
        chosen = password or secrets.token_urlsafe(12)
        told.account.reader().add_user(username, chosen)
        caller = Caller(world)
        caller.sign_in(username, chosen)
        arrived.append(caller)
        return caller

    yield arrive
    for caller in arrived:
        leaving = {"username": caller.username, "password": caller.password}
        assert caller.ask("DELETE", "/me", leaving).status in {204, 401}


@pytest.fixture(scope="session")
def reader(world: World) -> Callable[[Caller], SubsonicReader]:
    """A person's own look at the music server."""
    return lambda person: SubsonicReader(world.account.server_url, person.username, person.password)
