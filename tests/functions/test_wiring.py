"""What a function declares that it uses is what its parts ask for; a missing place is told at once, by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reprise.bootstrap.api import ApiParts
from reprise.bootstrap.aws import Aws
from reprise.bootstrap.dispatcher import build_dispatcher
from reprise.bootstrap.notifier import build_notifier, build_redelivery
from reprise.bootstrap.sync import build_sync
from reprise.bootstrap.web import WebParts
from reprise.config import DispatcherSettings, Place, Places
from reprise.environment import ConfigError, Env
from reprise_dev.building.function_settings import READERS

ENV = {
    **{place.value: f"at-{place.name.lower()}" for place in Place},
    "MUSIC_SERVER_URL": "https://music.example",
    "PUBLIC_URL": "https://reprise.example",
    "AWS_DEFAULT_REGION": "us-east-1",
}
BUILD: dict[str, Callable[[Env], Any]] = {  # Any: whatever each builds
    "dispatcher": build_dispatcher,
    "sync": lambda env: build_sync(env, lambda _: None),
    "notifier": lambda env: (build_notifier(env), build_redelivery(env)),
    "api": ApiParts,
    "web": WebParts,
}


def _every_store(parts: Aws) -> None:
    for name in vars(Aws):
        if not name.startswith("_") and name not in {"cooldowns", "deliveries"}:
            getattr(parts, name)


# What has to be asked of a function that makes its parts one by one; the others have all they use once they are built.
ASK: dict[str, Callable[[Any], object]] = {"api": _every_store, "web": lambda parts: parts.sign_in}  # Any: as above


class Watched(dict[Place, str]):
    """Places that remember which of them were asked for; those that a part can do without only where they are there."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.asked: set[Place] = set()

    def __getitem__(self, place: Place) -> str:
        self.asked.add(place)
        return super().__getitem__(place)

    def get(self, place: Place, default: Any = None) -> Any:
        if place in self:
            self.asked.add(place)
        return super().get(place, default)


@pytest.mark.parametrize("name", READERS)
def test_a_function_declares_what_it_is_built_from_and_nothing_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    watched: list[Watched] = []
    begin = Aws.__init__

    def watch(self: Aws, env: Env, places: Places) -> None:
        watched.append(Watched(places))
        begin(self, env, watched[-1])

    monkeypatch.setattr(Aws, "__init__", watch)
    built = BUILD[name](ENV)
    if name in ASK:
        ASK[name](built)
    asked = set().union(*(places.asked for places in watched))
    assert asked == set(READERS[name](ENV).places)


@pytest.mark.parametrize("place", Place)
def test_a_place_that_is_not_set_is_told_when_the_function_is_put_together(place: Place) -> None:
    env = {name: value for name, value in ENV.items() if name != place}
    for name, read in READERS.items():
        if place in read(ENV).places:
            with pytest.raises(ConfigError, match=rf"^{place} is not set$"):
                BUILD[name](env)


def test_what_was_not_declared_cannot_be_used() -> None:
    with pytest.raises(KeyError, match="USERS_TABLE"):
        _ = Aws(ENV, DispatcherSettings.read(ENV).places).users


@pytest.mark.parametrize("name", ["playlists", "jobs", "outcomes", "_sqs", "_s3", "_kms"])
def test_each_is_made_once(name: str) -> None:
    parts = ApiParts(ENV)
    assert getattr(parts, name) is getattr(parts, name)
