"""The parts of this process, built once."""

from __future__ import annotations

import os
from functools import cache

from reprise.bootstrap.api import ApiParts


@cache
def parts() -> ApiParts:
    """Read from the environment at the first call."""
    return ApiParts(os.environ)
