"""What only the real stores can show: how often they call AWS, and what a conflict, throttling or a lost reply does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from reprise.domain.events import EventType
from reprise.domain.playlists import Fingerprint, HeldBack, HoldReason, Playlist, Progress
from reprise.domain.settings import SettingsChange
from reprise.stores.dynamodb import database
from reprise.stores.dynamodb.events import DynamoEvents
from reprise.stores.dynamodb.playlists import DynamoPlaylists
from reprise_dev.doubles.backends import REGION, DynamoStores
from reprise_dev.samples.specimens import LEASE, T0, a_playlist, a_run_end, an_event


@pytest.fixture
def playlist(dynamo: DynamoStores) -> Playlist:
    found = a_playlist()
    dynamo.playlists.add(found, an_event(found, EventType.PLAYLIST_IMPORTED))
    assert dynamo.events.has(an_event(found)) is False
    return found


def begin(dynamo: DynamoStores, playlist: Playlist, run_id: str = "run-1") -> bool:
    return dynamo.playlists.begin(playlist, run_id=run_id, lease_until=T0 + LEASE, now=T0, event=an_event(playlist))


def test_what_was_written_before_there_were_settings_is_read_as_without(dynamo: DynamoStores) -> None:
    made_of = Fingerprint(source="s", library="l", policy="p", overrides="o", name="n")
    held = HeldBack(
        reason=HoldReason.SOURCE_EMPTY, sentence="It is empty.", report_id="r", since=T0, fingerprint=made_of
    )
    older = a_playlist(written=made_of, held=held)
    dynamo.playlists.add(older, an_event(older, EventType.PLAYLIST_IMPORTED))
    key = {"user_id": {"S": "u-1"}, "playlist_id": {"S": older.playlist_id}}
    table = dynamo.table("Playlists")
    item = dynamo.client.get_item(TableName=table, Key=key)["Item"]
    for document in ("written", "held"):
        told = item[document]["S"]
        item[document] = {"S": told.replace(', "include_unmatched_tracks": false', "")}
        assert item[document]["S"] != told
    del item["include_unmatched_tracks"]
    dynamo.client.put_item(TableName=table, Item=item)
    assert dynamo.playlists.get("u-1", older.playlist_id) == older


def test_settings_are_stored_under_the_names_that_upgraded_stacks_hold(
    dynamo: DynamoStores, playlist: Playlist
) -> None:
    change: SettingsChange = {
        "enabled": False,
        "remote_name": "Lundi",
        "match_threshold": 0.9,
        "include_unmatched_tracks": True,
    }
    assert dynamo.playlists.change("u-1", playlist.playlist_id, change, [an_event(playlist)])
    key = {"user_id": {"S": "u-1"}, "playlist_id": {"S": playlist.playlist_id}}
    item = dynamo.client.get_item(TableName=dynamo.table("Playlists"), Key=key)["Item"]
    assert {name: item[name] for name in change} == {
        "enabled": {"BOOL": False},
        "remote_name": {"S": "Lundi"},
        "match_threshold": {"N": "0.9"},
        "include_unmatched_tracks": {"BOOL": True},
    }
    assert {"due_at", "due_partition"}.isdisjoint(item)


# --- how often AWS is called -------------------------------------------------------------------------------------


def test_a_whole_run_costs_four_calls(dynamo: DynamoStores, playlist: Playlist) -> None:
    pid = playlist.playlist_id
    with dynamo.calls() as calls:
        assert begin(dynamo, playlist)
        dynamo.playlists.report_progress("u-1", pid, run_id="run-1", progress=Progress(phase="Matching"))
        dynamo.playlists.save_remote_id("u-1", pid, run_id="run-1", remote_id="r-1")
        event = an_event(playlist, EventType.SYNC_COMPLETED)
        assert dynamo.playlists.finish("u-1", pid, run_id="run-1", end=a_run_end(), event=event)
    assert calls == ["TransactWriteItems", "UpdateItem", "UpdateItem", "TransactWriteItems"]


def test_yielding_to_another_run_costs_two_calls(dynamo: DynamoStores, playlist: Playlist) -> None:
    begin(dynamo, playlist)
    with dynamo.calls() as calls:
        assert not begin(dynamo, playlist, "run-2")
    assert calls == ["TransactWriteItems", "GetItem"]


def test_a_job_of_many_playlists_reads_them_in_one_call(dynamo: DynamoStores, playlist: Playlist) -> None:
    with dynamo.calls() as calls:
        dynamo.playlists.get_many("u-1", [playlist.playlist_id, *(f"p-{number}" for number in range(99))])
    assert calls == ["BatchGetItem"]


def test_the_schedule_reads_the_index_alone(dynamo: DynamoStores, playlist: Playlist) -> None:
    only_reading = DynamoPlaylists(
        table_name=dynamo.table("Playlists"), events_table=None, region=REGION, endpoint=dynamo.endpoint
    )
    with dynamo.calls() as calls:
        assert list(only_reading.due(T0)) == [("u-1", playlist.playlist_id)]
    assert calls == ["Query"]
    with pytest.raises(TypeError):
        only_reading.remove("u-1", playlist.playlist_id, an_event(playlist))
    assert dynamo.playlists.get("u-1", playlist.playlist_id) == playlist


def test_all_tables_share_one_client(dynamo: DynamoStores) -> None:
    shared = database.connection(REGION, dynamo.endpoint)
    assert database.connection(REGION, dynamo.endpoint) is shared
    for store in (dynamo.playlists, dynamo.events, dynamo.health, dynamo.users, dynamo.connections):
        assert store._rows._get_connection().connection is shared
    config = vars(shared.client.meta.config)["_user_provided_options"]
    assert (config["connect_timeout"], config["read_timeout"]) == (1, 3)
    assert config["retries"] == {"total_max_attempts": 4, "mode": "standard"}


# --- pages -------------------------------------------------------------------------------------------------------


def two_at_a_time(params: dict[str, object], **_: object) -> None:
    params["Limit"] = 2


def test_every_page_of_the_schedule_and_of_a_user_is_read(dynamo: DynamoStores) -> None:
    playlists = [a_playlist(due_at=T0 + timedelta(seconds=number)) for number in range(5)]
    for each in playlists:
        dynamo.playlists.add(each, an_event(each, EventType.PLAYLIST_IMPORTED))
    with dynamo.hook("before-parameter-build.dynamodb.Query", two_at_a_time), dynamo.calls() as calls:
        due = list(dynamo.playlists.due(T0 + timedelta(hours=1)))
        everything = dynamo.playlists.of_user("u-1")
    assert due == [("u-1", each.playlist_id) for each in playlists], "soonest first"
    assert everything == tuple(playlists)
    assert calls.count("Query") >= 6


def test_the_first_of_those_due_need_not_wait_for_the_last_page(dynamo: DynamoStores) -> None:
    for number in range(5):
        each = a_playlist(due_at=T0 + timedelta(seconds=number))
        dynamo.playlists.add(each, an_event(each))
    with dynamo.hook("before-parameter-build.dynamodb.Query", two_at_a_time), dynamo.calls() as calls:
        next(dynamo.playlists.due(T0 + timedelta(hours=1)))
    assert calls == ["Query"]


def test_keys_left_unprocessed_are_asked_for_again(dynamo: DynamoStores) -> None:
    playlists = [a_playlist() for _ in range(3)]
    for each in playlists:
        dynamo.playlists.add(each, an_event(each))
    table = dynamo.table("Playlists")
    asked: list[int] = []

    def keep_one_back(params: dict[str, object], context: dict[str, object], **_: object) -> None:
        keys = params["RequestItems"][table]["Keys"]  # type: ignore[index]  # as botocore is about to send it
        asked.append(len(keys))
        context["kept"] = keys.pop() if len(asked) == 1 else None

    def say_so(parsed: dict[str, object], context: dict[str, object], **_: object) -> None:
        if context.get("kept"):
            parsed["UnprocessedKeys"] = {table: {"Keys": [context["kept"]]}}

    with (
        dynamo.hook("before-parameter-build.dynamodb.BatchGetItem", keep_one_back),
        dynamo.hook("after-call.dynamodb.BatchGetItem", say_so),
    ):
        found = dynamo.playlists.get_many("u-1", [each.playlist_id for each in playlists])
    assert found == tuple(playlists)
    assert asked == [3, 1]


# --- conflicts, throttling, lost replies -------------------------------------------------------------------------


@contextmanager
def conflicting(dynamo: DynamoStores, operation: str, times: int) -> Iterator[list[str]]:
    """The first `times` calls of `operation` meet another transaction and do nothing. Lists those that came."""
    came: list[str] = []
    transaction = operation == "TransactWriteItems"
    refusal: dict[str, object] = {
        "Error": {"Code": "TransactionCanceledException" if transaction else "TransactionConflictException"},
        "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "busy"}],
        "ResponseMetadata": {},
    }

    def before_call(**_: object) -> tuple[AWSResponse, dict[str, object]] | None:
        came.append(operation)
        return (AWSResponse("", 400, HTTPHeaders(), BytesIO()), refusal) if len(came) <= times else None

    with dynamo.hook(f"before-call.dynamodb.{operation}", before_call):  # type: ignore[arg-type]  # may answer
        yield came


def answer(code: str, **more: object) -> Callable[[AWSPreparedRequest], AWSResponse]:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **more}).encode()

    class Raw(BytesIO):
        def stream(self, **_: object) -> Iterator[bytes]:
            yield self.read()

    return lambda request: AWSResponse(request.url, 400, HTTPHeaders(), Raw(body))


THROTTLED = answer("ProvisionedThroughputExceededException")
THROTTLED_TRANSACTION = answer(
    "TransactionCanceledException",
    CancellationReasons=[{"Code": "None"}, {"Code": "ThrottlingError", "Message": "slow down"}],
)


@contextmanager
def throttling(
    dynamo: DynamoStores,
    operation: str,
    times: int,
    refusal: Callable[[AWSPreparedRequest], AWSResponse] = THROTTLED,
) -> Iterator[list[str]]:
    """The first `times` requests of `operation` are throttled, below botocore's own retries. Lists those that came."""
    came: list[str] = []

    def before_send(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        came.append(operation)
        return refusal(request) if len(came) <= times else None

    with dynamo.hook(f"before-send.dynamodb.{operation}", before_send):  # type: ignore[arg-type]  # may answer
        yield came


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would have been slept, in seconds."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


def test_a_conflict_is_not_a_refusal(dynamo: DynamoStores, playlist: Playlist, waits: list[float]) -> None:
    with conflicting(dynamo, "TransactWriteItems", times=2) as came:
        assert begin(dynamo, playlist)
    assert len(came) == 3
    assert len(waits) == 2
    assert 0.01 <= waits[0] <= 0.02 <= waits[1] <= 0.04


def test_a_conflict_that_lasts_is_raised_as_it_is(dynamo: DynamoStores, playlist: Playlist) -> None:
    with conflicting(dynamo, "TransactWriteItems", times=99) as came, pytest.raises(TransactWriteError):
        begin(dynamo, playlist)
    assert len(came) == 6
    assert dynamo.playlists.get("u-1", playlist.playlist_id) == playlist


def test_progress_and_events_wait_for_a_transaction_in_their_way(dynamo: DynamoStores, playlist: Playlist) -> None:
    begin(dynamo, playlist)
    with conflicting(dynamo, "UpdateItem", times=2) as came:
        dynamo.playlists.save_remote_id("u-1", playlist.playlist_id, run_id="run-1", remote_id="r-1")
    assert len(came) == 3
    with conflicting(dynamo, "PutItem", times=1) as came:
        dynamo.events.add(an_event(playlist))
    assert len(came) == 2


def test_throttling_is_raised_and_never_taken_for_a_refusal(dynamo: DynamoStores, playlist: Playlist) -> None:
    with throttling(dynamo, "TransactWriteItems", 99, THROTTLED_TRANSACTION), pytest.raises(PynamoDBException):
        begin(dynamo, playlist)
    with throttling(dynamo, "UpdateItem", times=99) as came, pytest.raises(PynamoDBException):
        dynamo.playlists.report_progress("u-1", playlist.playlist_id, run_id="run-1", progress=Progress(phase="x"))
    assert len(came) == 4, "the first try and three more"
    with throttling(dynamo, "PutItem", times=99), pytest.raises(PynamoDBException):
        dynamo.events.add(an_event(playlist))
    healthy = dynamo.health.get("u-1", "navidrome")
    with throttling(dynamo, "PutItem", times=99), pytest.raises(PynamoDBException):
        dynamo.health.record_failure(healthy, healthy)
    with throttling(dynamo, "UpdateItem", times=99), pytest.raises(PynamoDBException):
        dynamo.users.set_email("u-1", None)


def test_a_short_throttling_is_sat_out(dynamo: DynamoStores, playlist: Playlist) -> None:
    with throttling(dynamo, "GetItem", times=2) as came:
        assert dynamo.playlists.get("u-1", playlist.playlist_id) == playlist
    assert len(came) == 3


@contextmanager
def losing_the_reply(dynamo: DynamoStores) -> Iterator[None]:
    """What is asked is done, and nobody hears of it."""

    def lost(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="https://dynamodb.invalid")

    with dynamo.hook("after-call.dynamodb.TransactWriteItems", lost):
        yield


def test_after_a_lost_reply_the_same_call_says_what_was_done(dynamo: DynamoStores, playlist: Playlist) -> None:
    pid = playlist.playlist_id
    start, end = an_event(playlist), an_event(playlist, EventType.SYNC_COMPLETED)
    off, gone = an_event(playlist, EventType.PLAYLIST_DISABLED), an_event(playlist, EventType.PLAYLIST_REMOVED)
    other = a_playlist()
    made = an_event(other, EventType.PLAYLIST_IMPORTED)
    calls: list[Callable[[], object]] = [
        lambda: dynamo.playlists.begin(playlist, run_id="r", lease_until=T0 + LEASE, now=T0, event=start),
        lambda: dynamo.playlists.finish("u-1", pid, run_id="r", end=a_run_end(), event=end),
        lambda: dynamo.playlists.change("u-1", pid, {"enabled": False}, [off]),
        lambda: dynamo.playlists.remove("u-1", pid, gone),
        lambda: dynamo.playlists.add(other, made),
    ]
    for call in calls:
        with losing_the_reply(dynamo), pytest.raises(TransactWriteError):
            call()
        assert call() in (True, None)
    told = dynamo.events.of_playlist("u-1", pid, limit=99, cursor=None).items
    assert [event.event_id for event in told[:4]] == [gone.event_id, off.event_id, end.event_id, start.event_id]
    assert len(told) == 5
    assert dynamo.playlists.of_user("u-1") == (other,)


def test_botocores_own_retry_of_a_transaction_bears_the_same_token(dynamo: DynamoStores, playlist: Playlist) -> None:
    tokens: list[str] = []

    def before_send(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        tokens.append(json.loads(str(body))["ClientRequestToken"])
        return THROTTLED(request) if len(tokens) == 1 else None

    with dynamo.hook("before-send.dynamodb.TransactWriteItems", before_send):  # type: ignore[arg-type]  # may answer
        assert begin(dynamo, playlist)
        assert not begin(dynamo, playlist, "run-2")
    first, again, other = tokens
    assert first == again != other


# --- where DynamoDB is -------------------------------------------------------------------------------------------


def test_without_an_endpoint_botocores_own_settings_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    store = DynamoEvents(table_name="Events", region="eu-north-1", endpoint=None)
    assert store._rows._get_connection().connection.client.meta.endpoint_url == "http://127.0.0.1:9"


def test_a_named_endpoint_is_the_one_asked() -> None:
    store = DynamoEvents(table_name="Events", region="eu-north-1", endpoint="http://127.0.0.1:10")
    client = store._rows._get_connection().connection.client
    assert (client.meta.endpoint_url, client.meta.region_name) == ("http://127.0.0.1:10", "eu-north-1")
