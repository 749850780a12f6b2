"""Manual choices in memory."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.matches import Override


class MemoryOverrides:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Override] = {}

    def place(self, user_id: str, override: Override) -> None:
        """Arrange a test: a person has made this choice."""
        self._rows[user_id, override.track_key] = override

    def of_user(self, user_id: str) -> tuple[Override, ...]:
        return tuple(self.after(user_id, None))

    def after(self, user_id: str, track_key: str | None) -> Iterator[Override]:
        for owner, key in sorted(self._rows):
            if owner == user_id and (track_key is None or key > track_key):
                yield self._rows[owner, key]

    def put(self, user_id: str, override: Override) -> None:
        self.place(user_id, override)

    def remove(self, user_id: str, track_key: str) -> bool:
        return self._rows.pop((user_id, track_key), None) is not None
