"""The closed set of failure kinds."""

from __future__ import annotations

import pytest

from reprise.domain.connections import Side, of_host, source_party
from reprise.domain.failures import FailureKind, Scope, SyncFailure, action_for, latches, summary_of, told
from reprise_dev.samples.notices import NAVIDROME

EXAMPLE = source_party(of_host("example.org"))
FATAL = {"auth_invalid", "forbidden", "not_found", "misconfigured", "malformed_response", "too_large"}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_says_what_happened_and_what_to_do(kind: FailureKind) -> None:
    for sentence in (summary_of(kind, "Navidrome"), action_for(kind, "Navidrome")):
        assert sentence.endswith(".")
        assert "{" not in sentence


@pytest.mark.parametrize("kind", FailureKind)
def test_of_a_playlist_much_is_for_good_and_of_a_connection_only_a_refused_password(kind: FailureKind) -> None:
    assert SyncFailure(kind, scope=Scope.PLAYLIST).fatal is (kind.value in FATAL)
    assert SyncFailure(kind, scope=Scope.CONNECTION).fatal is (kind is FailureKind.AUTH_INVALID)
    assert latches(kind) is (kind is FailureKind.AUTH_INVALID)


def test_who_raises_may_widen_the_scope() -> None:
    assert SyncFailure(FailureKind.FORBIDDEN).scope is Scope.PLAYLIST
    assert SyncFailure(FailureKind.FORBIDDEN, scope=Scope.CONNECTION).scope is Scope.CONNECTION


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_reads_sensibly_of_a_source_too(kind: FailureKind) -> None:
    for sentence in (summary_of(kind, "example.org", Side.SOURCE), action_for(kind, "example.org", Side.SOURCE)):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "server" not in sentence


def test_who_failed_is_named_and_not_the_connection_in_use() -> None:
    mine = SyncFailure(FailureKind.FORBIDDEN)
    theirs = SyncFailure(FailureKind.FORBIDDEN, "It asks for a sign-in.", party=EXAMPLE)
    assert told(mine.kind, mine.detail, mine.party or NAVIDROME) == (
        "Navidrome does not allow Reprise to change this playlist. "
        "Check who owns the playlist, and whether it is read-only."
    )
    assert told(theirs.kind, theirs.detail, theirs.party or NAVIDROME) == (
        "example.org does not let Reprise read this playlist. It asks for a sign-in. "
        "Check that it is still shared; where its address has changed, import it again from there."
    )


def test_a_providers_name_is_only_a_name() -> None:
    assert summary_of(FailureKind.UNREACHABLE, "{x} {0}", Side.SOURCE) == "{x} {0} could not be reached."


def test_a_failure_carries_what_whoever_raised_it_knew() -> None:
    failure = SyncFailure(FailureKind.SERVER_ERROR, "It is away.", status=503, code=40, retry_after_s=7)
    assert (failure.status, failure.code, failure.retry_after_s) == (503, 40, 7)
    assert str(failure) == "server_error: It is away."
    assert str(SyncFailure(FailureKind.SERVER_ERROR)) == "server_error"


def test_what_a_person_is_told_names_the_connection_in_both_sentences() -> None:
    host = source_party(of_host("example.org"))
    words = told(FailureKind.UNREACHABLE, "It did not answer.", host)
    assert words == (
        "example.org could not be reached. It did not answer. "
        + action_for(FailureKind.UNREACHABLE, "example.org", Side.SOURCE)
    )
    assert "example.org" in told(FailureKind.SERVER_ERROR, "", host).partition(". ")[2]
    assert source_party(None).name == "Reprise"
