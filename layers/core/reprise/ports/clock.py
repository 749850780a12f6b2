"""Time and chance, handed in so that tests decide them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Now, as an aware UTC datetime."""

NewId = Callable[[], str]
"""A new ULID at each call."""

Jitter = Callable[[], float]
"""A random factor in [0.75, 1.25] (`S1x-59`)."""
