"""People, sign-ins, counted attempts, connections and manual choices: what every store of them does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reprise.domain.accounts import Session, SessionKind, User
from reprise.domain.connections import MUSIC_SERVER, Connection, SignInWay
from reprise.domain.matches import Override
from reprise_dev.doubles.backends import DynamoStores, Stores
from reprise_dev.samples.specimens import T0

USER = User(user_id="u-1", username="Zoë", server_url="https://music.example", created_at=T0)
CONNECTION = Connection(
    user_id="u-1",
    connection_id=MUSIC_SERVER,
    provider="subsonic",
    account_name="Zoë",
    display_name="Navidrome",
    server_url="https://music.example",
    ciphertext=bytes(range(256)),
    authorised_at=T0,
)


# --- users -------------------------------------------------------------------------------------------------------


def test_somebody_new_is_created(stores: Stores) -> None:
    assert stores.users.get("u-1") is None
    assert stores.users.upsert(USER) == USER
    assert stores.users.get("u-1") == USER


def test_signing_in_again_refreshes_what_the_server_says_and_keeps_the_rest(stores: Stores) -> None:
    stores.users.upsert(USER)
    stores.users.set_email("u-1", "zoe@example.org")
    again = replace(USER, admin=True, created_at=T0 + timedelta(days=1))
    expected = replace(USER, admin=True, email="zoe@example.org")
    assert stores.users.upsert(again) == expected
    assert stores.users.get("u-1") == expected
    assert stores.users.upsert(replace(again, admin=False, email="other@example.org")) == replace(expected, admin=False)


def test_an_email_can_be_taken_back(stores: Stores) -> None:
    stores.users.upsert(replace(USER, email="zoe@example.org"))
    stores.users.set_email("u-1", None)
    assert stores.users.get("u-1") == USER


@pytest.mark.parametrize("email", ["zoe@example.org", None])
def test_nobody_has_no_email(stores: Stores, email: str | None) -> None:
    with pytest.raises(LookupError):
        stores.users.set_email("u-2", email)
    assert stores.users.get("u-2") is None


# --- sessions ----------------------------------------------------------------------------------------------------


def a_session(token_hash: str, user_id: str = "u-1", *, days: int | None = 30, created: int = 0) -> Session:
    return Session(
        token_hash=token_hash,
        user_id=user_id,
        kind=SessionKind.SIGN_IN if days else SessionKind.API_TOKEN,
        label="My phone",
        created_at=T0 + timedelta(seconds=created),
        expires_at=T0 + timedelta(days=days, milliseconds=5) if days else None,
    )


def test_sessions_are_found_by_their_hash_and_by_their_user(stores: Stores) -> None:
    later, first, foreign = a_session("a", created=5), a_session("b", days=None), a_session("c", "u-2")
    for session in (later, first, foreign):
        stores.sessions.add(session)
    assert stores.sessions.get("a") == later
    assert stores.sessions.get("d") is None
    assert stores.sessions.of_user("u-1") == (first, later)
    assert stores.sessions.of_user("u-3") == ()


def test_a_session_carries_the_number_of_its_password(stores: Stores) -> None:
    session = replace(a_session("a"), password_number=1_795_255_200_001)
    stores.sessions.add(session)
    assert stores.sessions.get("a") == session
    assert stores.sessions.of_user("u-1") == (session,)


def test_a_row_from_before_passwords_had_numbers_bears_none(dynamo: DynamoStores) -> None:
    dynamo.sessions.add(a_session("a"))
    dynamo.connections.put(CONNECTION)
    for table, key in (
        ("Sessions", {"token_hash": {"S": "a"}}),
        ("Connections", {"user_id": {"S": "u-1"}, "connection_id": {"S": MUSIC_SERVER}}),
    ):
        dynamo.client.update_item(
            TableName=dynamo.table(table), Key=key, UpdateExpression="REMOVE password_number, sign_in_way"
        )
    session, connection = dynamo.sessions.get("a"), dynamo.connections.get("u-1", MUSIC_SERVER)
    assert session is not None
    assert connection is not None
    assert (session.password_number, connection.password_number) == (0, 0)
    assert connection.sign_in_way is SignInWay.TOKEN


def test_a_revoked_session_is_gone(stores: Stores) -> None:
    stores.sessions.add(a_session("a"))
    stores.sessions.remove("a")
    stores.sessions.remove("a")
    assert stores.sessions.get("a") is None
    assert stores.sessions.of_user("u-1") == ()


def test_an_expired_session_is_told_as_it_is(stores: Stores) -> None:
    """Nothing relies on the table to delete it: whoever reads it compares times."""
    session = replace(a_session("a"), expires_at=T0 - timedelta(days=900))
    stores.sessions.add(session)
    assert stores.sessions.get("a") == session


def test_only_a_session_that_ends_is_thrown_away(dynamo: DynamoStores) -> None:
    dynamo.sessions.add(a_session("ends"))
    dynamo.sessions.add(a_session("stays", days=None))
    items = dynamo.client.scan(TableName=dynamo.table("Sessions"))["Items"]
    expiries = {item["token_hash"]["S"]: item.get("expires_at") for item in items}
    assert expiries == {"ends": {"N": str(int((T0 + timedelta(days=30)).timestamp()) + 1)}, "stays": None}


# --- attempts ----------------------------------------------------------------------------------------------------


def test_attempts_count_up_within_their_window_and_per_key(stores: Stores) -> None:
    def count(key: str, seconds: float) -> int:
        return stores.attempts.count(key, window_s=60, now=T0 + timedelta(seconds=seconds))

    assert [count("name:zoe", at) for at in (0, 0.5, 59.999)] == [1, 2, 3]
    assert count("name:bob", 59) == 1
    assert count("name:zoe", 60) == 1
    assert count("name:zoe", 59) == 4, "a clock that lags counts where it belongs"


def test_windows_of_different_length_do_not_mix(stores: Stores) -> None:
    in_the_first_window_of_both = datetime.fromtimestamp(7, UTC)
    assert stores.attempts.count("k", window_s=60, now=in_the_first_window_of_both) == 1
    assert stores.attempts.count("k", window_s=3600, now=in_the_first_window_of_both) == 1


@pytest.mark.parametrize("key", ["", "x" * 100_000, "\ud800", "名前"])
def test_any_text_can_be_counted(stores: Stores, key: str) -> None:
    assert [stores.attempts.count(key, window_s=60, now=T0) for _ in range(2)] == [1, 2]


def test_attempts_at_the_same_moment_are_each_counted(stores: Stores) -> None:
    with ThreadPoolExecutor(10) as pool:
        counts = list(pool.map(lambda _: stores.attempts.count("k", window_s=60, now=T0), range(30)))
    assert sorted(counts) == list(range(1, 31))


def test_an_attempt_is_taken_back_in_its_own_window_and_never_below_none(stores: Stores) -> None:
    def count(seconds: float) -> int:
        return stores.attempts.count("k", window_s=60, now=T0 + timedelta(seconds=seconds))

    assert [count(0), count(1), count(60)] == [1, 2, 1]
    stores.attempts.take_back("k", window_s=60, now=T0 + timedelta(seconds=59))
    assert [count(2), count(61)] == [2, 2]
    for _ in range(3):
        stores.attempts.take_back("k", window_s=60, now=T0)
        stores.attempts.take_back("unknown", window_s=60, now=T0)
    assert count(3) == 1
    assert stores.attempts.count("unknown", window_s=60, now=T0) == 1


def test_what_is_remembered_is_known_until_its_end_and_is_no_attempt(stores: Stores) -> None:
    end = T0 + timedelta(days=90)
    assert not stores.attempts.remembers("k", now=T0)
    stores.attempts.count("k", window_s=60, now=T0)
    assert not stores.attempts.remembers("k", now=T0)
    stores.attempts.remember("k", until=T0 + timedelta(days=1))
    stores.attempts.remember("k", until=end)
    assert stores.attempts.remembers("k", now=end - timedelta(seconds=1))
    assert not stores.attempts.remembers("k", now=end)
    assert not stores.attempts.remembers("other", now=T0)
    assert stores.attempts.count("k", window_s=60, now=T0) == 2


def test_what_is_remembered_says_nothing_of_who_and_expires(dynamo: DynamoStores) -> None:
    dynamo.attempts.remember("name:zoe", until=T0 + timedelta(days=90))
    (item,) = dynamo.client.scan(TableName=dynamo.table("Attempts"))["Items"]
    assert "zoe" not in str(item)
    assert item["expires_at"] == {"N": str(int((T0 + timedelta(days=90)).timestamp()))}


def test_a_counted_attempt_says_nothing_of_who_and_expires(dynamo: DynamoStores) -> None:
    dynamo.attempts.count("name:zoe", window_s=60, now=T0)
    (item,) = dynamo.client.scan(TableName=dynamo.table("Attempts"))["Items"]
    assert "zoe" not in str(item)
    assert item["expires_at"] == {"N": str(int(T0.timestamp()) + 60)}


# --- connections -------------------------------------------------------------------------------------------------


def test_a_connection_comes_back_byte_for_byte(stores: Stores) -> None:
    stores.connections.put(CONNECTION)
    assert stores.connections.get("u-1", MUSIC_SERVER) == CONNECTION


def test_signing_in_replaces_the_credential(stores: Stores) -> None:
    stores.connections.put(CONNECTION)
    fresh = replace(CONNECTION, ciphertext=b"\x00\xff", authorised_at=T0 + timedelta(days=1), password_number=7)
    fresh = replace(fresh, sign_in_way=SignInWay.PLAIN)
    stores.connections.put(fresh)
    assert stores.connections.get("u-1", MUSIC_SERVER) == fresh


def test_a_threshold_is_kept_beside_it_and_outlives_signing_in_again(stores: Stores) -> None:
    stores.connections.put(CONNECTION)
    assert stores.connections.set_match_threshold("u-1", MUSIC_SERVER, 0.9)
    assert stores.connections.get("u-1", MUSIC_SERVER) == replace(CONNECTION, match_threshold=0.9)
    fresh = replace(CONNECTION, ciphertext=b"new", account_name="Zoe")
    stores.connections.put(fresh)
    assert stores.connections.get("u-1", MUSIC_SERVER) == replace(fresh, match_threshold=0.9)
    assert stores.connections.set_match_threshold("u-1", MUSIC_SERVER, None)
    assert stores.connections.get("u-1", MUSIC_SERVER) == fresh
    stores.connections.put(replace(fresh, match_threshold=0.0))
    assert stores.connections.get("u-1", MUSIC_SERVER) == replace(fresh, match_threshold=0.0)


@pytest.mark.parametrize("threshold", [0.9, None])
def test_who_has_no_account_has_no_threshold(stores: Stores, threshold: float | None) -> None:
    stores.connections.put(CONNECTION)
    assert not stores.connections.set_match_threshold("u-2", MUSIC_SERVER, threshold)
    assert not stores.connections.set_match_threshold("u-1", "spotify", threshold)
    assert stores.connections.get("u-2", MUSIC_SERVER) is None
    stores.connections.remove("u-1", MUSIC_SERVER)
    assert not stores.connections.set_match_threshold("u-1", MUSIC_SERVER, threshold)
    assert stores.connections.get("u-1", MUSIC_SERVER) is None


@pytest.mark.parametrize(
    ("user_id", "connection_id"), [("u-2", MUSIC_SERVER), ("u-1", "spotify"), ("u-1", ""), ("u-1", "x" * 5000)]
)
def test_an_unknown_or_foreign_connection_is_none(stores: Stores, user_id: str, connection_id: str) -> None:
    stores.connections.put(CONNECTION)
    assert stores.connections.get(user_id, connection_id) is None


def test_an_account_and_a_person_can_be_forgotten_twice_and_others_stay(stores: Stores) -> None:
    other = replace(CONNECTION, user_id="u-2")
    stores.connections.put(CONNECTION)
    stores.connections.put(other)
    ann = stores.users.upsert(USER)
    bob = stores.users.upsert(replace(USER, user_id="u-2"))
    for _ in range(2):
        stores.connections.remove("u-1", MUSIC_SERVER)
        stores.users.remove(ann.user_id)
    assert stores.connections.get("u-1", MUSIC_SERVER) is None
    assert stores.connections.get("u-2", MUSIC_SERVER) == other
    assert stores.users.get(ann.user_id) is None
    assert stores.users.get("u-2") == bob


# --- overrides ---------------------------------------------------------------------------------------------------


def test_most_people_chose_nothing(stores: Stores) -> None:
    assert stores.overrides.of_user("u-1") == ()


def test_choices_are_read_for_their_user(stores: Stores) -> None:
    this = Override(track_key="isrc:1", chosen="song-1")
    not_those = Override(track_key="isrc:2", never=frozenset({"song-2", "song-3"}))
    stores.place_override("u-1", this)
    stores.place_override("u-1", not_those)
    stores.place_override("u-2", Override(track_key="isrc:1", chosen="song-9"))
    assert set(stores.overrides.of_user("u-1")) == {this, not_those}


def test_choices_are_read_on_from_a_key_in_the_order_of_keys(stores: Stores) -> None:
    keys = ["isrc:1", "isrc:2", "text:a", "text:ü", "text:\uffef", "text:\U0001f3b5"]
    for key in reversed(keys):
        stores.place_override("u-1", Override(track_key=key, chosen="song-1"))
    stores.place_override("u-2", Override(track_key="text:z", chosen="song-9"))
    assert [each.track_key for each in stores.overrides.after("u-1", None)] == keys
    for place, key in enumerate(keys):
        assert [each.track_key for each in stores.overrides.after("u-1", key)] == keys[place + 1 :]


def test_a_choice_replaces_the_one_before_and_can_be_taken_back(stores: Stores) -> None:
    key = "uri:https://lists.example/?a=1&b=ü#ß"
    stores.overrides.put("u-1", Override(track_key=key, chosen="song-1", never=frozenset({"song-2"})))
    stores.overrides.put("u-2", Override(track_key=key, chosen="song-9"))
    stores.overrides.put("u-1", Override(track_key=key, never=frozenset({"song-3"})))
    assert stores.overrides.of_user("u-1") == (Override(track_key=key, never=frozenset({"song-3"})),)
    stores.overrides.put("u-1", Override(track_key=key, chosen="song-4"))
    assert stores.overrides.of_user("u-1") == (Override(track_key=key, chosen="song-4"),)
    assert stores.overrides.remove("u-1", key)
    assert not stores.overrides.remove("u-1", key)
    assert stores.overrides.of_user("u-1") == ()
    assert stores.overrides.of_user("u-2") == (Override(track_key=key, chosen="song-9"),)


@pytest.mark.parametrize("key", ["", "x" * 5000, "\ud800"])
def test_what_can_be_no_key_was_not_chosen(stores: Stores, key: str) -> None:
    assert not stores.overrides.remove("u-1", key)
