"""A function's settings as a stack with certain parameters hands them to it, and which of them have a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from unittest import mock

from reprise.config import Place
from reprise_dev.building.template_reading import Template
from reprise_dev.building.watched import FUNCTIONS as WATCHED
from reprise_dev.local.deployment import read_template

FUNCTIONS = {each.name: each.resource for each in WATCHED}
# What Powertools reads of the rest: a name that is written into the template, and no setting.
NAMES = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
# (function, setting): everything that some test shows to reach what uses it.
SHOWN: set[tuple[str, str]] = set()

_T = TypeVar("_T", bound=Callable[..., object])


def shows(function: str, *settings: str) -> Callable[[_T], _T]:
    """Says of a test that it fails when one of these does not reach the code of `function` that uses it."""

    def remember(test: _T) -> _T:
        SHOWN.update((function, setting) for setting in settings)
        return test

    return remember


class Stack:
    """The template, asked for the environments that it makes."""

    def __init__(self) -> None:
        self.template = Template(read_template(Path(__file__).parents[3] / "template.yaml").written)

    def settings(self, function: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """What it is told, but for where things are: that is up to each test."""
        variables = self.template.variables(FUNCTIONS[function])
        return {
            name: self.template.text(value, chosen) for name, value in variables.items() if name not in {*Place, *NAMES}
        }

    def read_by(self, function: str) -> set[str]:
        """The parameters it is told, and the variables whose value stands in the template itself."""
        variables = self.template.variables(FUNCTIONS[function])
        settings = {name: value for name, value in variables.items() if name not in {*Place, *NAMES}}
        written = {name for name, value in settings.items() if isinstance(value, str)}
        return written | self.template.parameters_in(list(settings.values()))

    @contextmanager
    def deployed(
        self, function: str, built: Callable[[], object], chosen: Mapping[str, str], **overlaid: str
    ) -> Iterator[None]:
        """The function built anew from these parameters. `built` is the cache that holds it; `overlaid` are variables
        that no parameter decides.
        """
        clear = built.cache_clear  # type: ignore[attr-defined]  # what functools.cache adds
        clear()
        with mock.patch.dict(os.environ, self.settings(function, chosen) | overlaid):
            yield
        clear()
