"""When a write waits for a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.playlists import Counts, HoldReason
from reprise.domain.valve import ValvePolicy, hold_reason


def counts(total: int, matched: int) -> Counts:
    return Counts(total=total, matched=matched)


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ((20, 18), (0, 0), HoldReason.SOURCE_EMPTY),
        ((3, 3), (0, 0), HoldReason.SOURCE_EMPTY),
        ((20, 18), (9, 9), HoldReason.SOURCE_SHRANK),
        ((20, 18), (10, 9), None),
        ((20, 18), (20, 8), HoldReason.MATCHES_SHRANK),
        ((20, 18), (20, 9), None),
        ((4, 4), (1, 1), None),
        ((5, 5), (1, 1), None),
        ((6, 6), (2, 2), HoldReason.SOURCE_SHRANK),
        ((5, 5), (5, 1), None),
        ((6, 6), (6, 2), HoldReason.MATCHES_SHRANK),
        ((0, 0), (20, 0), None),
        ((20, 18), (200, 180), None),
    ],
)
def test_half_may_be_lost_at_once_and_no_more(
    before: tuple[int, int], now: tuple[int, int], reason: HoldReason | None
) -> None:
    held = hold_reason(counts(*before), counts(*now), ValvePolicy())
    assert (held[0] if held else None) is reason
    if held:
        assert held[1].endswith(".")


def test_a_floor_under_the_match_rate_holds_also_the_first_write() -> None:
    policy = ValvePolicy(min_match_rate=0.3)
    held = hold_reason(counts(0, 0), counts(10, 2), policy)
    assert held == (HoldReason.MATCH_RATE_LOW, "Only 2 of 10 tracks are found in your library.")
    assert hold_reason(counts(0, 0), counts(10, 3), policy) is None


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0, 1))
def test_the_same_list_again_is_never_a_loss(total: int, missing: int, shrink: float) -> None:
    same = counts(total, max(0, total - missing))
    policy = ValvePolicy(max_shrink=shrink)
    assert hold_reason(same, same, policy) is None


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_shares_are_shares(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ValvePolicy(max_shrink=share)


@pytest.mark.parametrize(("max_shrink", "min_match_rate"), [(-0.1, 0.0), (1.1, 0.0), (0.5, -0.1), (0.5, 1.1)])
def test_a_share_beyond_the_whole_is_no_setting(max_shrink: float, min_match_rate: float) -> None:
    with pytest.raises(ValueError, match=r"^shares lie between 0 and 1$"):
        ValvePolicy(max_shrink=max_shrink, min_match_rate=min_match_rate)


def test_nothing_and_the_whole_are_settings() -> None:
    assert ValvePolicy(max_shrink=0.0, min_match_rate=0.0) != ValvePolicy(max_shrink=1.0, min_match_rate=1.0)
