"""API tokens: made by people, for programs, shown once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reprise.domain.accounts import Session, SessionKind
from reprise.domain.refusals import Conflict, InvalidInput, NotAllowed, NotFound
from reprise.usecases.account.authenticate import authenticate
from reprise.usecases.account.create_token import TOKENS_MAX, NewApiToken, create_token
from reprise.usecases.account.list_tokens import list_tokens
from reprise.usecases.account.revoke_token import revoke_token

from .conftest import NOON, Desk


def make(desk: Desk, caller: Session, label: str = "cron", days: int | None = None) -> NewApiToken:
    return create_token(caller, label, expires_in_days=days, ports=desk.token_ports)


def test_a_token_works_until_its_end(desk: Desk) -> None:
    made = make(desk, desk.session("u-ann"), days=30)
    assert made.session.expires_at == NOON + timedelta(days=30)
    found = authenticate(made.token, desk.session_ports)
    assert found is not None
    assert found.user_id == "u-ann"
    desk.later(timedelta(days=30))
    assert authenticate(made.token, desk.session_ports) is None
    assert list_tokens("u-ann", desk.session_ports) == ()


def test_a_token_of_which_no_end_was_asked_works_for_ninety_days(desk: Desk) -> None:
    made = make(desk, desk.session("u-ann"))
    assert made.session.expires_at == NOON + timedelta(days=90)


def test_a_revoked_token_works_no_more(desk: Desk) -> None:
    ann = desk.session("u-ann")
    made = make(desk, ann)
    assert authenticate(made.token, desk.session_ports) is not None
    revoke_token(ann, made.session.public_id, desk.session_ports)
    assert authenticate(made.token, desk.session_ports) is None


@pytest.mark.parametrize("end", [None, NOON + timedelta(days=3650)])
def test_a_token_from_before_there_was_an_end_works_for_a_year_from_its_making(
    desk: Desk, end: datetime | None
) -> None:
    made = make(desk, desk.session("u-ann"))
    desk.sessions.add(replace(made.session, expires_at=end))
    desk.later(timedelta(days=365) - timedelta(seconds=1))
    assert authenticate(made.token, desk.session_ports) is not None
    desk.later(timedelta(seconds=1))
    assert authenticate(made.token, desk.session_ports) is None
    assert list_tokens("u-ann", desk.session_ports) == ()


def test_the_list_names_tokens_oldest_first_and_no_sign_ins(desk: Desk) -> None:
    ann = desk.session("u-ann")
    first = make(desk, ann, "first")
    desk.later(timedelta(seconds=1))
    make(desk, ann, "second")
    make(desk, desk.session("u-bob"), "of bob")

    tokens = list_tokens("u-ann", desk.session_ports)

    assert [token.label for token in tokens] == ["first", "second"]
    assert first.token not in repr(tokens) + repr(first)


def test_a_token_can_neither_make_nor_revoke_tokens(desk: Desk) -> None:
    made = make(desk, desk.session("u-ann"))
    with pytest.raises(NotAllowed):
        make(desk, made.session)
    with pytest.raises(NotAllowed):
        revoke_token(made.session, made.session.public_id, desk.session_ports)
    assert len(list_tokens("u-ann", desk.session_ports)) == 1


def test_nobody_revokes_what_is_not_their_token(desk: Desk) -> None:
    ann, bob = desk.session("u-ann"), desk.session("u-bob")
    made = make(desk, ann)
    for caller, public_id in ((bob, made.session.public_id), (ann, "0" * 16), (ann, ann.public_id)):
        with pytest.raises(NotFound):
            revoke_token(caller, public_id, desk.session_ports)
    assert desk.sessions.get(made.session.token_hash) is not None
    assert desk.sessions.get(ann.token_hash) is not None


@pytest.mark.parametrize(("label", "days"), [("", 1), ("x" * 101, 1), ("a\tb", 1), ("x", 0), ("x", 366), ("x", -1)])
def test_labels_and_ends_have_limits(desk: Desk, label: str, days: int) -> None:
    with pytest.raises(InvalidInput):
        make(desk, desk.session("u-ann"), label, days)
    assert list_tokens("u-ann", desk.session_ports) == ()


def test_there_is_an_end_to_how_many(desk: Desk) -> None:
    ann = desk.session("u-ann")
    for _ in range(TOKENS_MAX):
        make(desk, ann)
    with pytest.raises(Conflict):
        make(desk, ann)
    make(desk, desk.session("u-bob", SessionKind.SIGN_IN))
