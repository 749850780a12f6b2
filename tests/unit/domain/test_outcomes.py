"""Which earlier failures an outcome shows to be over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reprise.domain.outcomes import CONNECTION_CAUSE, Outcome, OutcomeType, PlaylistEnd
from reprise.domain.playlists import SyncState

ENDS = (
    PlaylistEnd(playlist_id="good", name="Good", state=SyncState.WARNING),
    PlaylistEnd(playlist_id="bad", name="Bad", state=SyncState.ERROR, fatal=True),
)


@pytest.mark.parametrize(
    ("outcome_type", "cause", "over"),
    [
        (OutcomeType.SUCCEEDED, CONNECTION_CAUSE, True),
        (OutcomeType.SUCCEEDED, "playlist:good", True),
        (OutcomeType.SUCCEEDED, "playlist:bad", False),
        (OutcomeType.SUCCEEDED, "playlist:absent", False),
        (OutcomeType.RECONNECTED, "playlist:bad", True),
        (OutcomeType.FAILED, CONNECTION_CAUSE, False),
        (OutcomeType.DEGRADED, "playlist:good", False),
    ],
)
def test_what_an_outcome_resolves(outcome_type: OutcomeType, cause: str, over: bool) -> None:
    outcome = Outcome(
        outcome_id="o",
        outcome_type=outcome_type,
        user_id="u",
        provider="navidrome",
        provider_name="Navidrome",
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
        playlists=ENDS,
    )
    assert outcome.resolves(cause) is over
