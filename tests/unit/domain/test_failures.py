"""The closed set of failure kinds."""

from __future__ import annotations

import pytest

from reprise.domain.failures import FailureKind, Scope, SyncFailure, action_for, is_fatal, summary_of

FATAL = {"auth_invalid", "forbidden", "not_found", "misconfigured", "malformed_response", "too_large"}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_says_what_happened_and_what_to_do(kind: FailureKind) -> None:
    for sentence in (summary_of(kind, "Navidrome"), action_for(kind, "Navidrome")):
        assert sentence.endswith(".")
        assert "{" not in sentence
    assert is_fatal(kind) is (kind.value in FATAL)


def test_who_raises_may_widen_the_scope() -> None:
    assert SyncFailure(FailureKind.FORBIDDEN).scope is Scope.PLAYLIST
    assert SyncFailure(FailureKind.FORBIDDEN, scope=Scope.CONNECTION).scope is Scope.CONNECTION
