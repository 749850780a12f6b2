"""How far addresses given by people may lead."""

from __future__ import annotations

from enum import StrEnum


class Reach(StrEnum):
    """The operator decides (`ALLOW_PRIVATE_ADDRESSES`). Each includes those before it."""

    # Hosts of the public internet, and nothing else.
    PUBLIC = "public"
    # Private networks (home networks, and 100.64.0.0/10, which carriers and overlay networks use).
    PRIVATE = "private"
    # The machine this runs on. Never on Lambda: there the runtime's own door is on it.
    MACHINE = "machine"
