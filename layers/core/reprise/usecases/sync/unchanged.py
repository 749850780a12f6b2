"""Whether anything can have changed since a playlist was last written: "unchanged means free".

Only a schedule trusts what it knows; a person who presses the button wants it looked at. A run that was cut off may
have left anything behind, so it is never trusted; one that its connection failed left no fingerprint.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

from reprise.domain.connections import Party
from reprise.domain.failures import Scope, SyncFailure
from reprise.domain.jobs import Operation, Reason, SyncJob
from reprise.domain.playlists import Fingerprint, Playlist, SyncState
from reprise.matching.policy import MatchPolicy
from reprise.usecases.sync.run import JobContext, RunResult

# How long a list on the server is taken to be what we wrote without looking: so long at the least, and up to so many
# hours more, which differ from playlist to playlist. What was imported in one go is not all looked at in one go.
VERIFY_AFTER = timedelta(days=6)
VERIFY_SPREAD_H = 48


def unchanged(playlist: Playlist, context: JobContext, instance: MatchPolicy, now: datetime) -> RunResult | None:
    """Returns what a run would end with that has nothing to do; None where there may be something.

    Asks the source and the library which version they are, and writes nothing. `instance` is the instance's policy.
    Raises `SyncFailure`.
    """
    if not may_be_as_before(playlist, context.job, now):
        return None
    source_version = context.readings.of(playlist).current_version()
    if source_version is None:
        return None
    library_version = context.library.version(lambda _: None)
    fingerprint = fingerprint_of(playlist, context, instance, source_version, library_version)
    return as_before(playlist, context.party) if playlist.written == fingerprint else None


def may_be_as_before(playlist: Playlist, job: SyncJob, now: datetime) -> bool:
    """False where a run has to look at the list on the server, whatever the source and the library say."""
    if job.reason is not Reason.SCHEDULE or job.operation is not Operation.SYNC:
        return False
    if playlist.state is SyncState.SYNCING or playlist.written is None or playlist.verified_at is None:
        return False
    return now - playlist.verified_at < _verified_for(playlist.playlist_id)


def _verified_for(playlist_id: str) -> timedelta:
    return VERIFY_AFTER + timedelta(hours=crc32(playlist_id.encode()) % VERIFY_SPREAD_H)


def as_before(playlist: Playlist, party: Party) -> RunResult:
    """Returns the result of a run that found `playlist` as the one before left it. `party` is the music server."""
    error = playlist.last_error
    kind = error.kind if error else None
    return RunResult(
        state=playlist.state,
        counts=playlist.counts,
        sentence=error.sentence if error else "",
        failure=SyncFailure(kind, scope=Scope.PLAYLIST, party=party) if kind else None,
        written=playlist.written,
        held=playlist.held,
    )


def fingerprint_of(
    playlist: Playlist, context: JobContext, instance: MatchPolicy, source_version: str, library_version: str
) -> Fingerprint:
    """Returns what a write of `playlist` would be made of now."""
    return Fingerprint(
        source=source_version,
        library=library_version,
        policy=policy_of(playlist, context, instance).version,
        overrides=context.overrides_version,
        name=playlist.target_name,
        include_unmatched_tracks=playlist.include_unmatched_tracks,
    )


def policy_of(playlist: Playlist, context: JobContext, instance: MatchPolicy) -> MatchPolicy:
    """Returns the instance's policy, with the threshold that is in force for this playlist."""
    return replace(instance, threshold=context.thresholds.in_force(playlist.match_threshold).value)
