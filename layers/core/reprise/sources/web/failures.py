"""What is wrong with an address that a person gave, or with the file there. The rest is what holds for every source."""

from __future__ import annotations

import re

from reprise.domain.connections import of_host
from reprise.domain.failures import FailureKind, SyncFailure
from reprise.ports.sources import InvalidUpload
from reprise.sources.failures import source_failure

_PLACE = re.compile(r"line \d{1,9}|tracks?\[\d{1,9}\](?:\.[a-z_]{1,30})?")


def bad_address(reason: str) -> SyncFailure:
    """The address itself is at fault, and names no host: another one would be needed."""
    return source_failure(FailureKind.MISCONFIGURED, None, reason)


def unreadable(error: InvalidUpload, host: str) -> SyncFailure:
    """The file cannot be read. What the reader quotes of the file stays with who uploads one: this is stored and
    mailed, and the file may be anybody's."""
    place = _PLACE.match(error.where)
    sentence = error.message if '"' not in error.message else "This is not a playlist in a format that is read."
    return source_failure(
        FailureKind.MALFORMED_RESPONSE, of_host(host), f"{place[0]}: {sentence}" if place else sentence
    )
