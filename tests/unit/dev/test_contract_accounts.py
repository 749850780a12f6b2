"""The contract suite's care for a stranger's server."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from reprise_dev.contract.accounts import Account, accounts_from, differences, to_environment, unknown_id_like
from reprise_dev.doubles.fake_navidrome import FakeNavidrome
from reprise_dev.local.plain_subsonic import SeenPlaylist
from reprise_dev.samples.music_library import sample_songs

SEEN = SeenPlaylist(
    id="1", name="Mine", owner="alice", comment="", changed="a", read_only=False, song_count=3, song_ids=()
)


def test_equal_looks_do_not_differ() -> None:
    assert differences([SEEN], [SEEN]) == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([], ["“Mine” is gone"]),
        ([SEEN, replace(SEEN, id="2", name="Other")], ["“Other” is new"]),
        ([replace(SEEN, changed="b")], ["“Mine” has changed"]),
        ([replace(SEEN, comment="x")], ["“Mine” has changed"]),
        ([replace(SEEN, song_count=4)], ["“Mine” has changed"]),
    ],
)
def test_every_difference_is_said(after: list[SeenPlaylist], said: list[str]) -> None:
    assert differences([SEEN], after) == said


def test_what_the_server_fills_may_change() -> None:
    smart = replace(SEEN, read_only=True)
    assert differences([smart], [replace(smart, changed="b", song_count=9)]) == []
    assert differences([smart], [replace(smart, name="b")]) == ["“Mine” has changed"]


@pytest.mark.parametrize(
    "known",
    [
        "c3b19fae-2043-4812-abf8-bb856970cb37",
        "9PYkL17LTlsVqMNTZyLKMI",
        "tr-12",
        "12",
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_unknown_ids_look_like_known_ones(known: str) -> None:
    unknown = unknown_id_like(known)
    assert unknown != known
    assert "".join("0" if char.isdigit() else char for char in unknown if char == "-") == known.count("-") * "-"
    assert unknown.isdecimal() is known.isdecimal()


def test_a_sweep_takes_this_runs_lists_and_no_other() -> None:
    with FakeNavidrome(users={"alice": "sesame", "bob": "b0b"}, admins={"alice"}) as double:
        ids = double.add_songs(sample_songs(3))
        account = Account(label="double", url=double.url, username="Alice", password="sesame", run="contractabc")
        kept = [
            double.add_playlist("alice", "Mine", ids),
            double.add_playlist("alice", "Reprise contract", ids),
            double.add_playlist("bob", "contractabc", ids, comment="contractabc"),
        ]
        double.add_playlist("alice", "Reprise contract contractabc mix", ids)
        double.add_playlist("alice", "renamed", ids, comment="reprise:contractabc7")
        assert len(account.our_lists()) == 2
        assert account.sweep() == 2
        assert [one.id for one in double.playlists()] == kept
        assert account.sweep() == 0


@pytest.mark.parametrize("how_many", [0, 1, 2])
def test_the_suite_is_told_of_the_accounts_given(monkeypatch: pytest.MonkeyPatch, how_many: int) -> None:
    given = [
        Account(label="server", url="http://x", username=name, password=f"{name}'s", run=f"contract{name}")
        for name in ("alice", "bob")[:how_many]
    ]
    environment: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", environment)
    to_environment(given)
    assert accounts_from(environment) == given


def test_an_account_does_not_show_its_password() -> None:
    account = Account(label="double", url="http://x", username="alice", password="sesame", run="contractabc")
    assert "sesame" not in repr(account)
