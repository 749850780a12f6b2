"""Signing in, and what it mends (`S1x-82`…`84`, `S1x-90`, `S0-13`, `S0-17`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.accounts import SessionKind, token_hash, user_id_of
from reprise.domain.connections import MUSIC_SERVER, Party, Side, SignInWay
from reprise.domain.events import EventType
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.health import BreakerPolicy, Health
from reprise.domain.refusals import InvalidInput, TooManyAttempts, WrongCredentials
from reprise.ports.targets import ServerInfo
from reprise.usecases.account.authenticate import authenticate
from reprise.usecases.account.open_session import OpenedSession, open_session
from reprise.usecases.account.sign_out import sign_out
from reprise.usecases.connections.guesses import KNOWN_FOR, PER_ADDRESS, PER_NAME, PER_NAME_AND_ADDRESS, WAIT_MAX_S
from reprise.usecases.connections.renew_connection import renew_connection

from .conftest import NOON, Desk

HOME = "203.0.113.7"
SESAME = "sesame"
SERVER = "https://music.example.test"


def enter(desk: Desk, username: str = "ann", password: str = SESAME, source: str = HOME) -> OpenedSession:
    renewed = renew_connection(username=username, password=password, source_address=source, ports=desk.sign_in)
    return open_session(renewed.user, renewed.password_number, desk.token_ports)


def test_a_session_of_a_day_for_whoever_the_server_knows(desk: Desk) -> None:
    signed = enter(desk)

    assert signed.user.user_id == user_id_of(SERVER, "ann")
    assert signed.expires_at == NOON + timedelta(hours=24)
    session = authenticate(signed.token, desk.session_ports)
    assert session is not None
    assert (session.user_id, session.kind) == (signed.user.user_id, SessionKind.SIGN_IN)


def test_a_token_is_stored_only_as_its_hash(desk: Desk) -> None:
    signed = enter(desk)

    (session,) = desk.sessions.of_user(signed.user.user_id)
    assert session.token_hash == token_hash(signed.token)
    assert signed.token not in repr(session)
    assert signed.token not in repr(signed)


def test_a_session_ends_after_a_day_whether_or_not_the_store_still_has_it(desk: Desk) -> None:
    signed = enter(desk)
    desk.later(timedelta(hours=24) - timedelta(seconds=1))
    assert authenticate(signed.token, desk.session_ports) is not None
    desk.later(timedelta(seconds=1))
    assert authenticate(signed.token, desk.session_ports) is None


def test_signing_out_ends_the_session_at_once(desk: Desk) -> None:
    signed, other = enter(desk), enter(desk)
    session = authenticate(signed.token, desk.session_ports)
    assert session is not None

    sign_out(session, desk.sessions)

    assert authenticate(signed.token, desk.session_ports) is None
    assert authenticate(other.token, desk.session_ports) is not None


@given(st.text(max_size=300))
def test_what_is_no_token_is_nobodys(text: str) -> None:
    desk = Desk()
    assert authenticate(text, desk.session_ports) is None


def test_the_password_is_kept_so_that_only_the_cipher_can_read_it(desk: Desk) -> None:
    user = enter(desk, password="open sesame").user

    connection = desk.connections.get(user.user_id, MUSIC_SERVER)
    assert connection is not None
    assert b"open sesame" not in connection.ciphertext
    opened = desk.cipher.decrypt(connection.ciphertext, user_id=user.user_id, connection_id=MUSIC_SERVER)
    assert opened == "open sesame"
    assert (connection.account_name, connection.display_name) == ("ann", "Navidrome")


def test_signing_in_resets_health_and_tells_the_notifier(desk: Desk) -> None:
    user_id = user_id_of(SERVER, "ann")
    well = Health(user_id=user_id, connection_id=MUSIC_SERVER)
    desk.health.record_failure(well, well.failed(SyncFailure(FailureKind.AUTH_INVALID), NOON, 1.0, BreakerPolicy()))

    enter(desk)

    assert desk.health.get(user_id, MUSIC_SERVER).healthy
    (outcome,) = desk.outcomes.outcomes
    assert outcome.reconnected
    assert (outcome.user_id, outcome.party) == (
        user_id,
        Party(connection_id=MUSIC_SERVER, name="Navidrome", side=Side.SERVER),
    )


def test_an_email_entered_earlier_stays(desk: Desk) -> None:
    user = enter(desk).user
    desk.users.set_email(user.user_id, "ann@example.org")
    assert enter(desk).user.email == "ann@example.org"


@pytest.mark.parametrize(
    ("username", "server_says", "expected"),
    [("ann", True, True), ("ann", False, False), ("ann", None, False), ("boss", False, True)],
)
def test_an_administrator_is_who_the_server_or_the_operator_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, username: str, server_says: bool | None, expected: bool
) -> None:
    info = ServerInfo(product="navidrome", version="0.63.2", admin=server_says)
    monkeypatch.setattr(desk.server, "check", lambda: info)
    assert enter(desk, username).user.admin is expected


def _told(desk: Desk, monkeypatch: pytest.MonkeyPatch, username: str) -> None:
    info = ServerInfo(product="navidrome", version="0.63.2", admin=False, username=username)
    monkeypatch.setattr(desk.server, "check", lambda: info)


@pytest.mark.parametrize("typed", ["Ann", "ann", "ANN", "aNN"])
def test_one_account_is_one_person_in_whatever_case_the_name_is_typed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    _told(desk, monkeypatch, "Ann")
    user = enter(desk, typed).user
    assert (user.user_id, user.username) == (user_id_of(SERVER, "Ann"), "Ann")
    connection = desk.connections.get(user_id_of(SERVER, "Ann"), MUSIC_SERVER)
    assert connection is not None
    assert connection.account_name == "Ann"
    assert desk.tried == [(typed, SESAME)]
    if typed != "Ann":
        assert desk.users.get(user_id_of(SERVER, typed)) is None


@pytest.mark.parametrize(
    "told", ["", "bob", "ann ", "an", "annn", "Ánn", "ann\u0301", "＊ann", "ＡＮＮ", "an\u200bn", "\u0430nn"]
)
def test_a_server_cannot_hand_one_person_the_account_of_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    desk.users.upsert(enter(desk, "bob").user)
    _told(desk, monkeypatch, told)
    user = enter(desk, "ann").user
    assert (user.user_id, user.username) == (user_id_of(SERVER, "ann"), "ann")
    assert desk.connections.get(user.user_id, MUSIC_SERVER) is not None


def test_where_a_server_tells_names_apart_by_case_they_are_two_people(desk: Desk) -> None:
    assert enter(desk, "ann").user.user_id != enter(desk, "Ann").user.user_id


def test_a_spelling_too_long_to_be_typed_is_not_taken_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = "ß" * 255
    _told(desk, monkeypatch, "s" * 510)
    assert enter(desk, typed).user.username == typed


def test_guesses_are_counted_whatever_the_case_of_the_name(desk: Desk) -> None:
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    for guess in range(PER_NAME_AND_ADDRESS.attempts):
        name = "".join(char.upper() if guess >> bit & 1 else char for bit, char in enumerate("anna"))
        with pytest.raises(WrongCredentials):
            enter(desk, name)
    with pytest.raises(TooManyAttempts):
        enter(desk, "anNA")
    assert len(desk.tried) == PER_NAME_AND_ADDRESS.attempts


def test_the_operators_administrators_are_named_as_the_server_spells_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _told(desk, monkeypatch, "boss")
    assert enter(desk, "BOSS").user.admin
    _told(desk, monkeypatch, "Boss")
    assert not enter(desk, "boss").user.admin


@pytest.mark.parametrize("kind", list(FailureKind))
def test_when_the_server_does_not_agree_nothing_is_stored(desk: Desk, kind: FailureKind) -> None:
    desk.server.refuse = SyncFailure(kind)

    with pytest.raises((WrongCredentials, SyncFailure)) as refused:
        enter(desk)

    assert isinstance(refused.value, WrongCredentials) is (kind is FailureKind.AUTH_INVALID)
    user_id = user_id_of(SERVER, "ann")
    assert desk.users.get(user_id) is None
    assert desk.connections.get(user_id, MUSIC_SERVER) is None
    assert desk.sessions.of_user(user_id) == ()
    assert desk.outcomes.outcomes == []


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("", "sesame", "username"),
        ("a" * 256, "sesame", "username"),
        ("an\nn", "sesame", "username"),
        ("an\x00n", "sesame", "username"),
        ("an\ud800n", "sesame", "username"),
        ("ann", "", "password"),
        ("ann", "s" * 1025, "password"),
        ("ann", "ses\ud800ame", "password"),
    ],
)
def test_what_cannot_be_a_name_or_a_password_is_not_tried(desk: Desk, username: str, password: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        enter(desk, username, password)
    assert refused.value.field == field
    assert desk.tried == []
    assert password == "" or password not in str(refused.value)


def test_names_and_passwords_of_the_greatest_length_and_of_any_script_are_tried_as_they_are(desk: Desk) -> None:
    username, password = "ö" * 255, "пароль 🔑 " + "x" * 1014
    enter(desk, username, password)
    assert desk.tried == [(username, password)]


def guess(desk: Desk, number: int, username: str = "ann", source: Callable[[int], str] = lambda _: HOME) -> None:
    """So many wrong ones, each asked of the server."""
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    for each in range(number):
        with pytest.raises(WrongCredentials):
            enter(desk, username, f"guess {each}", source(each))
    desk.server.refuse = None


def elsewhere(number: int) -> str:
    return f"198.51.{number // 200}.{number % 200}"


def test_guessing_at_one_name_from_one_address_stops_before_the_server_is_asked(desk: Desk) -> None:
    guess(desk, PER_NAME_AND_ADDRESS.attempts)
    desk.later(timedelta(minutes=5))

    with pytest.raises(TooManyAttempts) as refused:
        enter(desk)

    assert len(desk.tried) == PER_NAME_AND_ADDRESS.attempts
    assert refused.value.retry_after_s == 600
    enter(desk, "someone else")
    desk.later(timedelta(seconds=refused.value.retry_after_s))
    enter(desk)


def test_guesses_from_elsewhere_make_a_stranger_wait_and_keep_nobody_out(desk: Desk) -> None:
    guess(desk, 60, source=elsewhere)
    assert enter(desk).user.username == "ann"
    over = range(1, 60 - PER_NAME.attempts + 2)
    assert desk.waits == [min(each, WAIT_MAX_S) for each in over]


def test_an_address_from_which_the_person_signed_in_before_does_not_wait(desk: Desk) -> None:
    enter(desk, "Ann")
    guess(desk, 60, source=elsewhere)
    desk.waits.clear()
    enter(desk, "ann")
    assert desk.waits == []
    enter(desk, "ann", source="192.0.2.1")
    assert desk.waits == [WAIT_MAX_S]


def test_a_known_address_does_not_pay_for_what_others_there_do(desk: Desk) -> None:
    enter(desk)
    for name in range(PER_ADDRESS.attempts):
        guess(desk, 1, f"name {name}")
    enter(desk)
    with pytest.raises(TooManyAttempts):
        enter(desk, "bob")


def test_a_known_address_is_known_for_its_person_alone_and_not_for_ever(desk: Desk) -> None:
    enter(desk)
    desk.later(KNOWN_FOR - timedelta(seconds=1))
    guess(desk, 20, source=elsewhere)
    guess(desk, 20, "bob", source=elsewhere)
    desk.waits.clear()
    enter(desk, "bob")
    assert desk.waits == [WAIT_MAX_S]
    desk.waits.clear()
    desk.later(timedelta(seconds=1))
    guess(desk, 20, source=lambda number: elsewhere(number + 1000))
    desk.waits.clear()
    enter(desk)
    assert desk.waits == [WAIT_MAX_S]


def test_guessing_stops_at_a_known_address_too(desk: Desk) -> None:
    enter(desk)
    guess(desk, PER_NAME_AND_ADDRESS.attempts)
    with pytest.raises(TooManyAttempts):
        enter(desk)


@pytest.mark.parametrize("kind", sorted({None, *FailureKind} - {FailureKind.AUTH_INVALID}, key=str))
def test_only_failures_count(desk: Desk, kind: FailureKind | None) -> None:
    for _ in range(PER_ADDRESS.attempts + 5):
        desk.server.refuse = SyncFailure(kind) if kind else None
        with suppress(SyncFailure):
            enter(desk)
    desk.server.refuse = None
    enter(desk, "bob")
    assert len(desk.tried) == PER_ADDRESS.attempts + 6
    assert desk.waits == []


def test_a_refused_attempt_is_none(desk: Desk) -> None:
    """At an address that is refused for what others did there, one's own name stays as it was."""
    for name in range(PER_ADDRESS.attempts):
        guess(desk, 1, f"name {name}")
    for _ in range(PER_NAME_AND_ADDRESS.attempts):
        with pytest.raises(TooManyAttempts):
            enter(desk)
    guess(desk, PER_NAME_AND_ADDRESS.attempts, source=lambda _: "192.0.2.7")
    assert desk.waits == []


def test_guesses_at_the_same_moment_are_no_more_than_one_after_the_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is made while the ones before it still wait for the server's answer."""

    def refuse_after_another_guess() -> ServerInfo:
        with suppress(WrongCredentials, TooManyAttempts):
            enter(desk)
        raise SyncFailure(FailureKind.AUTH_INVALID)

    monkeypatch.setattr(desk.server, "check", refuse_after_another_guess)
    with pytest.raises(WrongCredentials):
        enter(desk)
    assert len(desk.tried) == PER_NAME_AND_ADDRESS.attempts


def test_guessing_from_one_address_stops_whatever_names_are_tried(desk: Desk) -> None:
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    for guess in range(PER_ADDRESS.attempts):
        with pytest.raises(WrongCredentials):
            enter(desk, f"name {guess}")

    with pytest.raises(TooManyAttempts):
        enter(desk, "one more")

    assert len(desk.tried) == PER_ADDRESS.attempts
    desk.server.refuse = None
    enter(desk, "from elsewhere", source="198.51.100.1")


def test_all_addresses_of_one_ipv6_household_count_as_one(desk: Desk) -> None:
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    for guess in range(PER_ADDRESS.attempts):
        with pytest.raises(WrongCredentials):
            enter(desk, f"name {guess}", source=f"2001:db8:1:2:{guess}::1")
    with pytest.raises(TooManyAttempts):
        enter(desk, "one more", source="2001:db8:1:2:ffff::9")
    with pytest.raises(WrongCredentials):
        enter(desk, "the neighbour", source="2001:db8:1:3::1")


@pytest.mark.parametrize("source", ["", "unknown", "10.0.0.1:443", "\ud800"])
def test_an_address_that_is_none_is_limited_too(desk: Desk, source: str) -> None:
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    for guess in range(PER_ADDRESS.attempts):
        with pytest.raises(WrongCredentials):
            enter(desk, f"name {guess}", source=source)
    with pytest.raises(TooManyAttempts):
        enter(desk, "one more", source=source)


def test_renewing_from_the_page_makes_no_session(desk: Desk) -> None:
    user = renew_connection(username="ann", password="sesame", source_address=HOME, ports=desk.sign_in).user
    assert desk.sessions.of_user(user.user_id) == ()
    assert desk.connections.get(user.user_id, MUSIC_SERVER) is not None


def test_another_password_ends_earlier_sessions_the_moment_it_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before, the old password and the old sessions stand; they never part."""
    first = enter(desk)
    keep = desk.connections.put

    def cut_off(_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(desk.connections, "put", cut_off)
    with pytest.raises(ConnectionError):
        enter(desk, password="another")
    assert authenticate(first.token, desk.session_ports) is not None
    monkeypatch.setattr(desk.connections, "put", keep)
    desk.outcomes.refusing = True
    with pytest.raises(Exception, match="not accepted"):
        enter(desk, password="another")
    assert authenticate(first.token, desk.session_ports) is None
    assert {event.event_type for event in desk.events.all} == {EventType.SESSIONS_ENDED}


def test_two_sign_ins_at_once_with_the_new_password_do_not_end_each_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = enter(desk).user.user_id
    before = desk.connections.get(user_id, MUSIC_SERVER)
    monkeypatch.setattr(desk.connections, "get", lambda *_: before)
    both = [enter(desk, password="another") for _ in range(2)]
    monkeypatch.undo()
    assert [authenticate(each.token, desk.session_ports) is not None for each in both] == [True, True]


def _lets_in(desk: Desk, monkeypatch: pytest.MonkeyPatch, way: SignInWay) -> None:
    info = ServerInfo(product="navidrome", version="0.63.2", admin=False, sign_in_way=way)
    monkeypatch.setattr(desk.server, "check", lambda: info)


@pytest.mark.parametrize("typed", ["ann", "Ann"])
def test_a_server_that_took_a_persons_token_is_never_shown_their_password(desk: Desk, typed: str) -> None:
    enter(desk)
    desk.later(timedelta(days=1000))
    desk.server.refuse = SyncFailure(FailureKind.AUTH_INVALID)
    with pytest.raises(WrongCredentials):
        enter(desk, typed)
    desk.server.refuse = SyncFailure(FailureKind.UNREACHABLE)
    with pytest.raises(SyncFailure):
        enter(desk, "bob")
    assert desk.ways == [None, SignInWay.TOKEN, None]


def test_a_server_that_takes_no_tokens_is_remembered_as_such_for_the_jobs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lets_in(desk, monkeypatch, SignInWay.PLAIN)
    user_id = [enter(desk) for _ in range(2)][-1].user.user_id
    connection = desk.connections.get(user_id, MUSIC_SERVER)
    assert connection is not None
    assert connection.sign_in_way is SignInWay.PLAIN
    with desk.open_account(user_id):
        pass
    assert desk.ways == [None, None, SignInWay.PLAIN]
    _lets_in(desk, monkeypatch, SignInWay.TOKEN)
    enter(desk)
    with desk.open_account(user_id):
        pass
    assert desk.ways[3:] == [None, SignInWay.TOKEN]


def test_a_sign_in_cut_off_half_way_is_mended_by_another(desk: Desk) -> None:
    desk.outcomes.refusing = True
    with pytest.raises(Exception, match="not accepted"):
        enter(desk)
    desk.outcomes.refusing = False

    signed = enter(desk)

    assert len(desk.outcomes.outcomes) == 1
    assert len(desk.sessions.of_user(signed.user.user_id)) == 1
