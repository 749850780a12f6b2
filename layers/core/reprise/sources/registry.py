"""Every kind of source, and where its class is. Adding one is a folder and a line here.

A class is imported when the first playlist of its kind is opened, so a cold start pays only for what it uses.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import cast

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.ports.sources import PlaylistSource
from reprise.sources.dependencies import SourceDependencies

__all__ = ["SourceDependencies", "kinds", "open_source"]

_SOURCES: Mapping[str, str] = {
    "files": "reprise.sources.files.source:FilesSource",
    "web": "reprise.sources.web.source:WebSource",
}


def kinds() -> tuple[str, ...]:
    """The stable ids that `SourceRef.kind` may hold (`S1x-66`)."""
    return tuple(_SOURCES)


def open_source(kind: str, deps: SourceDependencies) -> PlaylistSource:
    """The source of that kind.

    Raises `SyncFailure` (internal) for a kind this version does not have: playlists outlive a roll-back, and
    one of them must fail by itself, not take the others of its job with it.
    """
    path = _SOURCES.get(kind)
    if path is None:
        raise SyncFailure(FailureKind.INTERNAL, "This version of Reprise does not have that kind of source.")
    module, _, name = path.partition(":")
    build = cast("Callable[[SourceDependencies], PlaylistSource]", getattr(importlib.import_module(module), name))
    return build(deps)
