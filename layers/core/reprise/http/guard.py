"""Where a name leads, and whether anybody may go there.

A name is resolved once. All of its addresses have to be allowed, and the connection is made to one of them by number:
a name server that gives another answer a moment later (DNS rebinding) is not asked again.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

from reprise.domain.addresses import refusal_of
from reprise.domain.reach import Reach
from reprise.http.address import WebAddress
from reprise.http.deadline import Deadline
from reprise.http.errors import DeadlineExceeded, ForbiddenAddress, UnknownHost

# Returns the numeric addresses of a host, best first. Raises `OSError` if there are none.
Resolve = Callable[[str, int], Sequence[str]]


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Asks the system. `host` goes in as bytes: a text would pass through Python's own reading of it."""
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def vetted(address: WebAddress, *, reach: Reach, resolve: Resolve, deadline: Deadline) -> tuple[str, ...]:
    """The numeric addresses behind `address`, every one of them allowed.

    Raises `ForbiddenAddress` if one is not, `UnknownHost` if there is none, and `DeadlineExceeded`.
    """
    numbers = _numbers(address, resolve, deadline)
    if not numbers:
        raise UnknownHost
    for number in numbers:
        refused = refusal_of(number, reach)
        if refused is not None:
            raise ForbiddenAddress(refused)
    return numbers


def _numbers(address: WebAddress, resolve: Resolve, deadline: Deadline) -> tuple[str, ...]:
    try:
        return (str(ipaddress.ip_address(address.host)),)
    except ValueError:
        return tuple(dict.fromkeys(_resolved_in_time(address, resolve, deadline)))


def _resolved_in_time(address: WebAddress, resolve: Resolve, deadline: Deadline) -> Sequence[str]:
    """The system's resolver takes no time limit, and a name server can be slow on purpose: it is left behind."""
    answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(address.host, address.port))
        except OSError:
            answers.put(())

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return answers.get(timeout=deadline.left_s())
    except queue.Empty:
        raise DeadlineExceeded from None
