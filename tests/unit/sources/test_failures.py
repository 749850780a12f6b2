"""What holds for every source: each error and each status has a meaning, and a scope that keeps others out of it."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest

from reprise.domain.addresses import AddressKind
from reprise.domain.connections import of_host, source_party
from reprise.domain.failures import FailureKind, Scope
from reprise.http import errors
from reprise.http.errors import ForbiddenAddress, HttpError, InvalidAddress, InvalidHeader
from reprise.sources.failures import Asked, http_failure, source_failure, status_failure

CONNECTION = of_host("lists.example")
FEED = Asked(what="feed", total_s=2.5, max_bytes=3 * 1024 * 1024)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ERRORS = [
    each
    for each in vars(errors).values()
    # An address that cannot be used is never asked: each source says itself what is wrong with it.
    if inspect.isclass(each) and issubclass(each, HttpError) and each not in {HttpError, InvalidAddress}
]


def _made(error: type[HttpError]) -> HttpError:
    arguments = {ForbiddenAddress: [AddressKind.LOOPBACK], InvalidHeader: ["Authorization"]}
    return error(*arguments.get(error, []))


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_of_http_has_a_meaning(error: type[HttpError]) -> None:
    failure = http_failure(_made(error), CONNECTION, FEED)

    assert failure.party == source_party(CONNECTION)
    assert "{" not in failure.detail
    assert (failure.scope is Scope.CONNECTION) is (failure.kind is FailureKind.UNREACHABLE)


@pytest.mark.parametrize("status", [*range(100, 200), *range(201, 600)])
def test_every_status_has_a_meaning(status: int) -> None:
    failure = status_failure(status, CONNECTION, FEED, retry_after="120", now=NOW)

    assert (failure.status, failure.retry_after_s) == (status, 120)
    assert "{" not in failure.detail
    busy_or_down = status in {408, 425, 429} or status >= 500
    assert (failure.scope is Scope.CONNECTION) is busy_or_down


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.DeadlineExceeded, "It did not deliver the feed within 2.5 seconds."),
        (errors.BodyTooLarge, "The feed is larger than 3 MB."),
    ],
)
def test_sentences_call_it_what_the_source_calls_it(error: type[HttpError], said: str) -> None:
    assert http_failure(error(), CONNECTION, FEED).detail == said


def test_a_refused_credential_is_the_connections() -> None:
    assert source_failure(FailureKind.AUTH_INVALID, CONNECTION).scope is Scope.CONNECTION


def test_where_no_connection_is_known_nobody_is_named() -> None:
    assert source_failure(FailureKind.MISCONFIGURED, None).party is None
