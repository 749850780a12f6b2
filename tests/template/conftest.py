"""The template as written, and as SAM translates it (in the emulator's environment, which has the translator)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise_dev.building.template_reading import Template
from reprise_dev.local.deployment import Reading, read_template

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture(scope="session")
def reading() -> Reading:
    return read_template(TEMPLATE)


@pytest.fixture(scope="session")
def written(reading: Reading) -> Template:
    return Template(reading.written)


@pytest.fixture(scope="session")
def translated(reading: Reading) -> Template:
    """What CloudFormation is given, with the code as if it had been uploaded."""
    return Template(reading.translated)
