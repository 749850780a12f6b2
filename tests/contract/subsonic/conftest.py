"""The servers the suite runs on: Navidrome's double, the same answering in XML, Supysonic; or the one you name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from reprise_dev.contract.accounts import Account, accounts_from, differences, new_run
from reprise_dev.contract.broken_transports import Watched
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.doubles.supysonic_server import SupysonicServer
from reprise_dev.samples.music_library import sample_songs, write_library

from .writer import Writer

SONGS = 40
_YOURS = accounts_from(os.environ)
_SERVERS = (
    ["server"]
    if _YOURS
    else ["double", "double_in_xml", pytest.param("supysonic", marks=pytest.mark.supysonic, id="supysonic")]
)
_PEOPLE = {"alice": "sesame; open & <up>", "bob": "b0b"}


def _both(url: str, label: str) -> dict[str, Account]:
    return {
        name: Account(label=label, url=url, username=name, password=password, run=new_run())
        for name, password in _PEOPLE.items()
    }


@pytest.fixture(scope="session")
def double() -> Iterator[dict[str, Account]]:
    with FakeNavidrome(users=_PEOPLE) as server:
        server.add_songs(sample_songs(SONGS, seed=11))
        yield _both(server.url, "double")


@pytest.fixture(scope="session")
def double_in_xml() -> Iterator[dict[str, Account]]:
    with FakeNavidrome(users=_PEOPLE, xml_for=["Reprise"]) as server:
        server.add_songs(sample_songs(SONGS, seed=12))
        yield _both(server.url, "double in XML")


@pytest.fixture(scope="session")
def supysonic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Account]]:
    music = tmp_path_factory.mktemp("music")
    write_library(music, sample_songs(SONGS, seed=13))
    with SupysonicServer(music, users=_PEOPLE) as server:
        yield _both(server.url, "supysonic")


@pytest.fixture(scope="session")
def server() -> dict[str, Account]:
    return {account.username: account for account in _YOURS}


@pytest.fixture(params=_SERVERS)
def accounts(request: pytest.FixtureRequest) -> Iterator[dict[str, Account]]:
    """All accounts there are on one server, the first being the one under test. Leaves each as it found it."""
    found: dict[str, Account] = request.getfixturevalue(request.param)
    first = next(iter(found.values()))
    before = first.look().playlist_heads()
    yield found
    for account in found.values():
        account.sweep()
    assert differences(before, first.look().playlist_heads()) == []


@pytest.fixture
def account(accounts: dict[str, Account]) -> Account:
    return next(iter(accounts.values()))


@pytest.fixture
def somebody_else(accounts: dict[str, Account]) -> Account:
    """A second account on the same server, without rights over the first."""
    if len(accounts) < 2:
        pytest.skip("needs a second account")
    return list(accounts.values())[1]


@pytest.fixture
def songs(account: Account) -> list[str]:
    """Ids of 30 songs, in the server's order."""
    return [str(song["id"]) for song in account.look().songs(30)]


@pytest.fixture
def marker(account: Account) -> Callable[[], str]:
    """Makes markers of the form the product uses, no two alike."""
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        return f"reprise:{account.run}{count}"

    return make


@pytest.fixture
def named(account: Account) -> Callable[[str], str]:
    """Gives a playlist a name by which the clean-up knows it."""
    return lambda name: f"Reprise contract {account.run} {name}"


@pytest.fixture
def writer(account: Account, named: Callable[[str], str], marker: Callable[[], str]) -> Writer:
    return Writer(account, named("mix"), marker())


@pytest.fixture
def watched() -> Iterator[Watched]:
    transport = Watched()
    yield transport
    transport.close()
