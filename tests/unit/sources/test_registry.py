"""Sources are opened by kind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.sources.registry import kinds, open_source
from reprise_dev.doubles.fakes.sources import memory_sources


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_can_be_opened(kind: str) -> None:
    source = open_source(kind, memory_sources())

    assert callable(source.read)
    assert callable(source.current_version)


def test_no_kind_is_ever_renamed() -> None:
    """Playlists are stored with them."""
    assert {"files", "web"} <= set(kinds())


def test_an_unknown_kind_fails_that_playlist_and_says_so() -> None:
    with pytest.raises(SyncFailure) as caught:
        open_source("phonograph", memory_sources())

    assert caught.value.kind is FailureKind.INTERNAL
    assert caught.value.detail == "This version of Reprise does not have that kind of source."


def test_a_source_is_imported_only_when_opened() -> None:
    code = (
        "import sys, reprise.sources.registry;"
        "print([m for m in sys.modules if m.startswith(('reprise.sources.files', 'reprise.sources.web', 'httpx'))])"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "[]"
