"""`DeliveryStore`: the same on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from reprise.domain.deliveries import DeliveryResult, delivery_of
from reprise.domain.failures import FailureKind
from reprise.ports.notifications import DeliveryStore
from reprise.stores.dynamodb.deliveries import DynamoDeliveries
from reprise_dev.samples.notices import T0, USER_ID, degraded, failed, recovered

SECOND = timedelta(seconds=1)
OPEN = [result for result in DeliveryResult if not result.final]
FINAL = [result for result in DeliveryResult if result.final]


def test_what_was_recorded_is_read_back_whole(deliveries: DeliveryStore) -> None:
    outcome = failed(kind=FailureKind.MISCONFIGURED, cause="playlist:p-1", at=T0)
    delivery = delivery_of(outcome, DeliveryResult.REJECTED, now=T0 + SECOND, detail="The address was refused.")
    assert deliveries.record(delivery) == delivery
    assert deliveries.of_owner(USER_ID, limit=10) == (delivery,)


@pytest.mark.parametrize("first", FINAL)
def test_a_final_result_stands(deliveries: DeliveryStore, first: DeliveryResult) -> None:
    done = deliveries.record(delivery_of(failed(), first, now=T0))
    for second in (DeliveryResult.SENDING, DeliveryResult.SENT, DeliveryResult.COOLING):
        assert deliveries.record(delivery_of(failed(), second, now=T0 + SECOND)) == done
    assert deliveries.of_owner(USER_ID, limit=10) == (done,)


@pytest.mark.parametrize("first", OPEN)
@pytest.mark.parametrize("second", DeliveryResult)
def test_an_open_row_is_brought_up_to_date(
    deliveries: DeliveryStore, first: DeliveryResult, second: DeliveryResult
) -> None:
    deliveries.record(delivery_of(failed(), first, now=T0, detail="Try again later."))
    later = delivery_of(failed(), second, now=T0 + SECOND)
    assert deliveries.record(later) == later
    assert deliveries.of_owner(USER_ID, limit=10) == (later,)


def test_newest_first_and_no_more_than_asked(deliveries: DeliveryStore) -> None:
    outcomes = [failed("a", at=T0), recovered("b", at=T0 + SECOND), degraded("c", at=T0 + 2 * SECOND)]
    for outcome in (outcomes[1], outcomes[2], outcomes[0]):
        deliveries.record(delivery_of(outcome, DeliveryResult.RETRIABLE, now=T0))
    assert [row.notice_id for row in deliveries.of_owner(USER_ID, limit=2)] == ["c", "b"]
    assert [row.notice_id for row in deliveries.of_owner(USER_ID, limit=10)] == ["c", "b", "a"]


def test_owners_do_not_see_each_other(deliveries: DeliveryStore) -> None:
    deliveries.record(delivery_of(failed(user_id="u-bob"), DeliveryResult.SENT, now=T0))
    deliveries.record(delivery_of(failed(), DeliveryResult.COOLING, now=T0))
    assert [row.result for row in deliveries.of_owner("u-bob", limit=9)] == [DeliveryResult.SENT]
    assert [row.result for row in deliveries.of_owner(USER_ID, limit=9)] == [DeliveryResult.COOLING]
    assert deliveries.of_owner("u-carol", limit=9) == ()


def test_rows_are_kept_for_90_days(new_dynamo_deliveries: Callable[[], DynamoDeliveries]) -> None:
    store = new_dynamo_deliveries()
    store.record(delivery_of(failed(), DeliveryResult.SENT, now=T0))
    (row,) = store._rows.query(USER_ID)
    assert row.expires_at == (T0 + timedelta(days=90)).timestamp() // 1 + 1
