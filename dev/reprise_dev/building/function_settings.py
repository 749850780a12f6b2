"""How each function reads its settings: by the class of `reprise.config` that bears its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from reprise import config
from reprise.config import Places
from reprise.environment import Env
from reprise_dev.building.watched import FUNCTIONS


class FunctionSettings(Protocol):
    @property
    def places(self) -> Places: ...


# By the name of the function. `AttributeError` on import names the class that is missing.
READERS = {
    each.name: cast("Callable[[Env], FunctionSettings]", getattr(config, f"{each.prefix}Settings").read)
    for each in FUNCTIONS
}
