"""Secrets that are known to this test, looked for wherever the runs leave something: there is none of them."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote_plus

import pytest

from reprise.domain.events import EventType
from reprise.domain.jobs import Operation
from reprise.domain.playlists import SyncState
from reprise.observability import logger
from reprise_dev.doubles.fake_navidrome import Fault as ServerFault
from tests.faults.aws_world import AwsWorld
from tests.faults.operations import AFTER, BEFORE, SCENARIOS
from tests.faults.outside import Fault, Plan
from tests.faults.world import ALICE, LEASE, PASSWORD, PLAYLIST, USER

URI_SECRET = "canary-tr4ck-uri-77"
TOKEN_SECRET = "canary-t0ken-in-address"
PASSWORD_FORMS = (
    PASSWORD,
    PASSWORD.encode().hex(),
    base64.b64encode(PASSWORD.encode()).decode(),
    quote_plus(PASSWORD),
    hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest(),
)
# All of our own loggers at their loudest. The libraries' are louder here than Lambda lets them be, but for their debug
# logs, which hold requests whole: no parameter of the template switches those on.
LOUD = {"": logging.INFO, "reprise": logging.DEBUG, logger.name: logging.DEBUG}


class Ears:
    """Everything the runs say: log records with all their fields, both streams, and what is sent to AWS."""

    def __init__(self, world: AwsWorld, capsys: pytest.CaptureFixture[str]) -> None:
        self._world = world
        self._capsys = capsys
        self._records: list[str] = []

    @contextmanager
    def open(self) -> Iterator[None]:
        ears = self

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                ears._records.append(logging.Formatter().format(record) + repr(record.__dict__))

        handler = Handler()
        levels = {name: logging.getLogger(name).level for name in LOUD}
        for name, level in LOUD.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).addHandler(handler)
        self._world.outside.seen = []
        self._world.raised.clear()
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
                logging.getLogger(name).removeHandler(handler)

    def heard(self) -> str:
        streams = self._capsys.readouterr()
        return "\n".join([*self._records, *self._world.raised, streams.out, streams.err])

    def sent(self) -> str:
        sent = "\n".join(self._world.outside.seen or [])
        self._world.outside.seen = None
        return sent


@pytest.fixture
def world(aws_world: AwsWorld) -> AwsWorld:
    return aws_world


@pytest.fixture
def ears(world: AwsWorld, capsys: pytest.CaptureFixture[str]) -> Iterator[Ears]:
    ears = Ears(world, capsys)
    with ears.open():
        yield ears


def test_the_canaries_would_be_found(world: AwsWorld, ears: Ears) -> None:
    """The ears do hear, and what is stored is looked into: else silence would prove nothing."""
    logging.getLogger("reprise.anything").info("a word", extra={"hidden": "in a field"})
    world.add_playlist(*AFTER)
    assert not world.deliver(world.job()).comes_again
    heard = ears.heard()
    assert "in a field" in heard
    assert "job done" in heard
    assert PLAYLIST in ears.sent()
    assert AFTER[0] in world.everything_stored()


def test_neither_good_runs_nor_bad_ones_tell_a_secret(world: AwsWorld, ears: Ears) -> None:
    for scenario in SCENARIOS.values():
        if scenario.name in ("create", "undo", "rebuild", "disable with delete"):
            _fresh(world)
            scenario.prepare(world)
            body = scenario.message(world)
            for number, fault in enumerate(fault for fault in Fault if not fault.has_company):
                world.deliver(body, Plan(at=4 + 3 * number, fault=fault))
    _bad_servers(world)
    told = ears.heard() + ears.sent() + "\n".join(body for _, body in world.outside.sent)
    for form in PASSWORD_FORMS:
        assert form not in told
        assert form not in world.everything_stored()
    salts = [value for request in world.server.requests for name, value in request.params if name in "ts"]
    assert salts == []


def _fresh(world: AwsWorld) -> None:
    """The last playlist is gone, and so is whatever was killed while it worked for the person."""
    world.clock.now += LEASE
    if world.playlists.get(USER, PLAYLIST) is not None:
        world.playlists.remove(USER, PLAYLIST, world.event(EventType.PLAYLIST_REMOVED))


def _bad_servers(world: AwsWorld) -> None:
    """Every way of refusing, and a password that is wrong."""
    _fresh(world)
    world.add_playlist(*BEFORE)
    for fault in (
        ServerFault.login_page(),
        ServerFault.http(500),
        ServerFault.refused(),
        ServerFault.truncated(),
        ServerFault.api(40, f"Wrong username or password: {PASSWORD}"),
    ):
        world.server.fail_next(*[fault] * 8)
        world.health.reset(USER, "navidrome")
        world.deliver(world.job())
        world.server.recover()
    world.server.set_password(ALICE, "another")
    world.health.reset(USER, "navidrome")
    world.deliver(world.job(operation=Operation.REBUILD))
    assert world.playlist().state is SyncState.ERROR


def test_what_a_server_says_of_a_failure_is_told_nobody(world: AwsWorld, ears: Ears) -> None:
    secret = "canary-in-the-servers-words"
    world.add_playlist(*BEFORE)
    for fault in (
        ServerFault.api(0, secret),
        ServerFault.api(50, secret, method="createPlaylist"),
        ServerFault(status=500, body=secret.encode()),
        ServerFault(status=200, body=f"<html>{secret}</html>".encode()),
        ServerFault.redirect(f"https://elsewhere.test/?token={secret}"),
    ):
        world.server.fail_next(*[fault] * 8)
        world.health.reset(USER, "navidrome")
        world.deliver(world.job())
        world.server.recover()
    assert secret not in ears.heard() + ears.sent() + world.everything_stored()


def test_the_token_in_an_address_stays_in_the_item_that_holds_the_address(world: AwsWorld, ears: Ears) -> None:
    world.add_playlist(*BEFORE, kind="web")
    world.tick()
    world.change_source(*AFTER)
    world.tick()
    assert world.playlist().state is SyncState.SUCCESS
    for fault in (Fault.TIMEOUT, Fault.SERVER_ERROR, Fault.THROTTLED, Fault.KILLED_AFTER):
        world.change_source(*BEFORE)
        world.deliver(world.job(), Plan(at=8, fault=fault))
    world.web = None
    world.deliver(world.job())
    assert TOKEN_SECRET not in ears.heard() + ears.sent()
    assert TOKEN_SECRET not in "\n".join(body for _, body in world.outside.sent)
    stored = world.everything_stored()
    assert stored.count(TOKEN_SECRET) == 1  # the address itself, which has to be kept somewhere
    assert TOKEN_SECRET not in repr(world.trail())


def test_what_a_files_tracks_point_to_stays_with_the_tracks(world: AwsWorld, ears: Ears) -> None:
    """A path or an address in an uploaded file is the person's own: it is kept with their tracks, and only there."""
    world.add_playlist(*BEFORE, uri=f"https://user:{URI_SECRET}@stream.test/1")
    world.tick()
    for fault in (Fault.SERVER_ERROR, Fault.REPLIES_LOST, Fault.KILLED_BEFORE, Fault.OUTAGE):
        world.deliver(world.job(), Plan(at=9, fault=fault))
    world.deliver(world.job(operation=Operation.PREVIEW))
    assert URI_SECRET not in ears.heard() + "\n".join(body for _, body in world.outside.sent)
    assert URI_SECRET not in world.items_stored()
    holding = {key.split("/")[0] for key, text in world.objects_stored().items() if URI_SECRET in text}
    assert holding == {"sources", "reports"}
