"""One world of each kind for all tests of a module: each test puts it back to how it needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from unittest import mock

import pytest

from tests.faults.aws_world import AwsWorld, an_aws_world
from tests.faults.operations import DECOY
from tests.faults.port_world import PortWorld
from tests.faults.world import ALICE, TITLES, Mark, World

_W = TypeVar("_W", bound=World)


@pytest.fixture(scope="module")
def _aws_world() -> Iterator[tuple[AwsWorld, Mark]]:
    with an_aws_world() as world:
        yield world, _begun(world)


@pytest.fixture(scope="module")
def _port_world() -> tuple[PortWorld, Mark]:
    world = PortWorld()
    return world, _begun(world)


def _begun(world: World) -> Mark:
    world.server.add_playlist(ALICE, DECOY, world.ids(*TITLES[:2]))
    return world.mark()


@pytest.fixture
def world(_port_world: tuple[PortWorld, Mark]) -> Iterator[PortWorld]:
    """A person with a library, one list made by hand, and no playlist yet."""
    yield from _fresh(*_port_world)


@pytest.fixture
def aws_world(_aws_world: tuple[AwsWorld, Mark]) -> Iterator[AwsWorld]:
    """The same over AWS."""
    yield from _fresh(*_aws_world)


def _fresh(world: _W, mark: Mark) -> Iterator[_W]:
    world.outside.after_request = lambda: None
    world.server.recover()
    world.server.swallow_searches(0)
    world.back_to(mark)
    with mock.patch("reprise.http.client.exchange", world.ask_web):
        yield world
