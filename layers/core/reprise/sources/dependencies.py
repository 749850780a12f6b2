"""What sources are built from."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.ports.stores import SourceContentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDependencies:
    """Everything that any source may need; each takes what it uses and ignores the rest."""

    contents: SourceContentStore
