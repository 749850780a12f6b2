"""One email per failure, provider and window; a named reason for everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.accounts import User
from reprise.domain.deliveries import DeliveryResult as R
from reprise.domain.failures import FailureKind
from reprise.domain.notices import Notice, NoticeType
from reprise.domain.playlists import SyncState
from reprise.ports.channels import ChannelRejected, ChannelUnavailable, EmailMessage
from reprise.usecases.notify.record import ids
from reprise.usecases.notify.send_in_window import StillInFlight
from reprise_dev.doubles.fakes.notifications import RecordingEmail
from reprise_dev.doubles.notifier_world import LEASE, POLICY, WINDOW, NotifierWorld
from reprise_dev.samples.notices import ADDRESS, NAVIDROME, T0, USER_ID, ann, degraded, ends, failed, recovered

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def world() -> NotifierWorld:
    return NotifierWorld()


class TestTheWindow:
    def test_a_failure_sends_one_email_to_the_address_the_person_entered(self, world: NotifierWorld) -> None:
        assert world.hears(failed()) is R.SENT
        assert [mail.to for mail in world.email.sent] == [ADDRESS]
        assert world.results() == [R.SENT]

    def test_hourly_failures_for_a_week_send_one_email_and_then_one_more(self, world: NotifierWorld) -> None:
        """S0-16."""
        for hour in range(7 * 24 + 1):
            world.hears(failed(f"f{hour}", at=T0 + hour * HOUR), at=T0 + hour * HOUR)
        assert len(world.email.sent) == 2
        assert world.results() == [R.SENT] + [R.COOLING] * 167 + [R.SENT]

    def test_the_window_ends_to_the_microsecond(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        early, late = T0 + WINDOW - timedelta(microseconds=1), T0 + WINDOW
        assert world.hears(failed("f2", at=early), at=early) is R.COOLING
        assert world.hears(failed("f3", at=late), at=late) is R.SENT

    def test_the_window_begins_when_the_email_is_sent_not_when_the_failure_happened(self, world: NotifierWorld) -> None:
        world.hears(failed("f1", at=T0 - DAY), at=T0)
        assert world.hears(failed("f2"), at=T0 + WINDOW - HOUR) is R.COOLING

    def test_every_provider_and_every_person_has_a_window_of_their_own(self, world: NotifierWorld) -> None:
        world.users.upsert(_bob())
        assert world.hears(failed("f1")) is R.SENT
        assert world.hears(failed("f2", provider="spotify")) is R.SENT
        assert world.hears(failed("f3", user_id="u-bob")) is R.SENT
        assert [mail.to for mail in world.email.sent] == [ADDRESS, ADDRESS, "bob@example.org"]

    def test_two_accounts_of_one_provider_have_a_window_each(self, world: NotifierWorld) -> None:
        assert world.hears(failed("f1", provider="spotify")) is R.SENT
        assert world.hears(failed("f2", provider="spotify:2")) is R.SENT


class TestRecovery:
    @pytest.mark.parametrize("reconnected", [False, True])
    def test_after_a_recovery_the_next_failure_emails_at_once(self, world: NotifierWorld, reconnected: bool) -> None:
        """S0-12…14."""
        world.hears(failed("f1"))
        assert world.hears(recovered(reconnected=reconnected), at=T0 + HOUR) is R.CLEARED
        assert world.hears(failed("f2", at=T0 + 2 * HOUR), at=T0 + 2 * HOUR) is R.SENT
        assert world.hears(failed("f3", at=T0 + 3 * HOUR), at=T0 + 3 * HOUR) is R.COOLING

    def test_a_success_with_no_failure_before_it_is_noted(self, world: NotifierWorld) -> None:
        assert world.hears(recovered()) is R.NOTHING_TO_CLEAR
        assert world.results() == [R.NOTHING_TO_CLEAR]

    def test_a_failure_that_arrives_after_a_later_recovery_sends_nothing(self, world: NotifierWorld) -> None:
        world.hears(recovered(at=T0 + HOUR))
        assert world.hears(failed(at=T0 + HOUR - SECOND), at=T0 + 2 * HOUR) is R.STALE
        assert world.email.sent == []

    def test_a_success_older_than_the_failure_does_not_end_its_window(self, world: NotifierWorld) -> None:
        world.hears(failed("f1", at=T0))
        assert world.hears(recovered(at=T0 - SECOND), at=T0 + HOUR) is R.NOTHING_TO_CLEAR
        assert world.hears(failed("f2", at=T0 + HOUR), at=T0 + HOUR) is R.COOLING

    def test_at_the_same_instant_what_arrives_later_counts(self, world: NotifierWorld) -> None:
        """Clocks tick in steps; neither of the two may be lost for good."""
        world.hears(failed("f1", at=T0))
        assert world.hears(recovered(at=T0)) is R.CLEARED
        assert world.hears(failed("f2", at=T0)) is R.SENT

    def test_of_two_recoveries_out_of_order_the_later_counts(self, world: NotifierWorld) -> None:
        world.hears(recovered("s2", at=T0 + 2 * HOUR))
        world.hears(recovered("s1", at=T0 + HOUR))
        assert world.hears(failed(at=T0 + 2 * HOUR - SECOND)) is R.STALE

    def test_an_old_failure_of_another_provider_is_not_stale(self, world: NotifierWorld) -> None:
        world.hears(recovered(at=T0 + HOUR))
        assert world.hears(failed(provider="spotify")) is R.SENT

    def test_recovery_while_the_relay_was_down_leaves_nothing_to_tell(self) -> None:
        world = NotifierWorld(email=RecordingEmail(ChannelUnavailable("down")))
        with pytest.raises(ChannelUnavailable):
            world.hears(failed())
        assert world.hears(recovered(at=T0 + HOUR)) is R.CLEARED
        assert world.hears(failed()) is R.STALE
        assert world.email.sent == []
        assert world.results() == [R.STALE, R.CLEARED]


class TestFaultsOfOnePlaylist:
    def test_a_working_connection_does_not_end_the_window_of_a_playlist(self, world: NotifierWorld) -> None:
        mix = ends("mix", fatal=True)
        assert world.hears(failed("f1", cause="playlist:p-mix", playlists=mix)) is R.SENT
        assert world.hears(recovered(playlists=mix)) is R.NOTHING_TO_CLEAR
        assert world.hears(failed("f2", cause="playlist:p-mix", at=T0 + HOUR, playlists=mix), at=T0 + HOUR) is R.COOLING

    def test_the_playlist_ending_well_ends_it(self, world: NotifierWorld) -> None:
        world.hears(failed("f1", cause="playlist:p-mix", playlists=ends("mix", fatal=True)))
        assert world.hears(recovered(playlists=ends("mix", state=SyncState.SUCCESS))) is R.CLEARED

    def test_the_success_of_the_same_job_does_not_make_its_playlist_s_failure_stale(self, world: NotifierWorld) -> None:
        """One job publishes both: the connection works, one playlist is at fault. They arrive in any order."""
        mix = ends("mix", fatal=True)
        world.hears(recovered(at=T0, playlists=(*mix, *ends("ok", state=SyncState.SUCCESS))))
        assert world.hears(failed(cause="playlist:p-mix", at=T0, playlists=mix)) is R.SENT

    def test_a_late_failure_of_a_playlist_that_has_since_ended_well_is_stale(self, world: NotifierWorld) -> None:
        world.hears(recovered(at=T0 + HOUR, playlists=ends("mix", state=SyncState.SUCCESS)))
        assert world.hears(failed(cause="playlist:p-mix", at=T0)) is R.STALE

    def test_signing_in_settles_every_cause(self, world: NotifierWorld) -> None:
        world.hears(failed("f1", cause="playlist:p-mix"))
        assert world.hears(recovered(at=T0 + HOUR, reconnected=True)) is R.CLEARED
        assert world.hears(failed("f2", cause="playlist:p-other", at=T0)) is R.STALE


class TestSendingGoesWrong:
    def test_a_rejected_email_does_not_start_the_window(self, caplog: pytest.LogCaptureFixture) -> None:
        """S0x-09."""
        world = NotifierWorld(email=RecordingEmail(ChannelRejected("The address was refused.")))
        assert world.hears(failed("f1")) is R.REJECTED
        assert world.history()[0].detail == "The address was refused."
        assert [record.levelno for record in caplog.records] == [logging.ERROR]
        assert world.hears(failed("f2", at=T0 + SECOND), at=T0 + SECOND) is R.SENT

    def test_an_unavailable_relay_brings_the_same_message_back_into_its_own_claim(self) -> None:
        world = NotifierWorld(email=RecordingEmail(ChannelUnavailable("down"), ChannelUnavailable("down")))
        with pytest.raises(ChannelUnavailable):
            world.hears(failed("f1"))
        assert world.results() == [R.UNAVAILABLE]
        assert world.hears(failed("f2", at=T0 + SECOND), at=T0 + SECOND) is R.COOLING
        with pytest.raises(ChannelUnavailable):
            world.hears(failed("f1"), at=T0 + 2 * SECOND)
        assert world.hears(failed("f1"), at=T0 + 3 * SECOND) is R.SENT
        assert world.results() == [R.SENT, R.COOLING]
        assert len(world.email.sent) == 1

    def test_a_message_given_up_on_leaves_the_window_to_the_next_failure(self) -> None:
        world = NotifierWorld(email=RecordingEmail(ChannelUnavailable("down")))
        with pytest.raises(ChannelUnavailable):
            world.hears(failed("f1"))
        later = T0 + LEASE
        assert world.hears(failed("f2", at=later), at=later) is R.SENT
        assert world.results() == [R.UNAVAILABLE, R.SENT]

    def test_a_crash_while_sending_frees_the_window_after_the_lease(self, world: NotifierWorld) -> None:
        world.cooldowns.claim(failed("dead"), attempt="a", now=T0, policy=POLICY)
        assert world.hears(failed("f2", at=T0 + SECOND), at=T0 + LEASE - SECOND) is R.COOLING
        assert world.hears(failed("f3", at=T0 + LEASE), at=T0 + LEASE) is R.SENT

    def test_after_a_crash_past_the_relay_s_ok_the_next_email_has_the_same_message_id(self) -> None:
        world = NotifierWorld(email=_CrashAfterSending())
        with pytest.raises(_Killed):
            world.hears(failed("f1"))
        assert world.hears(failed("f2", at=T0 + LEASE), at=T0 + LEASE) is R.SENT
        first, second = world.email.sent
        assert first.message_id == second.message_id
        assert first.message_id.endswith("@example.org")

    def test_the_next_window_has_another_message_id_in_the_same_thread(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        world.hears(failed("f2", at=T0 + WINDOW), at=T0 + WINDOW)
        first, second = world.email.sent
        assert first.message_id != second.message_id
        assert first.headers["References"] == second.headers["References"]

    def test_another_connection_has_a_thread_of_its_own(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        world.hears(failed("f2", provider="spotify"))
        first, second = world.email.sent
        assert first.headers["References"] != second.headers["References"]

    def test_a_claim_lost_while_sending_is_told_not_raised(self, caplog: pytest.LogCaptureFixture) -> None:
        world = NotifierWorld()
        world.email = _Meanwhile(lambda: world.cooldowns.clear(recovered(at=T0 + SECOND), now=T0 + SECOND))
        assert world.hears(failed()) is R.SENT_UNCONFIRMED
        assert world.results() == [R.SENT_UNCONFIRMED]
        assert "its claim was lost" in caplog.text

    def test_a_late_rejection_does_not_free_another_s_claim(self) -> None:
        world = NotifierWorld()

        def another_takes_over() -> None:
            world.now = T0 + LEASE
            world.cooldowns.claim(failed("f2", at=world.now), attempt="other", now=world.now, policy=POLICY)

        world.email = _Meanwhile(another_takes_over, ChannelRejected("refused"))
        assert world.hears(failed("f1")) is R.REJECTED
        assert world.hears(failed("f3", at=world.now)) is R.COOLING

    def test_the_first_failure_is_told_even_when_its_own_email_was_refused(self) -> None:
        """S0x-23."""
        world = NotifierWorld(email=RecordingEmail(ChannelRejected("refused")))
        world.hears(failed("f1", at=T0))
        world.hears(failed("f2", at=T0 + 2 * DAY), at=T0 + 2 * DAY)
        assert "First failed: 20 November 2026 at 14:05 UTC" in world.email.sent[0].text

    def test_the_streak_s_own_beginning_is_told(self, world: NotifierWorld) -> None:
        world.hears(failed(at=T0, first_failure_at=T0 - 3 * DAY))
        assert "First failed: 17 November 2026 at 14:05 UTC" in world.email.sent[0].text


class TestTheSameMessageAgain:
    def test_redelivered_after_it_was_sent_adds_nothing(self, world: NotifierWorld) -> None:
        assert [world.hears(failed()) for _ in range(3)] == [R.SENT] * 3
        assert (len(world.email.sent), len(world.history())) == (1, 1)

    def test_redelivered_after_its_window_sends_nothing_and_holds_nothing(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        after = T0 + WINDOW + HOUR
        assert world.hears(failed("f1"), at=after) is R.SENT
        assert len(world.email.sent) == 1
        assert world.hears(failed("f2", at=after)) is R.SENT

    def test_published_twice_by_a_run_that_was_repeated(self, world: NotifierWorld) -> None:
        """The same run makes the same outcome id, at another time."""
        world.hears(failed("f1", at=T0))
        assert world.hears(failed("f1", at=T0 + SECOND), at=T0 + SECOND) is R.SENT
        assert (len(world.email.sent), len(world.history())) == (1, 1)

    def test_a_suppressed_failure_stays_suppressed(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        world.hears(failed("f2", at=T0 + SECOND))
        assert world.hears(failed("f2", at=T0 + SECOND), at=T0 + WINDOW + HOUR) is R.COOLING
        assert world.results() == [R.SENT, R.COOLING]

    def test_a_recovery_delivered_twice_is_one_row_and_ends_no_later_window(self, world: NotifierWorld) -> None:
        world.hears(failed("f1"))
        world.hears(recovered(at=T0 + HOUR))
        world.hears(failed("f2", at=T0 + 2 * HOUR), at=T0 + 2 * HOUR)
        assert world.hears(recovered(at=T0 + HOUR)) is R.CLEARED
        assert world.hears(failed("f3", at=T0 + 3 * HOUR), at=T0 + 3 * HOUR) is R.COOLING
        assert world.results() == [R.SENT, R.CLEARED, R.SENT, R.COOLING]

    def test_while_its_twin_is_sending_it_has_to_come_again(self) -> None:
        world = NotifierWorld()
        seen: list[type[BaseException]] = []

        def the_twin_arrives() -> None:
            try:
                world.hears(failed())
            except StillInFlight as told:
                seen.append(type(told))

        world.email = _Meanwhile(the_twin_arrives)
        assert world.hears(failed()) is R.SENT
        assert seen == [StillInFlight]
        assert (len(world.email.sent), world.results()) == (1, [R.SENT])


class TestReasonsNotToSend:
    def test_no_address(self, world: NotifierWorld, caplog: pytest.LogCaptureFixture) -> None:
        """S0x-04."""
        world.users.set_email(USER_ID, None)
        assert world.hears(failed("f1")) is R.NO_ADDRESS
        assert caplog.record_tuples == [
            (
                "reprise.usecases.notify.notify_outcome",
                logging.WARNING,
                "sync failure: no email configured for user, skipping notification",
            )
        ]
        world.users.set_email(USER_ID, ADDRESS)
        assert world.hears(failed("f2", at=T0 + SECOND)) is R.SENT

    def test_no_mail_on_this_instance(self, caplog: pytest.LogCaptureFixture) -> None:
        """S0-05, S0x-07."""
        caplog.set_level(logging.DEBUG, logger="reprise")
        world = NotifierWorld(email=RecordingEmail(configured=False))
        assert world.hears(failed("f1")) is R.CHANNEL_UNCONFIGURED
        assert [record.levelno for record in caplog.records] == [logging.DEBUG]
        world.email = RecordingEmail()
        assert world.hears(failed("f2", at=T0 + SECOND)) is R.SENT

    def test_a_person_who_is_gone(self, world: NotifierWorld) -> None:
        assert world.hears(failed(user_id="u-gone")) is R.UNKNOWN_USER
        assert world.deliveries.of_owner("u-gone", limit=5)[0].result is R.UNKNOWN_USER

    def test_a_failure_that_passes_by_itself(self, world: NotifierWorld) -> None:
        """S0x-11: however often."""
        for hour in range(48):
            assert world.hears(degraded(f"d{hour}", at=T0 + hour * HOUR), at=T0 + hour * HOUR) is R.RETRIABLE
        assert world.email.sent == []
        assert world.hears(failed(at=T0 + 48 * HOUR)) is R.SENT

    def test_a_failure_without_a_kind_is_nobody_s_message(self, world: NotifierWorld) -> None:
        nameless = Notice(
            notice_id="x",
            notice_type=NoticeType.FAILED,
            user_id=USER_ID,
            party=NAVIDROME,
            occurred_at=T0,
        )
        with pytest.raises(ValueError, match=r"^a notice of a failure names no failure$"):
            world.hears(nameless)
        assert world.history() == []


def test_the_history_says_what_it_was_about(world: NotifierWorld) -> None:
    world.hears(failed(kind=FailureKind.MISCONFIGURED), at=T0 + HOUR)
    (row,) = world.history()
    assert (row.channel, row.connection_id, row.cause, row.failure_kind) == (
        "email",
        "navidrome",
        "connection",
        FailureKind.MISCONFIGURED,
    )
    assert (row.occurred_at, row.recorded_at, row.notice_id) == (T0, T0 + HOUR, "f1")


def test_a_log_line_says_which_notice_it_was() -> None:
    told = {"notice_id": "f1", "user_id": USER_ID, "connection": "navidrome", "failure_kind": "misconfigured"}
    assert ids(failed(kind=FailureKind.MISCONFIGURED)) == told
    assert ids(recovered()) == told | {"notice_id": "s1", "failure_kind": ""}


class _Killed(BaseException):
    pass


class _CrashAfterSending(RecordingEmail):
    """The first time, the function dies right after the relay's OK."""

    def send(self, message: EmailMessage) -> None:
        super().send(message)
        if len(self.sent) == 1:
            raise _Killed


class _Meanwhile(RecordingEmail):
    """Something happens while the first email is on its way."""

    def __init__(self, happens: Callable[[], object], *errors: ChannelRejected) -> None:
        super().__init__(*errors)
        self._happens = [happens]

    def send(self, message: EmailMessage) -> None:
        if self._happens:
            self._happens.pop()()
        super().send(message)


def _bob() -> User:
    return replace(ann("bob@example.org"), user_id="u-bob", username="bob")
