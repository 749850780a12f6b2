"""Manual choices in memory."""

from __future__ import annotations

from reprise.domain.matches import Override


class MemoryOverrides:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Override] = {}

    def place(self, user_id: str, override: Override) -> None:
        """Arrange a test: a person has made this choice."""
        self._rows[user_id, override.track_key] = override

    def of_user(self, user_id: str) -> tuple[Override, ...]:
        return tuple(override for (owner, _), override in sorted(self._rows.items()) if owner == user_id)

    def put(self, user_id: str, override: Override) -> None:
        self.place(user_id, override)

    def remove(self, user_id: str, track_key: str) -> bool:
        return self._rows.pop((user_id, track_key), None) is not None
