"""One world for all tests of this folder: each puts it back to how it needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.operations import DECOY
from tests.faults.world import ALICE, TITLES, Mark, World, a_world


@pytest.fixture(scope="module")
def _world() -> Iterator[tuple[World, Mark]]:
    with a_world() as world:
        world.server.add_playlist(ALICE, DECOY, world.ids(*TITLES[:2]))
        yield world, world.mark()


@pytest.fixture
def world(_world: tuple[World, Mark]) -> World:
    """A person with a library, one list made by hand, and no playlist yet."""
    world, mark = _world
    world.outside.after_request = lambda: None
    world.server.recover()
    world.server.swallow_searches(0)
    world.back_to(mark)
    return world
