"""Do one job: the playlists of one user, one after the other, over one library (`S1-23`).

One job of a person runs at a time in each lane; another one waits its turn.
A failure of the connection ends the job: the remaining playlists are marked without calling the server again,
and the notifier hears of it once, with all of them listed (never once per playlist).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reprise.domain.connections import MUSIC_SERVER, Connection
from reprise.domain.failures import UNNAMED_SERVER, FailureKind, Scope, SyncFailure, sentence_of
from reprise.domain.health import PROBE_LEASE, Health
from reprise.domain.jobs import Lane, Operation, Reason, SyncJob
from reprise.domain.matches import Override
from reprise.domain.outcomes import CONNECTION_CAUSE, Outcome, OutcomeType, PlaylistEnd
from reprise.domain.playlists import Playlist, SyncState
from reprise.domain.thresholds import Thresholds
from reprise.ports.credentials import CannotDecrypt
from reprise.usecases.sync.lease import to_do
from reprise.usecases.sync.operations import fail_playlist, perform, skip_playlist
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.put_off import wait_turn
from reprise.usecases.sync.refresh_library import Library
from reprise.usecases.sync.run import JobContext, Run, RunResult, Yielded

log = logging.getLogger(__name__)

TIME_FOR_ONE_PLAYLIST_S = 90.0
"""With less time than this left, the rest of a job is handed on to a new one."""
LASTING_FAILURES = 3
LASTING_TIME = timedelta(hours=24)
"""From when on a failure that would pass by itself is worth telling a person."""


@dataclass(slots=True)
class _Tally:
    """What became of the job so far. `held_up` waits for another run, `left` for another job with more time."""

    ends: list[PlaylistEnd] = field(default_factory=list)
    playlist_failures: list[tuple[Playlist, SyncFailure]] = field(default_factory=list)
    connection_failure: SyncFailure | None = None
    reached: bool = False
    held_up: list[Playlist] = field(default_factory=list)
    left: Sequence[Playlist] = ()
    superseded: list[tuple[str, str]] = field(default_factory=list)
    """Playlist and id of reports that nothing leads to any more."""

    def add(self, playlist: Playlist, result: RunResult | Yielded) -> None:
        if isinstance(result, Yielded):
            self.held_up += [playlist] if result is Yielded.HELD_UP else []
            return
        self.superseded += [(playlist.playlist_id, report_id) for report_id in sorted(result.superseded)]
        failure = result.failure
        own_fault = failure is not None and failure.scope is Scope.PLAYLIST and failure.fatal
        self.ends.append(PlaylistEnd.of(playlist, result.state, fatal=own_fault))
        if failure is None or (failure.scope is Scope.PLAYLIST and failure.provider is None):
            # The source is asked first: one that failed says nothing of the music server.
            self.reached = True
        if failure is not None and own_fault:
            self.playlist_failures.append((playlist, failure))
        elif failure is not None and failure.scope is Scope.CONNECTION:
            self.connection_failure = failure


def sync_job(job: SyncJob, ports: SyncPorts, remaining_s: Callable[[], float]) -> tuple[PlaylistEnd, ...]:
    """Sync every playlist of `job` that is still to do. `remaining_s` tells how many seconds the function has left.

    Returns how each ended; those another run holds are left out. Raises only what makes the queue deliver
    the job again (a store or queue that does not answer).
    """
    playlists = [each for each in ports.playlists.get_many(job.user_id, job.playlist_ids) if to_do(each, job)]
    if not playlists:
        return ()
    holder, now = ports.new_id(), ports.clock()
    if not ports.lanes.enter(job.user_id, job.lane, holder=holder, now=now, until=now + ports.lease):
        _give_way(playlists, job, ports)
        return ()
    tally = _Tally()
    try:
        _work(playlists, job, ports, remaining_s, tally)
    finally:
        ports.lanes.leave(job.user_id, job.lane, holder=holder)
    _follow_up(job, tally, ports)
    return tuple(tally.ends)


def _give_way(playlists: Sequence[Playlist], job: SyncJob, ports: SyncPorts) -> None:
    if job.lane is Lane.MANUAL:
        for playlist in playlists:
            Run(playlist, job, ports).wait("Something else that was asked for is being done.")
    wait_turn(job, playlists, ports)


def _work(
    playlists: Sequence[Playlist], job: SyncJob, ports: SyncPorts, remaining_s: Callable[[], float], tally: _Tally
) -> None:
    """What the one job in its lane does."""
    connection = ports.connections.get(job.user_id, MUSIC_SERVER)
    health = ports.health.get(job.user_id, MUSIC_SERVER)
    provider_name = connection.display_name if connection else UNNAMED_SERVER
    refused = _refusal(health)
    if connection is None or refused is not None:
        _fail_all(playlists, refused or SyncFailure(FailureKind.AUTH_INVALID), job, provider_name, ports, tally)
    elif _may_try(health, job, ports):
        _sync_all(playlists, connection, job, ports, remaining_s, tally)
        if _renewed_meanwhile(connection, tally, ports):
            log.info("the person signed in while the job ran: its failure is past", extra={"job_id": job.job_id})
            return
        health = _record_health(health, tally, ports)
    else:
        _put_off(playlists, job, ports)
        return
    ports.outcomes.put(_outcomes(job, provider_name, health, tally, ports.clock()))


def _follow_up(job: SyncJob, tally: _Tally, ports: SyncPorts) -> None:
    """Queue what the job could not do itself, and tidy up. The lane is free by then."""
    if tally.left:
        ids = tuple(playlist.playlist_id for playlist in tally.left)
        log.info("short of time: handing on", extra={"job_id": job.job_id, "playlists": len(ids)})
        ports.jobs.put([replace(job, job_id=f"{job.job_id.partition('+')[0]}+{len(ids)}", playlist_ids=ids)])
    if tally.held_up and job.lane is Lane.MANUAL:
        wait_turn(job, tally.held_up, ports)
    if tally.superseded:
        ports.reports.remove(job.user_id, tally.superseded)


def _refusal(health: Health) -> SyncFailure | None:
    """Why the server must not even be called, or None. A fatal latch holds until the person signs in (`S1x-62`)."""
    if health.latched and health.last_kind is not None:
        return SyncFailure(health.last_kind, scope=Scope.CONNECTION)
    return None


def _may_try(health: Health, job: SyncJob, ports: SyncPorts) -> bool:
    """Whether this job may call the server. A failing one is tried by one worker at a time, and not before its time
    unless a person asks.
    """
    if health.healthy:
        return True
    now = ports.clock()
    if not health.may_call(now) and job.reason is not Reason.MANUAL:
        return False
    return ports.health.claim_probe(health, now=now, until=now + PROBE_LEASE)


def _put_off(playlists: Sequence[Playlist], job: SyncJob, ports: SyncPorts) -> None:
    """Leave the job to a later tick. A person's own job has none: what they asked for is told as not done."""
    log.info("backing off: the job is left to a later tick", extra={"job_id": job.job_id})
    if job.reason is Reason.MANUAL:
        for playlist in playlists:
            skip_playlist(playlist, "The music server is failing, and another run is finding out about it.", job, ports)


def _renewed_meanwhile(connection: Connection, tally: _Tally, ports: SyncPorts) -> bool:
    """True when the failure came of a credential that the person has replaced while the job ran."""
    if tally.connection_failure is None or tally.connection_failure.kind is not FailureKind.AUTH_INVALID:
        return False
    now_held = ports.connections.get(connection.user_id, connection.connection_id)
    return now_held is not None and now_held.authorised_at != connection.authorised_at


def _fail_all(
    playlists: Sequence[Playlist],
    failure: SyncFailure,
    job: SyncJob,
    provider_name: str,
    ports: SyncPorts,
    tally: _Tally,
) -> None:
    """Mark playlists as failed by their connection. At a tick, those that already say so cost nothing."""
    tally.connection_failure = failure
    for playlist in playlists:
        error = playlist.last_error
        told = playlist.state is SyncState.ERROR and error is not None and error.kind is failure.kind
        if told and job.reason is Reason.SCHEDULE:
            tally.ends.append(PlaylistEnd.of(playlist, SyncState.ERROR))
            continue
        tally.add(playlist, fail_playlist(playlist, failure, job, provider_name, ports))


def _sync_all(
    playlists: Sequence[Playlist],
    connection: Connection,
    job: SyncJob,
    ports: SyncPorts,
    remaining_s: Callable[[], float],
    tally: _Tally,
) -> None:
    try:
        password = ports.cipher.decrypt(
            connection.ciphertext, user_id=connection.user_id, connection_id=connection.connection_id
        )
        server = ports.open_server(connection, password)
    except CannotDecrypt:
        failure = SyncFailure(FailureKind.AUTH_INVALID, "The stored password can no longer be read.")
        _fail_all(playlists, failure, job, connection.display_name, ports, tally)
        return
    except SyncFailure as failure:
        _fail_all(playlists, failure, job, connection.display_name, ports, tally)
        return
    with closing(server):
        overrides = ports.overrides.of_user(job.user_id)
        context = JobContext(
            job=job,
            provider_name=connection.display_name,
            server=server,
            library=Library(
                user_id=job.user_id,
                server_url=connection.server_url,
                server=server,
                indexes=ports.indexes,
                now=ports.clock(),
                asked_by_person=job.reason is Reason.MANUAL,
                afresh=job.operation is Operation.REBUILD,
            ),
            overrides={override.track_key: override for override in overrides},
            overrides_version=_overrides_version(overrides),
            thresholds=Thresholds(user=connection.match_threshold, instance=ports.policy.threshold),
        )
        for position, playlist in enumerate(playlists):
            if position and remaining_s() < TIME_FOR_ONE_PLAYLIST_S:
                tally.left = playlists[position:]
                return
            tally.add(playlist, perform(playlist, context, ports))
            if tally.connection_failure is not None:
                rest = playlists[position + 1 :]
                _fail_all(rest, tally.connection_failure, job, connection.display_name, ports, tally)
                return


def _record_health(health: Health, tally: _Tally, ports: SyncPorts) -> Health:
    if tally.connection_failure is not None:
        after = health.failed(tally.connection_failure, ports.clock(), ports.jitter(), ports.breaker)
        return ports.health.record_failure(health, after)
    if tally.reached and not health.healthy:
        ports.health.reset(health.user_id, health.connection_id)
        return Health(user_id=health.user_id, connection_id=health.connection_id)
    return health


def _outcomes(job: SyncJob, provider_name: str, health: Health, tally: _Tally, now: datetime) -> list[Outcome]:
    """What the notifier hears: one message about the connection, and one for each playlist at fault itself."""
    waited = [str(job.waited)] if job.waited else []

    def outcome(
        outcome_type: OutcomeType,
        ends: Sequence[PlaylistEnd],
        cause: str = CONNECTION_CAUSE,
        failure: SyncFailure | None = None,
        first_failure_at: datetime | None = None,
    ) -> Outcome:
        return Outcome(
            outcome_id=":".join((job.job_id, *waited, cause, outcome_type.value)),
            outcome_type=outcome_type,
            user_id=job.user_id,
            provider=MUSIC_SERVER,
            provider_name=failure.provider or provider_name if failure else provider_name,
            occurred_at=now,
            playlists=tuple(ends),
            cause=cause,
            failure_kind=failure.kind if failure else None,
            detail=sentence_of(failure, provider_name) if failure else "",
            status=failure.status if failure else None,
            first_failure_at=first_failure_at,
        )

    if tally.connection_failure is not None:
        failure = tally.connection_failure
        told = OutcomeType.FAILED if failure.fatal or _lasting(health, now) else OutcomeType.DEGRADED
        return [outcome(told, tally.ends, failure=failure, first_failure_at=health.first_failure_at or now)]
    about_connection = [outcome(OutcomeType.SUCCEEDED, tally.ends)] if tally.reached else []
    return about_connection + [
        outcome(
            OutcomeType.FAILED,
            [end for end in tally.ends if end.playlist_id == playlist.playlist_id],
            cause=f"playlist:{playlist.playlist_id}",
            failure=failure,
            first_failure_at=now,
        )
        for playlist, failure in tally.playlist_failures
    ]


def _lasting(health: Health, now: datetime) -> bool:
    if health.consecutive_failures >= LASTING_FAILURES:
        return True
    return health.first_failure_at is not None and now - health.first_failure_at >= LASTING_TIME


def _overrides_version(overrides: Sequence[Override]) -> str:
    named = sorted(f"{o.track_key}\n{o.chosen}\n{sorted(o.never)}" for o in overrides)
    return hashlib.sha256("\n\n".join(named).encode()).hexdigest()[:16] if named else "none"
