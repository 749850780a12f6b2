"""What there is to tell of an outcome: when a failure that may pass by itself becomes news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.failures import FailureKind
from reprise.domain.notices import NoticeType
from reprise.domain.outcomes import Outcome
from reprise.usecases.notify.derive import derive
from reprise_dev.samples.notices import T0, USER_ID, ends, outcome

DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)


def failing(*, times: int, for_: timedelta, kind: FailureKind = FailureKind.UNREACHABLE) -> Outcome:
    """The `times`th failure in a row, the first of which was `for_` ago."""
    return outcome(kind=kind, failures=times, since=T0 - for_, playlists=ends("Mix"))


@pytest.mark.parametrize(
    ("times", "for_", "told"),
    [
        (1, timedelta(), NoticeType.DEGRADED),
        (2, DAY - SECOND, NoticeType.DEGRADED),
        (2, DAY, NoticeType.FAILED),
        (1, DAY + SECOND, NoticeType.FAILED),
        (3, timedelta(), NoticeType.FAILED),
        (4, timedelta(), NoticeType.FAILED),
    ],
)
def test_a_failure_that_may_pass_is_told_at_the_third_in_a_row_or_after_a_day(
    times: int, for_: timedelta, told: NoticeType
) -> None:
    (notice,) = derive(failing(times=times, for_=for_))

    assert notice.notice_type is told
    assert notice.first_failure_at == T0 - for_


@pytest.mark.parametrize("kind", FailureKind)
def test_only_a_refused_password_is_told_at_once(kind: FailureKind) -> None:
    (notice,) = derive(failing(times=1, for_=timedelta(), kind=kind))

    assert (notice.notice_type is NoticeType.FAILED) is (kind is FailureKind.AUTH_INVALID)


def test_a_failure_is_told_with_all_that_belongs_to_it() -> None:
    heard = failing(times=3, for_=timedelta(hours=2))
    (notice,) = derive(heard)

    assert notice.notice_id == "o1:connection:sync.failed"
    assert (notice.user_id, notice.party.connection_id, notice.occurred_at) == (USER_ID, MUSIC_SERVER, T0)
    assert (notice.ends, notice.fault, notice.cause) == (heard.ends, heard.fault, "connection")


def test_a_failure_of_which_nobody_knows_the_beginning_began_now() -> None:
    (notice,) = derive(outcome(kind=FailureKind.AUTH_INVALID, failures=0, since=None))

    assert notice.first_failure_at == T0


def test_signing_in_again_is_told_whatever_else_happened() -> None:
    heard = outcome(reconnected=True, playlists=ends("Mix", fatal=True))
    (notice,) = derive(heard)

    assert notice.notice_type is NoticeType.RECONNECTED
    assert notice.notice_id == "o1:connection:connection.reconnected"
    assert notice.ends == heard.ends
    assert (notice.fault, notice.first_failure_at) == (None, None)


def test_a_connection_that_worked_is_told_first_and_then_each_playlist_at_fault_by_itself() -> None:
    heard = outcome(playlists=(*ends("Mix", fatal=True), *ends("Roads")))
    worked, at_fault = derive(heard)

    assert (worked.notice_type, worked.cause, worked.ends) == (NoticeType.SUCCEEDED, "connection", heard.ends)
    assert (worked.fault, worked.first_failure_at) == (None, None)
    assert at_fault.notice_type is NoticeType.FAILED
    assert at_fault.notice_id == "o1:playlist:p-Mix:sync.failed"
    assert (at_fault.cause, at_fault.ends) == ("playlist:p-Mix", heard.ends[:1])
    assert (at_fault.fault, at_fault.first_failure_at) == (heard.ends[0].fault, T0)
