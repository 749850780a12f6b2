"""A host of playlist files on loopback, and names that lead to it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reprise.domain.connections import Side
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.reach import Reach
from reprise.sources.web.client import WebClient, WebFile
from tests.unit.http.conftest import LOOPBACK, Names, authority, host, names, secure_host, trust

__all__ = ["LOOPBACK", "Names", "authority", "host", "names", "secure_host", "trust"]

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def client(names: Names, trust: ssl.SSLContext) -> WebClient:
    return WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names, tls=trust, total_s=3.0)


@pytest.fixture
def fetch(client: WebClient) -> Callable[[str], WebFile]:
    """What the client makes of an address."""
    return lambda url: client.fetch(client.address(url))


def scope_of(kind: FailureKind) -> Scope:
    """A host that is down or busy is so for all of its addresses; anything else is the fault of one."""
    of_host = kind in {FailureKind.UNREACHABLE, FailureKind.SERVER_ERROR, FailureKind.RATE_LIMITED}
    return Scope.CONNECTION if of_host else Scope.PLAYLIST


@pytest.fixture
def fails(client: WebClient) -> Callable[[str], SyncFailure]:
    """The failure that fetching from an address ends in: always one of that playlist, or of its host."""

    def failure(url: str) -> SyncFailure:
        with pytest.raises(SyncFailure) as caught:
            client.fetch(client.address(url))
        assert caught.value.scope is scope_of(caught.value.kind)
        assert caught.value.party is None or caught.value.party.side is Side.SOURCE
        assert caught.value.__cause__ is None
        assert caught.value.kind is not FailureKind.INTERNAL
        return caught.value

    return failure
