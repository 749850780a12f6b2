"""The row of a notice, and the attempts to send it that add up in it."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.deliveries import Attempt, Delivery, DeliveryResult, delivery_of
from reprise.domain.failures import FailureKind
from reprise.domain.notices import NoticeType
from reprise_dev.samples.notices import T0, USER_ID, failed, recovered

MINUTE = timedelta(minutes=1)
NOTICE = failed("f1", cause="playlist:p1")


def test_a_row_tells_all_that_is_known_of_its_notice_and_of_the_attempt() -> None:
    now = T0 + 2 * MINUTE
    row = delivery_of(NOTICE, DeliveryResult.UNAVAILABLE, now=now, detail="The relay is away.", began_at=T0 + MINUTE)
    told = {"result": DeliveryResult.UNAVAILABLE, "detail": "The relay is away."}
    assert row == Delivery(
        owner=USER_ID,
        delivery_id=row.delivery_id,
        notice_id="f1",
        notice_type=NoticeType.FAILED,
        channel="email",
        connection_id=MUSIC_SERVER,
        cause="playlist:p1",
        occurred_at=T0,
        recorded_at=now,
        failure_kind=FailureKind.AUTH_INVALID,
        attempts=(Attempt(began_at=T0 + MINUTE, ended_at=now, **told),),  # type: ignore[arg-type]
        **told,  # type: ignore[arg-type]  # both are told twice, in the row and in its attempt
    )


def test_an_attempt_that_is_under_way_has_no_end() -> None:
    row = delivery_of(NOTICE, DeliveryResult.SENDING, now=T0 + MINUTE, began_at=T0)
    assert row.attempts == (Attempt(began_at=T0, ended_at=None, result=DeliveryResult.SENDING, detail=""),)


def test_where_nothing_was_to_be_sent_there_is_no_attempt() -> None:
    row = delivery_of(recovered(), DeliveryResult.CLEARED, now=T0)
    assert (row.attempts, row.detail, row.failure_kind) == ((), "", None)


def test_attempts_add_up_and_one_that_is_told_again_replaces_what_was_told_of_it() -> None:
    first = delivery_of(NOTICE, DeliveryResult.UNAVAILABLE, now=T0 + MINUTE, began_at=T0)
    begun = delivery_of(NOTICE, DeliveryResult.SENDING, now=T0 + 5 * MINUTE, began_at=T0 + 4 * MINUTE)
    ended = delivery_of(NOTICE, DeliveryResult.SENT, now=T0 + 6 * MINUTE, began_at=T0 + 4 * MINUTE)
    both = begun.with_attempts_of(first)
    assert both.attempts == (*first.attempts, *begun.attempts)
    assert ended.with_attempts_of(both).attempts == (*first.attempts, *ended.attempts)
    assert first.with_attempts_of(None) == first
