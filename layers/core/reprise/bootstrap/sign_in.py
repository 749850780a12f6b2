"""What signing in takes, for the two functions that people sign in at."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from reprise.bootstrap.aws import Aws
from reprise.bootstrap.runtime import new_id, utc_now
from reprise.usecases.connections.renew_connection import SignInPorts

if TYPE_CHECKING:
    from datetime import datetime

    from reprise.config import ApiSettings, WebSettings
    from reprise.domain.connections import SignInWay
    from reprise.environment import Env
    from reprise.ports.targets import MusicServer
    from reprise.rendering.web import WebPages

TARGET_KIND = "subsonic"
# For asking the music server while a person waits; API Gateway gives up after 30 s.
SIGN_IN_BUDGET_S = 20.0


class SignInParts(Aws):
    """What is on AWS, and the music server as a person sees it who signs in."""

    def __init__(self, env: Env, settings: ApiSettings | WebSettings) -> None:
        super().__init__(env, settings.places)
        self._server_url = settings.music_server_url
        self._administrators = settings.administrators

    def clock(self) -> datetime:
        """Now, to the millisecond: stores keep no more, and an answer must not change by being stored."""
        now = utc_now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def new_id(self) -> str:
        return new_id()

    def open_server(self, username: str, password: str, sign_in_way: SignInWay | None) -> MusicServer:
        from reprise.targets.registry import open_server

        return open_server(
            TARGET_KIND,
            base_url=self._server_url,
            username=username,
            password=password,
            sign_in_way=sign_in_way,
            time_budget_s=SIGN_IN_BUDGET_S,
        )

    @cached_property
    def sign_in(self) -> SignInPorts:
        return SignInPorts(
            events=self.events,
            users=self.users,
            connections=self.connections,
            health=self.health,
            attempts=self.attempts,
            outcomes=self.outcomes,
            cipher=self.cipher,
            open_server=self.open_server,
            clock=self.clock,
            sleep=self.sleep,
            new_id=self.new_id,
            server_url=self._server_url,
            administrators=self._administrators,
        )

    @cached_property
    def pages(self) -> WebPages:
        from reprise.rendering.web import WebPages

        return WebPages()
