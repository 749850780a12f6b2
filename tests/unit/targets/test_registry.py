"""Targets by kind, loaded when first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise.targets.registry import kinds, open_server
from reprise.targets.subsonic.target import SubsonicServer


def test_every_kind_can_be_opened() -> None:
    assert "subsonic" in kinds()
    for kind in kinds():
        server = open_server(kind, base_url="https://music.test", username="alice", password="sesame", sign_in_way=None)
        assert isinstance(server, SubsonicServer)
        server.close()


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match=r"gramophone.*subsonic"):
        open_server("gramophone", base_url="https://music.test", username="alice", password="sesame", sign_in_way=None)


def test_an_unusable_address_is_said_to_be_one() -> None:
    with pytest.raises(SyncFailure) as caught:
        open_server("subsonic", base_url="music.test", username="alice", password="sesame", sign_in_way=None)
    assert caught.value.kind is FailureKind.MISCONFIGURED


def test_a_targets_libraries_are_loaded_with_it_and_not_before() -> None:
    code = "import sys, reprise.targets.registry; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
