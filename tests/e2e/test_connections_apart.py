"""The failure of one connection neither stops, nor latches, nor quiets anything of another (invariant 11).

The ticks come an hour apart, as the schedule would send them, but the functions' clock is the real one. So an hour
passes for a connection where its row of health says that it has.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from reprise_dev.doubles.playlist_host import PlaylistHost, reply
from reprise_dev.local.readback import SubsonicReader
from reprise_dev.local.stage import INTERVAL
from reprise_dev.local.world import Schedule, World, deliveries, plain

from .calling import Caller
from .kept import rows
from .lists import SONGS, a_file, titles
from .queues import wait_until_done

HOST = "host:127.0.0.1"
PATH = "/mix.jspf"
HOST_MAIL = "[Reprise] 127.0.0.1 sync error — action required"
SERVER_MAIL = "[Reprise] Music server sync error — action required"
AN_HOUR_MS = 3_600_000


@dataclass
class House:
    """One person who follows an address, and what a tick does for them."""

    world: World
    person: Caller
    there: SubsonicReader
    host: PlaylistHost
    schedule: Schedule = field(init=False)
    user_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.world.stack, INTERVAL, after=timedelta(minutes=1))
        self.user_id = str(self.person("GET", "/me")["user_id"])
        self.person("PUT", "/me/email", {"email": self.address})

    @property
    def address(self) -> str:
        return f"{self.person.username}@example.org"

    def publish(self, *songs: tuple[str, str]) -> None:
        self.host.files[PATH] = reply(body=a_file(*songs))

    def follow(self, *songs: tuple[str, str]) -> str:
        """Returns the id of a playlist that follows the address."""
        self.publish(*songs)
        return str(self.person("POST", "/playlists/by-url", {"url": self.host.url(PATH)})["id"])

    def upload(self, *songs: tuple[str, str]) -> str:
        """Returns the id of a playlist of a file."""
        return str(self.person("POST", "/playlists?filename=list.jspf&name=Own", a_file(*songs))["id"])

    def tick(self) -> None:
        """Returns when every job of the tick is done and the notifier has heard of it."""
        self.schedule.tick()
        for queue in ("SyncJobsQueue", "OutcomesQueue"):
            wait_until_done(self.world, queue)

    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.world.relay.mails if self.address in mail.recipients]

    def results(self) -> list[str]:
        return [row["result"] for row in deliveries(self.world.stack) if row["owner"] == self.user_id]

    def heard(self, playlist_id: str) -> list[str]:
        """The titles of its list on the music server."""
        remote_id = self.person("GET", f"/playlists/{playlist_id}")["remote_id"]
        return [song.title for song in self.there.songs(remote_id)]

    def asked(self) -> int:
        """Requests to the address since the last look."""
        number = len(self.host.requests)
        self.host.requests.clear()
        return number

    def health(self) -> dict[str, dict[str, str]]:
        """What is kept of each connection that fails. Who is at work for the person stands in the same table."""
        found = [plain(row) for row in rows(self.world, "HealthTable") if "consecutive_failures" in row]
        return {row["connection_id"]: row for row in found if row["user_id"] == self.user_id}

    def failures(self) -> dict[str, int]:
        """In a row, of each connection that fails."""
        return {connection_id: int(row["consecutive_failures"]) for connection_id, row in self.health().items()}

    def wait_ms(self) -> int:
        """How long the address is left alone after its last failure."""
        row = self.health()[HOST]
        return int(row["next_retry_at"]) - int(row["last_failure_at"])

    def an_hour_passes_for_the_address(self) -> None:
        self.world.stack.emulator.client("dynamodb").update_item(
            TableName=self.world.stack["HealthTable"],
            Key={"user_id": {"S": self.user_id}, "connection_id": {"S": HOST}},
            UpdateExpression="ADD first_failure_at :hour, last_failure_at :hour, next_retry_at :hour",
            ConditionExpression="attribute_exists(next_retry_at)",
            ExpressionAttributeValues={":hour": {"N": str(-AN_HOUR_MS)}},
        )


@pytest.fixture
def house(world: World, newcomer: Callable[..., Caller], reader: Callable[[Caller], SubsonicReader]) -> Iterator[House]:
    with PlaylistHost() as host:
        person = newcomer(f"house-{secrets.token_hex(4)}")
        yield House(world, person, reader(person), host)


def test_a_dead_address_does_not_quiet_the_email_about_a_revoked_password(house: House) -> None:
    mix, own = house.follow(*SONGS[:3]), house.upload(*SONGS[3:5])
    house.tick()
    assert (house.heard(mix), house.heard(own)) == (titles(*SONGS[:3]), titles(*SONGS[3:5]))

    house.host.files[PATH] = reply(404)
    house.tick()
    assert house.subjects() == [HOST_MAIL]
    house.tick()
    assert house.subjects() == [HOST_MAIL], "its window has begun"

    new = f"{house.person.password}-changed"
    house.there.change_password(new)
    house.tick()
    assert house.subjects() == [HOST_MAIL, SERVER_MAIL]
    assert house.results().count("sent") == 2
    assert "cooling" in house.results()

    house.person.sign_in(house.person.username, new)
    states = {each["id"]: each["state"] for each in house.person("GET", "/playlists")["playlists"]}
    assert states == {mix: "error", own: "error"}
    assert (house.heard(mix), house.heard(own)) == (titles(*SONGS[:3]), titles(*SONGS[3:5]))


def test_an_address_that_stays_down_is_told_once_asked_less_and_is_no_failure_of_the_server(house: House) -> None:
    mix, own = house.follow(*SONGS[:3]), house.upload(*SONGS[3:5])
    house.tick()
    assert (house.heard(mix), house.failures()) == (titles(*SONGS[:3]), {})

    house.host.files[PATH] = reply(503)
    house.asked()
    emails, waits_ms = [], []
    for _ in range(4):
        if waits_ms:
            house.an_hour_passes_for_the_address()
        house.tick()
        emails.append(len(house.subjects()))
        waits_ms.append(house.wait_ms())
    assert house.asked() == 4
    assert emails == [0, 0, 1, 1], "when it has lasted, and once"
    assert waits_ms == sorted(waits_ms)
    assert waits_ms[-1] > 4 * waits_ms[0]

    house.person("PUT", f"/playlists/{own}/file", a_file(*SONGS[5:8]))
    for _ in range(3):
        house.tick()
    assert house.asked() == 0, "its time has not come: it is left alone, tick after tick"
    assert house.failures() == {HOST: 4}, "and nothing is held against the music server"
    assert (house.heard(mix), house.heard(own)) == (titles(*SONGS[:3]), titles(*SONGS[5:8]))

    house.publish(*SONGS[:4])
    house.an_hour_passes_for_the_address()
    house.tick()
    assert (house.heard(mix), house.failures()) == (titles(*SONGS[:4]), {})
    assert house.subjects() == [HOST_MAIL]
