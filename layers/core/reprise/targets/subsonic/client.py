"""Speaks Subsonic to one server as one person: signs in, agrees on a version, tries again where that is safe.

Everything goes by form POST with the credential in the body, so that no URL, and no log of URLs, ever holds it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import httpx

from reprise.domain.connections import SignInWay
from reprise.domain.failures import FailureKind, Scope
from reprise.targets.subsonic.answers import Answer, BrokenAnswerError, decode_answer
from reprise.targets.subsonic.errors import SubsonicFailure, api_failure, broken_answer, http_failure
from reprise.targets.subsonic.exchange import Exchange, HttpAnswer, Verb
from reprise.targets.subsonic.shapes import as_list, mapping, text, whole

log = logging.getLogger(__name__)

CLIENT_NAME = "Reprise"
PROTOCOL = "1.16.1"
# Request lines are limited to 4,094 bytes by gunicorn and 8 KiB by nginx.
GET_MAX_BYTES = 2_000
BACKOFF_S = 0.5
# A server that asks for a longer pause gets it, but from the next run.
WAIT_MAX_S = 20.0

Params = Sequence[tuple[str, str]]
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}(\.\d{1,3})?")
# Missing parameter (what servers say that never heard of tokens), token or mechanism not supported.
_TOKEN_REFUSED = (10, 41, 42)
# Refusals that only somebody who is signed in gets to hear.
_SIGNED_IN = (50, 70)
_NO_TOKENS_ANY_MORE = (
    "The server takes no tokens. Reprise shows it the password itself only while a person signs in, "
    "and not where tokens were taken before."
)
_METHOD_REFUSED = (405, 501)
_RANDOM = secrets.SystemRandom()


class SubsonicClient:
    """One person's way to one server. Not safe for use by several threads.

    `sign_in_way` is the only way in that is tried; None is for a person who signs in at a server that nobody knows yet:
    a token first, and the password itself where the server takes none. `timeout_s` is for connecting to and each read
    from the server, `tries` how often a request is sent at most, `time_budget_s` how long after its making the client
    may still send, None for ever. `sleep`, `clock` (seconds, monotonic) and `jitter` (a number in [0, 1)) are
    replaceable for tests.
    """

    def __init__(
        self,
        *,
        base_url: str,
        username: str,
        password: str,
        sign_in_way: SignInWay | None = SignInWay.TOKEN,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 30.0,
        connect_timeout_s: float = 10.0,
        tries: int = 4,
        time_budget_s: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._exchange = Exchange(base_url, transport=transport, clock=clock, connect_timeout_s=connect_timeout_s)
        self._username = username
        self._password = password
        self._timeout_s = timeout_s
        self._tries = tries
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._give_up_at = None if time_budget_s is None else clock() + time_budget_s
        self._way = sign_in_way or SignInWay.TOKEN
        self._may_show_password = sign_in_way is None
        self._let_in = False
        self._protocol = PROTOCOL
        self._verb = Verb.POST
        self.product = ""
        self.server_version = ""

    @property
    def sign_in_way(self) -> SignInWay:
        """How it is done at present; how the server takes it, once it has answered."""
        return self._way

    @property
    def username(self) -> str:
        return self._username

    def call(
        self, method: str, params: Params = (), *, scope: Scope = Scope.CONNECTION, repeatable: bool = True
    ) -> Answer:
        """The contents of a successful answer to `method`. Raises `SubsonicFailure`.

        `scope` says what a refusal is about. Pass `repeatable=False` for what must not happen twice: then a
        failure with `retry_now` means that the server may or may not have done it.
        """
        attempt = 1
        while True:
            try:
                return self._agreed(method, params, scope)
            except SubsonicFailure as failure:
                wait_s = self._wait_s(failure, attempt) if repeatable else None
                if wait_s is None:
                    raise
                log.info(
                    "music server did not answer as hoped: trying again",
                    extra={"method": method, "kind": failure.kind.value, "status": failure.status, "attempt": attempt},
                )
            self._sleep(wait_s)
            attempt += 1

    @property
    def requests(self) -> int:
        """How many were sent so far, repeated ones included."""
        return self._exchange.sent

    def close(self) -> None:
        self._exchange.close()

    def _wait_s(self, failure: SubsonicFailure, attempt: int) -> float | None:
        """How long to wait before the next attempt, None when there is to be none."""
        if not failure.retry_now or attempt >= self._tries:
            return None
        wait_s: float = BACKOFF_S * 2 ** (attempt - 1) * (0.5 + self._jitter() / 2)
        if failure.retry_after_s is not None:
            wait_s = max(wait_s, failure.retry_after_s)
        if wait_s > WAIT_MAX_S or (self._give_up_at is not None and self._clock() + wait_s >= self._give_up_at):
            return None
        return wait_s

    def _agreed(self, method: str, params: Params, scope: Scope) -> Answer:
        """One request, put another way where the server only refused how it was put: then it did nothing yet."""
        verb = self._verb
        while True:
            try:
                answer = self._once(verb, method, params, scope)
            except SubsonicFailure as failure:
                if failure.code in _SIGNED_IN:
                    self._let_in = True
                if verb is Verb.POST and not failure.from_api and failure.status in _METHOD_REFUSED:
                    verb = Verb.GET
                elif not self._gave_way(failure):
                    raise
            else:
                self._let_in = True
                self._verb = verb
                return answer

    def _gave_way(self, failure: SubsonicFailure) -> bool:
        """True when what the server refused was changed: each change is made once, so this ends."""
        if failure.code == 30 and self._protocol == PROTOCOL and _VERSION.fullmatch(failure.protocol):
            changed = failure.protocol != self._protocol
            self._protocol = failure.protocol
            return changed
        if failure.code in _TOKEN_REFUSED and self._way is SignInWay.TOKEN and not self._let_in:
            if not self._may_show_password:
                raise SubsonicFailure(
                    FailureKind.MISCONFIGURED, _NO_TOKENS_ANY_MORE, status=failure.status, code=failure.code
                )
            self._way = SignInWay.PLAIN
            return True
        return False

    def _private(self) -> bool:
        """True where nobody on the way can read along: only there may the password itself be sent."""
        if self._exchange.scheme == "https" or self._exchange.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self._exchange.host).is_loopback
        except ValueError:
            return False

    def _once(self, verb: Verb, method: str, params: Params, scope: Scope) -> Answer:
        if self._way is SignInWay.PLAIN and not self._private():
            raise SubsonicFailure(
                FailureKind.MISCONFIGURED,
                "The server wants the password itself, and its address is not https: Reprise does not send it.",
            )
        form = urlencode([*self._credentials(), *params])
        if verb is Verb.GET and len(form) > GET_MAX_BYTES:
            raise SubsonicFailure(
                FailureKind.TOO_LARGE, "The server takes only short requests: it refuses form POST.", scope=scope
            )
        return self._understood(self._exchange.send(verb, method, form, timeout_s=self._time_left_s()), scope)

    def _time_left_s(self) -> float:
        if self._give_up_at is None:
            return self._timeout_s
        left = self._give_up_at - self._clock()
        if left <= 0:
            raise SubsonicFailure(FailureKind.UNREACHABLE, "There was no time left to ask the server.")
        return min(self._timeout_s, left)

    def _credentials(self) -> list[tuple[str, str]]:
        shared = [("u", self._username), ("v", self._protocol), ("c", CLIENT_NAME), ("f", "json")]
        if self._way is SignInWay.PLAIN:
            return [*shared, ("p", "enc:" + self._password.encode().hex())]
        salt = secrets.token_hex(8)
        # The protocol knows no better hash than MD5; a fresh salt a request is what it offers.
        token = hashlib.md5((self._password + salt).encode(), usedforsecurity=False).hexdigest()
        return [*shared, ("t", token), ("s", salt)]

    def _understood(self, reply: HttpAnswer, scope: Scope) -> Answer:
        try:
            answer = decode_answer(reply.body)
        except BrokenAnswerError:
            answer = None
            if 200 <= reply.status < 300:
                raise broken_answer(
                    "The server's answer breaks off or cannot be read.", status=reply.status, retry_now=True
                ) from None
        if answer is None:
            raise http_failure(status=reply.status, scope=scope, retry_after=reply.retry_after)
        self.product = text(answer.get("type")).casefold() or self.product
        self.server_version = text(answer.get("serverVersion")) or self.server_version
        if answer.get("status") == "ok" and reply.status < 400:
            return answer
        errors = as_list(answer.get("error"))
        error = mapping(errors[0]) if errors else {}
        raise api_failure(
            code=whole(error.get("code")) or 0,
            message=text(error.get("message")),
            status=reply.status,
            scope=scope,
            protocol=text(answer.get("version")),
            retry_after=reply.retry_after,
        )
