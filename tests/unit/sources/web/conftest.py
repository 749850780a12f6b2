"""A host of playlist files on loopback, and names that lead to it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.reach import Reach
from reprise.sources.web.client import WebClient, WebFile
from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.playlist_host import PlaylistHost

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOOPBACK = "127.0.0.1"


@dataclass
class Names:
    """A name server under a test's control: `answers` in turn, the last one for ever. Keeps what it was asked."""

    answers: list[Sequence[str]] = field(default_factory=lambda: [(LOOPBACK,)])
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def host() -> Iterator[PlaylistHost]:
    with PlaylistHost() as made:
        yield made


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder: Path = tmp_path_factory.mktemp("authority")
    return Authority(folder)


@pytest.fixture(scope="session")
def trust(authority: Authority) -> ssl.SSLContext:
    """A client's context that trusts the tests' authority alone."""
    return ssl.create_default_context(cafile=str(authority.certificate_file))


@pytest.fixture
def secure_host(authority: Authority) -> Iterator[PlaylistHost]:
    """Has a certificate for the name music.test."""
    with PlaylistHost(tls=authority.server_context("music.test")) as made:
        yield made


@pytest.fixture
def client(names: Names, trust: ssl.SSLContext) -> WebClient:
    return WebClient(reach=Reach.MACHINE, clock=lambda: NOON, resolve=names, tls=trust, total_s=3.0)


@pytest.fixture
def fetch(client: WebClient) -> Callable[[str], WebFile]:
    """What the client makes of an address."""
    return lambda url: client.fetch(client.address(url))


@pytest.fixture
def fails(client: WebClient) -> Callable[[str], SyncFailure]:
    """The failure that fetching from an address ends in: always one of that playlist alone."""

    def failure(url: str) -> SyncFailure:
        with pytest.raises(SyncFailure) as caught:
            client.fetch(client.address(url))
        assert caught.value.scope is Scope.PLAYLIST
        assert caught.value.provider
        assert caught.value.__cause__ is None
        assert caught.value.kind is not FailureKind.INTERNAL
        return caught.value

    return failure
