"""A hostile host on loopback, and names that lead to it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reprise_dev.doubles.certificates import Authority
from reprise_dev.doubles.playlist_host import PlaylistHost

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
