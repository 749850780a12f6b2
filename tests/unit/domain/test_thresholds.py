"""Which threshold is in force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.thresholds import DECIMALS, SetBy, Threshold, Thresholds
from reprise.matching.policy import MatchPolicy


@pytest.mark.parametrize(
    ("playlist", "user", "expected"),
    [
        (None, None, Threshold(value=0.85, set_by=SetBy.INSTANCE)),
        (None, 0.9, Threshold(value=0.9, set_by=SetBy.USER)),
        (0.7, 0.9, Threshold(value=0.7, set_by=SetBy.PLAYLIST)),
        (0.7, None, Threshold(value=0.7, set_by=SetBy.PLAYLIST)),
        (0.0, 0.9, Threshold(value=0.0, set_by=SetBy.PLAYLIST)),
        (None, 0.0, Threshold(value=0.0, set_by=SetBy.USER)),
    ],
)
def test_the_playlist_comes_first_then_the_person_then_the_instance(
    playlist: float | None, user: float | None, expected: Threshold
) -> None:
    assert Thresholds(user=user, instance=0.85).in_force(playlist) == expected


@given(one=st.integers(0, 10**DECIMALS), other=st.integers(0, 10**DECIMALS))
def test_two_that_a_person_can_tell_apart_make_two_policies(one: int, other: int) -> None:
    """Else a change would not lead to a fresh match."""
    versions = {MatchPolicy(threshold=each / 10**DECIMALS).version for each in (one, other)}
    assert len(versions) == len({one, other})
