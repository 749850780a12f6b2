"""What a window remembers, and how its emails are named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reprise.domain import cooldowns
from reprise.domain.cooldowns import (
    RECOVERIES_KEPT,
    RECOVERIES_MAX,
    Verdict,
    Window,
    incident_id,
    thread_id,
    window_key,
)
from reprise.domain.deliveries import DeliveryResult, delivery_of
from reprise.domain.playlists import SyncState
from reprise_dev.doubles.notifier_world import POLICY
from reprise_dev.samples.notices import T0, USER_ID, ends, failed, recovered

DAY = timedelta(days=1)
FREE = Window(user_id=USER_ID, window_key=window_key("navidrome"))


def test_recoveries_are_forgotten_when_no_older_message_can_be_in_a_queue_any_more() -> None:
    mix = ends("mix", state=SyncState.SUCCESS)
    _, window = cooldowns.clear(FREE, recovered(at=T0, playlists=mix), now=T0)
    assert set(window.recoveries) == {"connection", "playlist:p-mix"}
    _, kept = cooldowns.clear(window, recovered(at=T0 + 14 * DAY), now=T0 + 14 * DAY)
    assert "playlist:p-mix" in kept.recoveries
    _, later = cooldowns.clear(window, recovered(at=T0 + RECOVERIES_KEPT), now=T0 + RECOVERIES_KEPT)
    assert set(later.recoveries) == {"connection"}


def test_only_so_many_recoveries_are_remembered_the_newest() -> None:
    window = FREE
    for batch in range(RECOVERIES_MAX // 100 + 1):
        names = [f"{batch}-{number}" for number in range(100)]
        at = T0 + batch * timedelta(minutes=1)
        _, window = cooldowns.clear(window, recovered(at=at, playlists=ends(*names, state=SyncState.SUCCESS)), now=at)
    assert len(window.recoveries) == RECOVERIES_MAX
    assert "connection" in window.recoveries
    assert f"playlist:p-{RECOVERIES_MAX // 100}-99" in window.recoveries


def test_a_playlist_that_failed_by_its_own_fault_is_not_settled_by_its_job() -> None:
    playlists = (*ends("bad", fatal=True), *ends("good", state=SyncState.SUCCESS))
    _, window = cooldowns.clear(FREE, recovered(playlists=playlists), now=T0)
    assert set(window.recoveries) == {"connection", "playlist:p-good"}


def test_ids_differ_between_people_providers_and_windows_and_tell_nothing() -> None:
    windows = []
    for user_id, provider, at in [("a", "x", T0), ("b", "x", T0), ("a", "y", T0), ("a", "x", T0 + DAY)]:
        free = Window(user_id=user_id, window_key=window_key(provider))
        verdict, claimed = cooldowns.claim(free, failed(at=at), attempt="1", now=at, policy=POLICY)
        assert verdict is Verdict.GRANTED
        windows.append(claimed)
    assert len({incident_id(window) for window in windows}) == 4
    assert len({thread_id(window) for window in windows}) == 3
    assert all(len(incident_id(window)) == 32 and incident_id(window).isalnum() for window in windows)


def test_a_window_without_an_incident_has_no_email() -> None:
    with pytest.raises(ValueError, match="no email"):
        incident_id(FREE)


def test_delivery_ids_sort_by_time_and_repeat_for_the_same_message() -> None:
    def id_of(name: str, *, user_id: str = USER_ID, days: int = 0) -> str:
        outcome = failed(name, user_id=user_id, at=T0 + days * DAY)
        return delivery_of(outcome, DeliveryResult.SENT, now=T0).delivery_id

    assert id_of("f1") == id_of("f1")
    assert len({id_of("f1"), id_of("f2"), id_of("f1", user_id="u-bob"), id_of("f1", days=1)}) == 4
    assert id_of("z", days=0) < id_of("a", days=1) < id_of("k", days=2)
    assert len(id_of("f1")) == 26
