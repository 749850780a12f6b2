"""A connection to a vetted address, by number; the name is for TLS alone.

Sockets and not httpx: that one resolves names by itself, and its limits are for each read, so that a server which sends
a byte now and then is never given up. Nothing here follows, remembers or looks up anything: no redirects, no cookies,
no proxies, no `.netrc`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from functools import cache

from reprise.http.address import WebAddress
from reprise.http.deadline import Deadline

# For each of a host's addresses, so that one that swallows everything leaves time for the next.
CONNECT_S = 5.0
ADDRESSES_MAX = 4


@cache
def system_trust() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, and against the host's name."""
    return ssl.create_default_context()


def connect(
    address: WebAddress, numbers: Sequence[str], deadline: Deadline, tls: ssl.SSLContext | None
) -> socket.socket:
    """Returns a connection to the first of `numbers` that takes it. Raises `DeadlineExceeded` and `OSError`."""
    connection = _dialled(numbers[:ADDRESSES_MAX], address.port, deadline)
    if not address.secure:
        return connection
    try:
        connection.settimeout(deadline.left_s())
        # Without close_notify nobody knows whether a body without a length is whole: that must not pass for an end.
        return (tls or system_trust()).wrap_socket(connection, server_hostname=address.host, suppress_ragged_eofs=False)
    except BaseException:
        connection.close()
        raise


def _dialled(numbers: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    refused: OSError | None = None
    for number in numbers:
        try:
            return _dial(number, port, min(CONNECT_S, deadline.left_s()))
        except OSError as error:
            refused = error
    raise refused or OSError("no address to connect to")


def _dial(number: str, port: int, timeout_s: float) -> socket.socket:
    connection = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        connection.connect((number, port))
    except BaseException:
        connection.close()
        raise
    return connection
