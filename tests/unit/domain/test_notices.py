"""Which earlier failures a notice shows to be over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reprise.domain.failures import FailureKind
from reprise.domain.notices import CONNECTION_CAUSE, Notice, NoticeType
from reprise.domain.outcomes import Fault, PlaylistEnd
from reprise.domain.playlists import SyncState
from reprise_dev.samples.notices import NAVIDROME

ENDS = (
    PlaylistEnd(playlist_id="good", name="Good", state=SyncState.WARNING),
    PlaylistEnd(playlist_id="bad", name="Bad", state=SyncState.ERROR, fault=Fault(kind=FailureKind.NOT_FOUND)),
)


@pytest.mark.parametrize(
    ("notice_type", "cause", "over"),
    [
        (NoticeType.SUCCEEDED, CONNECTION_CAUSE, True),
        (NoticeType.SUCCEEDED, "playlist:good", True),
        (NoticeType.SUCCEEDED, "playlist:bad", False),
        (NoticeType.SUCCEEDED, "playlist:absent", False),
        (NoticeType.RECONNECTED, "playlist:bad", True),
        (NoticeType.FAILED, CONNECTION_CAUSE, False),
        (NoticeType.DEGRADED, "playlist:good", False),
    ],
)
def test_what_a_notice_resolves(notice_type: NoticeType, cause: str, over: bool) -> None:
    notice = Notice(
        notice_id="n",
        notice_type=notice_type,
        user_id="u",
        party=NAVIDROME,
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
        ends=ENDS,
    )
    assert notice.resolves(cause) is over
