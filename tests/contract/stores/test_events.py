"""The audit trail: what every `EventStore` does."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.events import AuditEvent, EventType
from reprise.ports.events import BadCursor
from reprise_dev.doubles.backends import DynamoStores, Stores
from reprise_dev.samples.specimens import T0, a_playlist, an_event

PLAYLIST = a_playlist()


def recorded(stores: Stores, number: int) -> list[AuditEvent]:
    events = [an_event(PLAYLIST, message=f"Event {position}") for position in range(number)]
    for event in events:
        stores.events.add(event)
    return events


def read(stores: Stores, *, limit: int, cursor: str | None = None) -> tuple[tuple[AuditEvent, ...], str | None]:
    page = stores.events.of_playlist(PLAYLIST.user_id, PLAYLIST.playlist_id, limit=limit, cursor=cursor)
    return page.items, page.cursor


def test_an_event_comes_back_as_it_was(stores: Stores) -> None:
    event = an_event(
        PLAYLIST,
        EventType.SYNC_COMPLETED,
        message="“Łódź” – 東京 🎵",
        metadata={"total": 3, "match_rate": 0.6667, "changed": True, "status": "warning", "none": 0, "empty": ""},
    )
    stores.events.add(event)
    (found,), cursor = read(stores, limit=10)
    assert found == event
    assert [type(value) for value in found.metadata.values()] == [int, float, bool, str, int, str]
    assert cursor is None


def test_what_happened_to_an_account_is_told_among_the_persons_events_and_is_no_playlists(stores: Stores) -> None:
    event = replace(an_event(PLAYLIST, EventType.SESSIONS_ENDED), playlist_id=None)
    stores.events.add(event)
    (of_a_playlist,) = recorded(stores, 1)
    assert stores.events.of_user(PLAYLIST.user_id, limit=10, cursor=None).items == (of_a_playlist, event)
    assert read(stores, limit=10) == ((of_a_playlist,), None)


def test_the_newest_come_first(stores: Stores) -> None:
    events = recorded(stores, 5)
    assert read(stores, limit=10) == (tuple(reversed(events)), None)


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7, 100])
def test_page_by_page_every_event_comes_once(stores: Stores, limit: int) -> None:
    events = recorded(stores, 6)
    seen: list[AuditEvent] = []
    pages = 0
    cursor = None
    while True:
        items, cursor = read(stores, limit=limit, cursor=cursor)
        seen += items
        pages += 1
        if cursor is None:
            break
    assert seen == list(reversed(events))
    assert pages == -(-6 // limit), "the last page says that it is the last"


def test_what_is_written_while_paging_moves_nothing(stores: Stores) -> None:
    first, second, third = recorded(stores, 3)
    items, cursor = read(stores, limit=1)
    recorded(stores, 2)
    assert items == (third,)
    assert read(stores, limit=9, cursor=cursor) == ((second, first), None)


def test_a_playlist_without_events_has_an_empty_page(stores: Stores) -> None:
    assert read(stores, limit=10) == ((), None)


def test_the_same_event_twice_is_one(stores: Stores) -> None:
    event = an_event(PLAYLIST)
    stores.events.add(event)
    stores.events.add(replace(event, message="Another text under the same id."))
    assert read(stores, limit=10) == ((event,), None)


def test_nobody_reads_anothers_trail(stores: Stores) -> None:
    recorded(stores, 3)
    page = stores.events.of_playlist("u-2", PLAYLIST.playlist_id, limit=1, cursor=None)
    assert (page.items, page.cursor) == ((), None)


@pytest.mark.parametrize("playlist_id", ["", "x" * 5000])
def test_an_impossible_playlist_has_no_events(stores: Stores, playlist_id: str) -> None:
    assert stores.events.of_playlist("u-1", playlist_id, limit=1, cursor=None).items == ()


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "nonsense!",
        "\x00",
        "🎵",
        "A",
        "x" * 100_000,
        encoded(""),
        encoded("a b"),
        encoded('{"user_id": {"S": "u-2"}}'),
        encoded("x" * 2000),
        "//8=",
    ],
)
def test_a_forged_cursor_is_refused_by_name(stores: Stores, cursor: str) -> None:
    recorded(stores, 2)
    with pytest.raises(BadCursor) as refused:
        read(stores, limit=1, cursor=cursor)
    assert isinstance(refused.value, ValueError)
    assert str(refused.value) == "the cursor is not one of ours"


def test_a_cursor_reaches_nothing_but_what_is_asked(stores: Stores) -> None:
    recorded(stores, 2)
    _, cursor = read(stores, limit=1)
    page = stores.events.of_playlist("u-2", PLAYLIST.playlist_id, limit=5, cursor=cursor)
    assert (page.items, page.cursor) == ((), None)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_a_users_events_come_from_all_of_their_playlists_newest_first(stores: Stores, limit: int) -> None:
    other, foreign = a_playlist(playlist_id="p-other"), a_playlist(user_id="u-2", playlist_id="p-foreign")
    events = [an_event(playlist) for playlist in (PLAYLIST, other, foreign, PLAYLIST, other)]
    for event in events:
        stores.events.add(event)
    seen: list[AuditEvent] = []
    cursor = None
    while True:
        page = stores.events.of_user(PLAYLIST.user_id, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == [event for event in reversed(events) if event.user_id == PLAYLIST.user_id]
    assert stores.events.of_user("u-nobody", limit=10, cursor=None).items == ()


@pytest.mark.parametrize("cursor", ["", "!", "after", "%00", "é"])
def test_a_forged_cursor_for_a_users_events_is_refused(stores: Stores, cursor: str) -> None:
    with pytest.raises(BadCursor):
        stores.events.of_user("u-1", limit=1, cursor=cursor)


def test_events_expire_after_ninety_days(dynamo: DynamoStores) -> None:
    event = an_event(PLAYLIST, occurred_at=T0 + timedelta(milliseconds=1))
    dynamo.events.add(event)
    (item,) = dynamo.client.scan(TableName=dynamo.table("Events"))["Items"]
    assert item["expires_at"] == {"N": str(int((T0 + timedelta(days=90)).timestamp()) + 1)}
