"""The failure of one connection neither stops, nor latches, nor quiets anything of another (invariant 11).

A whole sync job over a web server and a music server, and the notifier that hears of it, hour by hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from reprise.domain.connections import MUSIC_SERVER
from reprise.domain.deliveries import DeliveryResult as R
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.domain.playlists import SyncState
from reprise_dev.doubles.notifier_world import NotifierWorld
from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from reprise_dev.samples.notices import ann
from tests.unit.usecases.sync.test_web_playlists import HOST, WebWorld
from tests.unit.usecases.sync.world import HOUR, USER

DAY = timedelta(days=1)
REFUSED = SyncFailure(FailureKind.AUTH_INVALID)


class House(WebWorld):
    """One household: what a tick does, and what its owner reads."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.notifier = NotifierWorld(now=self.now)
        self.notifier.users.upsert(replace(ann(), user_id=USER))

    def hours(self, number: int) -> None:
        """So many ticks, each heard by the notifier, and time passing."""
        for _ in range(number):
            self.tick()
            for outcome in self.facts():
                self.notifier.takes(outcome, at=self.now)
            self.now += HOUR

    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.notifier.email.sent]

    def asked(self) -> int:
        """Requests to the web server since the last look."""
        number = len(self.host.requests)
        self.host.requests.clear()
        return number


@pytest.fixture
def house() -> Iterator[House]:
    with PlaylistHost() as host:
        yield House(host=host)


WEB_MAIL = "[Reprise] 127.0.0.1 sync error — action required"
SERVER_MAIL = "[Reprise] Navidrome sync error — action required"


def test_a_dead_address_does_not_quiet_the_email_about_a_revoked_password(house: House) -> None:
    house.follow("mix", "s1")
    house.add("own", "s2")
    house.hours(1)
    house.host.files["/mix.json"] = reply(404)
    house.hours(48)
    assert house.subjects() == [WEB_MAIL]
    house.server.refuse = REFUSED
    house.hours(1)
    assert house.subjects() == [WEB_MAIL, SERVER_MAIL]


def test_a_revoked_password_does_not_quiet_the_email_about_a_dead_address(house: House) -> None:
    house.follow("mix", "s1")
    house.hours(1)
    house.server.refuse = REFUSED
    house.hours(2)
    house.server.refuse = None
    house.health.reset(USER, MUSIC_SERVER)
    house.host.files["/mix.json"] = reply(404)
    house.hours(1)
    assert house.subjects() == [SERVER_MAIL, WEB_MAIL]


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (reply(503), FailureKind.SERVER_ERROR),
        (reply(429), FailureKind.RATE_LIMITED),
        (None, FailureKind.UNREACHABLE),
    ],
    ids=["503", "429", "closed port"],
)
def test_a_source_that_stays_down_is_told_once_a_week_and_asked_less_and_less(
    house: House, broken: object, kind: FailureKind
) -> None:
    house.follow("mix", "s1", "s2")
    house.hours(1)
    house.asked()
    if broken is None:
        house.host.__exit__(None, None, None)
    else:
        house.host.files["/mix.json"] = broken  # type: ignore[assignment]
    house.hours(30 * 24)
    assert house.subjects() == [WEB_MAIL] * 5, "at once when it has lasted, and once in each week that follows"
    if broken is not None:
        assert 100 < house.asked() < 150, "of 720 ticks"
    assert house.health.get(USER, HOST).last_kind is kind
    assert house.health.get(USER, MUSIC_SERVER).healthy
    assert house.remote("mix") == ("s1", "s2")


def test_a_source_that_comes_back_is_found_within_hours_and_a_later_failure_is_told_at_once(house: House) -> None:
    house.follow("mix", "s1")
    house.hours(1)
    house.host.files["/mix.json"] = reply(503)
    house.hours(72)
    house.publish("mix", "s2")
    house.hours(7)
    assert house.remote("mix") == ("s2",)
    assert house.health.get(USER, HOST).healthy
    house.host.files["/mix.json"] = reply(503)
    house.hours(4)
    assert house.subjects() == [WEB_MAIL] * 2


def test_the_button_asks_a_source_that_is_left_alone(house: House) -> None:
    house.follow("mix", "s1")
    house.hours(1)
    house.host.files["/mix.json"] = reply(503)
    house.hours(24)
    house.publish("mix", "s2")
    house.asked()
    house.press("mix")
    assert house.asked() == 1
    assert house.remote("mix") == ("s2",)


def test_playlists_of_a_source_that_is_down_wait_and_all_others_go_on(house: House) -> None:
    for name in ("a", "b", "c", "d"):
        house.follow(name, "s1")
    house.add("own", "s2")
    house.hours(1)
    house.asked()
    for name in ("a", "b", "c", "d"):
        house.host.files[f"/{name}.json"] = reply(429, headers={"Retry-After": "5400"})
    house.change_source("own", "s3")
    house.tick()
    assert house.asked() == 1, "the first one's answer is that of the host"
    assert [house.playlist(name).state for name in ("a", "b", "c", "d")] == [SyncState.ERROR] * 4
    assert house.remote("own") == ("s3",)
    (server, source) = house.facts()
    assert [end.playlist_id for end in server.ends] == ["own"]
    assert [end.playlist_id for end in source.ends] == ["a", "b", "c", "d"]
    house.now += HOUR
    house.tick()
    assert house.asked() == 0, "it wants to be left alone for longer"
    assert house.trail("own") == ["sync_started", "sync_completed"] * 2
    assert house.trail("a") == ["sync_started", "sync_completed", "sync_started", "sync_failed"]


def test_one_address_that_breaks_does_not_hold_up_the_others_of_its_host(house: House) -> None:
    """An error of its own may be that of one script; the others of that host are still asked, a few at the least."""
    for name in ("a", "b", "c"):
        house.follow(name, "s1")
    house.hours(1)
    house.host.files["/a.json"] = reply(500)
    house.publish("b", "s2")
    house.publish("c", "s3")
    house.hours(1)
    assert (house.remote("b"), house.remote("c")) == (("s2",), ("s3",))
    assert house.playlist("a").state is SyncState.ERROR
    assert house.health.get(USER, HOST).healthy


def test_a_host_that_breaks_everywhere_is_given_up_after_a_few(house: House) -> None:
    names = [f"p{number}" for number in range(9)]
    for name in names:
        house.follow(name, "s1")
    house.hours(1)
    for name in names:
        house.host.files[f"/{name}.json"] = reply(500)
    house.asked()
    house.tick()
    assert house.asked() == 3
    assert house.health.get(USER, HOST).consecutive_failures == 1


def test_a_source_that_works_says_nothing_at_each_tick(house: House) -> None:
    house.follow("mix", "s1")
    house.hours(24)
    assert [row.result for row in house.notifier.deliveries.of_owner(USER, limit=100)] == [R.NOTHING_TO_CLEAR] * 24


def test_a_repaired_address_ends_its_own_window_and_no_other(house: House) -> None:
    house.follow("mix", "s1")
    house.add("own", "s2")
    house.hours(1)
    house.host.files["/mix.json"] = reply(404)
    house.hours(2)
    house.publish("mix", "s2")
    house.hours(1)
    house.host.files["/mix.json"] = reply(404)
    house.hours(1)
    assert house.subjects() == [WEB_MAIL, WEB_MAIL], "told anew, since it had worked in between"


def test_a_latched_server_leaves_sources_alone(house: House) -> None:
    house.follow("mix", "s1")
    house.hours(1)
    house.server.refuse = REFUSED
    house.hours(1)
    house.asked()
    house.hours(5)
    assert house.asked() == 0
    assert house.health.get(USER, HOST).healthy
