"""Domain objects for tests, and hypothesis strategies of them. Only what a test is about needs to be named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind
from reprise.domain.ids import ulid
from reprise.domain.matches import Candidate, Match, MatchReport, Method
from reprise.domain.playlists import (
    HISTORY_MAX,
    Counts,
    Fingerprint,
    HeldBack,
    HoldAnswer,
    HoldReason,
    LastError,
    Playlist,
    Progress,
    Snapshot,
    SourcePlaylist,
    SourceRef,
    SyncState,
)
from reprise.domain.previews import Change, Preview, PreviewStep, Step
from reprise.domain.tracks import SourceTrack
from reprise.ports.playlists import RunEnd

# Far ahead: DynamoDB Local deletes what has expired by the real clock, at a moment of its own choosing.
T0 = datetime(2040, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=16)

_serial = count()


def new_id(moment: datetime = T0) -> str:
    """A ULID of `moment`, later than every one made before for that moment."""
    return ulid(moment, next(_serial).to_bytes(10, "big"))


def a_playlist(**changes: Any) -> Playlist:  # Any: whatever fields a test names
    bare = Playlist(
        user_id="u-1",
        playlist_id=new_id(),
        name="Sunday morning",
        source=SourceRef(kind="files", locator="5e" * 32, label="JSPF", version="5e" * 32),
        created_at=T0,
        due_at=T0,
    )
    return replace(bare, **changes)


def an_event(playlist: Playlist, event_type: EventType = EventType.SYNC_STARTED, **changes: Any) -> AuditEvent:
    bare = AuditEvent(
        event_id=new_id(),
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=event_type,
        provider="files",
        message="Something happened.",
        occurred_at=T0,
    )
    return replace(bare, **changes)


def a_run_end(**changes: Any) -> RunEnd:
    bare = RunEnd(
        state=SyncState.SUCCESS,
        due_at=T0 + timedelta(hours=1),
        job_id="job-1",
        ended_at=T0 + timedelta(minutes=1),
        last_error=None,
    )
    return replace(bare, **changes)


# Times as stores keep them: whole milliseconds, whole seconds for what is due.
milliseconds = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
)
whole_seconds = st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
_words = st.text(max_size=20)
_known = st.text(min_size=1, max_size=20)
_numbers = st.integers(0, 10**9)

source_tracks = st.builds(
    SourceTrack,
    title=_words,
    artist=_words,
    artists=st.lists(_words, max_size=3).map(tuple),
    album=_words,
    duration_ms=st.none() | _numbers,
    isrc=st.none() | _words,
    recording_mbid=st.none() | _words,
    uri=st.none() | _words,
)

source_playlists = st.builds(
    SourcePlaylist, name=_words, version=_words, tracks=st.lists(source_tracks, max_size=5).map(tuple)
)

_shares = st.floats(0, 1)
_thresholds = st.none() | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)

_candidates = st.builds(
    Candidate,
    library_id=_words,
    title=_words,
    artist=_words,
    album=_words,
    confidence=_shares,
    reasons=st.lists(_words, max_size=3).map(tuple),
)

_found = st.builds(
    Match,
    source=source_tracks,
    method=st.sampled_from([method for method in Method if method is not Method.NONE]),
    library_id=_words,
    confidence=_shares,
    reason=_words,
    candidates=st.lists(_candidates, max_size=2).map(tuple),
)

_not_found = st.builds(
    Match,
    source=source_tracks,
    method=st.just(Method.NONE),
    library_id=st.none(),
    confidence=st.just(0.0),
    reason=_words,
    candidates=st.lists(_candidates, max_size=2).map(tuple),
)

match_reports = st.builds(
    MatchReport,
    playlist_id=_known,
    report_id=_known,
    created_at=st.datetimes(timezones=st.just(UTC)),
    library_version=_words,
    policy_version=_words,
    matches=st.lists(_found | _not_found, max_size=5).map(tuple),
    threshold=_thresholds,
)

_places = st.integers(0, 10_000)
_STEPS = {
    Change.ADDED: (st.none(), _places),
    Change.REMOVED: (_places, st.none()),
    Change.MOVED: (_places, _places),
}
_steps = st.one_of(
    [
        st.builds(Step, change=st.just(change), library_id=_words, before=before, after=after)
        for change, (before, after) in _STEPS.items()
    ]
)
previews = st.builds(
    Preview,
    job_id=_words,
    created_at=st.datetimes(timezones=st.just(UTC)),
    counts=st.builds(Counts, total=_numbers, matched=_numbers, by_method=st.dictionaries(_words, _numbers, max_size=3)),
    kept=_numbers,
    steps=st.lists(st.builds(PreviewStep, step=_steps, title=_words, artist=_words, why=_words), max_size=4).map(tuple),
    held=_words,
    threshold=_thresholds,
)

_fingerprints = st.builds(
    Fingerprint,
    source=_words,
    library=_words,
    policy=_words,
    overrides=_words,
    name=_words,
    include_unmatched_tracks=st.booleans(),
)
_holds = st.builds(
    HeldBack,
    reason=st.sampled_from(HoldReason),
    sentence=_words,
    report_id=_known,
    since=milliseconds,
    fingerprint=_fingerprints,
    answer=st.sampled_from(HoldAnswer),
)
_snapshots = st.builds(Snapshot, report_id=_known, written_at=milliseconds, songs=_numbers)

# Enabled ones: of a disabled playlist no store shows when it is due.
stored_playlists = st.builds(
    Playlist,
    user_id=st.just("u-1"),
    playlist_id=st.just("p-1"),
    name=_words,
    source=st.builds(SourceRef, kind=_known, locator=_known, label=_words, version=st.none() | _words),
    created_at=milliseconds,
    enabled=st.just(True),
    state=st.sampled_from(SyncState),
    counts=st.builds(Counts, total=_numbers, matched=_numbers, by_method=st.dictionaries(_words, _numbers, max_size=3)),
    remote_id=st.none() | _known,
    remote_name=st.none() | _known,
    last_synced_at=st.none() | milliseconds,
    last_error=st.none() | st.builds(LastError, kind=st.none() | st.sampled_from(FailureKind), sentence=_words),
    last_job_id=st.none() | _known,
    report_id=st.none() | _known,
    written=st.none() | _fingerprints,
    verified_at=st.none() | milliseconds,
    progress=st.none() | st.builds(Progress, phase=_words, done=_numbers, total=_numbers),
    run_id=st.none() | _known,
    lease_until=st.none() | milliseconds,
    due_at=st.none() | whole_seconds,
    held=st.none() | _holds,
    history=st.lists(_snapshots, max_size=HISTORY_MAX).map(tuple),
    generation=_numbers,
    match_threshold=_thresholds,
    include_unmatched_tracks=st.booleans(),
    revision=_numbers,
)
