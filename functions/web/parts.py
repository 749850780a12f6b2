"""The parts of this process, built once."""

from __future__ import annotations

import os
from functools import cache

from reprise.bootstrap.web import WebParts


@cache
def parts() -> WebParts:
    """Read from the environment at the first call."""
    return WebParts(os.environ)
