"""Who may come in, and what is said of those who may not."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from reprise.domain.failures import FailureKind, SyncFailure
from reprise_dev.contract.accounts import Account
from reprise_dev.contract.broken_transports import Watched


def test_check_takes_the_right_password(account: Account) -> None:
    server = account.open()
    info = server.check()
    assert info.admin in (True, False, None)
    assert info.display_name
    server.close()


def test_one_account_has_one_name_in_whatever_case_it_is_typed(account: Account) -> None:
    server = account.open()
    info = server.check()
    server.close()
    assert info.username.casefold() in ("", account.username.casefold())
    other_case = replace(account, username=account.username.swapcase()).open()
    try:
        told = other_case.check().username
    except SyncFailure as refusal:
        assert refusal.kind is FailureKind.AUTH_INVALID  # noqa: PT017 - a server may also tell names apart by case
        assert info.product != "navidrome"
    else:
        assert told == info.username
    finally:
        other_case.close()


@pytest.mark.parametrize("wrong", [{"password": "not it"}, {"username": "nobody-of-that-name"}])
def test_wrong_credentials_are_said_to_be_wrong_and_tried_no_more_than_needed(
    account: Account, watched: Watched, wrong: dict[str, str]
) -> None:
    server = replace(account, **wrong).open(watched)
    with pytest.raises(SyncFailure) as caught:
        server.check()
    assert caught.value.kind is FailureKind.AUTH_INVALID
    assert len(watched.methods) <= 2  # a token, and where the server knows no tokens, the password


def test_an_address_beside_the_server_is_a_wrong_setting(account: Account) -> None:
    server = replace(account, url=account.url + "/nothing-here").open()
    with pytest.raises(SyncFailure) as caught:
        server.check()
    server.close()
    assert caught.value.kind is FailureKind.MISCONFIGURED


def test_an_address_where_nobody_listens_is_unreachable(account: Account) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    server = replace(account, url=url).open()
    with pytest.raises(SyncFailure) as caught:
        server.check()
    assert caught.value.kind is FailureKind.UNREACHABLE
    server.close()


def test_an_address_ending_in_rest_is_the_same_server(account: Account) -> None:
    server = replace(account, url=account.url + "/rest/").open()
    server.check()
    server.close()
