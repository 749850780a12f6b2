"""What a playlist says of itself."""

from __future__ import annotations

import pytest

from reprise.domain.playlists import Counts


@pytest.mark.parametrize(
    ("counts", "unmatched", "rate"),
    [(Counts(total=4, matched=3), 1, 0.75), (Counts(total=2, matched=2), 0, 1.0), (Counts(), 0, 0.0)],
)
def test_of_an_empty_playlist_nothing_is_found(counts: Counts, unmatched: int, rate: float) -> None:
    assert (counts.unmatched, counts.rate) == (unmatched, rate)
