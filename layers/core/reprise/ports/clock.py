"""Time and chance, handed in so that tests decide them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

# Now, as an aware UTC datetime.
Clock = Callable[[], datetime]

# A new ULID at each call.
NewId = Callable[[], str]

# A random factor in [0.75, 1.25] (`S1x-59`).
Jitter = Callable[[], float]
