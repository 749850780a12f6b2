"""Guessing at passwords: what is counted, who is refused, and who only waits (`S1x-90`).

Only failed sign-ins count. Whoever fails ten times at one name from one address, or thirty times from one address at
whichever names, is refused there for a while. Failures at a name from all addresses together refuse nobody, or
anybody could keep its owner out: they only make strangers wait. An address from which this person signed in before is
no stranger: it neither waits nor pays for what others at the same address do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from reprise.domain.accounts import user_id_of
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.refusals import WrongCredentials
from reprise.ports.people import AttemptStore

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = Limit(attempts=10, window=WINDOW)
PER_ADDRESS = Limit(attempts=30, window=WINDOW)
# From how many failures on, wherever they came from, strangers wait who try this name: a second more for each.
PER_NAME = Limit(attempts=10, window=WINDOW)
# Beside what the music server may take, this has to fit into the 29 s that a request has.
WAIT_MAX_S = 5
# For how long an address is known after a sign-in from there.
KNOWN_FOR = timedelta(days=90)

# Waits so many seconds.
Sleep = Callable[[float], None]


@contextmanager
def counted_if_wrong(
    server_url: str, username: str, source_address: str, *, attempts: AttemptStore, sleep: Sleep, now: datetime
) -> Iterator[None]:
    """Try a password within this, which counts where it ends in `WrongCredentials`. Raises `TooManyAttempts`.

    An attempt is counted before it is made and taken back when it was none: many at one moment get no more than
    many in a row. Names are counted without case, or a server that takes them so would give each spelling guesses of
    its own.
    """
    name, address = user_id_of(server_url, username.casefold()), _blurred(source_address)
    known = f"sign-in:known:{name}:{address}"
    counted: list[tuple[str, Limit]] = []
    try:
        _count(counted, f"sign-in:at:{name}:{address}", PER_NAME_AND_ADDRESS, attempts, now)
        if not attempts.remembers(known, now=now):
            _count(counted, f"sign-in:from:{address}", PER_ADDRESS, attempts, now)
            _slow(counted, f"sign-in:name:{name}", attempts, sleep, now)
        yield
    except WrongCredentials:
        raise
    except BaseException:
        _take_back(counted, attempts, now)
        raise
    _take_back(counted, attempts, now)
    attempts.remember(known, until=now + KNOWN_FOR)


def _count(counted: list[tuple[str, Limit]], key: str, limit: Limit, attempts: AttemptStore, now: datetime) -> None:
    counted.append((key, limit))
    limit_attempts(key, limit, attempts=attempts, now=now)


def _slow(counted: list[tuple[str, Limit]], key: str, attempts: AttemptStore, sleep: Sleep, now: datetime) -> None:
    counted.append((key, PER_NAME))
    failed = attempts.count(key, window_s=int(PER_NAME.window.total_seconds()), now=now)
    if failed > PER_NAME.attempts:
        sleep(min(failed - PER_NAME.attempts, WAIT_MAX_S))


def _take_back(counted: list[tuple[str, Limit]], attempts: AttemptStore, now: datetime) -> None:
    for key, limit in counted:
        attempts.take_back(key, window_s=int(limit.window.total_seconds()), now=now)


def _blurred(address: str) -> str:
    """What stands for an address in a counter: a hash, and for IPv6 of its /64, since one household holds them all."""
    try:
        version = ip_address(address).version
        network = str(ip_network(f"{address}/{32 if version == 4 else 64}", strict=False))
    except ValueError:
        network = address
    return hashlib.sha256(network.encode(errors="replace")).hexdigest()[:32]
