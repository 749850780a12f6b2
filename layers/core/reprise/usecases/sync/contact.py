"""One connection during one job: whether it may be called, and how it fared.

latched ────────────▶ its playlists fail, uncalled, and each job says so
backing off ────────▶ its playlists wait for a later tick, unless a person asks
failing, time is up ▶ one worker at a time tries it
"""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.connections import OURSELVES, Party, Side
from reprise.domain.failures import FailureKind, Scope, SyncFailure
from reprise.domain.health import PROBE_LEASE, SOURCE_BACKOFF_MAX, BreakerPolicy, Health
from reprise.domain.jobs import Reason, SyncJob
from reprise.domain.outcomes import Fault, Outcome, PlaylistEnd, Standing
from reprise.domain.playlists import Playlist, SyncState
from reprise.usecases.sync.ports import SyncPorts

# So many addresses of one host are asked in one job while each of them answers with an error of its own.
ADDRESSES_TRIED = 3


class Contact:
    """`party` is who is called. `failure` is what the connection itself failed with in this job, None so far."""

    def __init__(self, party: Party, job: SyncJob, ports: SyncPorts) -> None:
        self.party = party
        self.failure: SyncFailure | None = None
        self._job = job
        self._ports = ports
        self._before: Health | None = None
        self._may_try: bool | None = None
        self._reached = False
        self._failures = 0
        self._ends: list[PlaylistEnd] = []
        self._mended = False

    @property
    def before(self) -> Health:
        """How the connection was when the job began. Our own stores have no health: nobody could reconnect them."""
        if self._before is None:
            user_id, connection_id = self._job.user_id, self.party.connection_id
            ours = connection_id == OURSELVES
            healthy = Health(user_id=user_id, connection_id=connection_id)
            self._before = healthy if ours else self._ports.health.get(user_id, connection_id)
        return self._before

    @property
    def refusal(self) -> SyncFailure | None:
        """Why it must not be called any more in this job: a latch that holds until the person reconnects (`S1x-62`), or
        what it has just failed with. None if it may be.

        An error of its own that a source answers with may be that of one address: the next ones are still asked.
        """
        if self.failure is not None:
            others_may_work = self._may_be_one_address() and (self._reached or self._failures < ADDRESSES_TRIED)
            return None if others_may_work else self.failure
        if self.before.latched and self.before.last_kind is not None:
            return SyncFailure(self.before.last_kind, scope=Scope.CONNECTION, party=self.party)
        return None

    @property
    def may_try(self) -> bool:
        """Whether this job may call it. A failing one is tried by one worker at a time, and not before its time unless
        a person asks.
        """
        if self._may_try is None:
            self._may_try = self.before.healthy or self._takes_the_probe()
        return self._may_try

    def _takes_the_probe(self) -> bool:
        now = self._ports.clock()
        if not self.before.may_call(now) and self._job.reason is not Reason.MANUAL:
            return False
        return self._ports.health.claim_probe(self.before, now=now, until=now + PROBE_LEASE)

    def add(self, playlist: Playlist, state: SyncState, failure: SyncFailure | None) -> None:
        """Take note of one playlist's run, as far as it says something of this connection."""
        mine = failure is not None and failure.party == self.party
        if failure is not None and not mine and self.party.side is Side.SERVER:
            return  # The source is asked first: a run that ended there says nothing of the music server.
        fault = None
        if failure is None or not mine:
            self._reached = self._reached or failure is None or failure.scope is not Scope.INSTANCE
        elif failure.scope is Scope.PLAYLIST:
            self._reached = True
            fault = _fault(failure) if failure.fatal else None
        elif failure.scope is Scope.CONNECTION:
            self.failure = failure
            self._failures += 1
        self._mended = self._mended or (fault is None and self._was_at_fault(playlist))
        self._ends.append(PlaylistEnd.of(playlist, state, fault))

    def conclude(self) -> Outcome | None:
        """Record the connection's health, and return what happened to it; None where there is nothing to say."""
        if self._reached and self._may_be_one_address():
            self.failure = None
        if self.failure is None and not self._reached:
            return None
        if self._may_try and self.party.side is Side.SERVER:
            self._ports.server_met(self.failure)
        after = self._recorded()
        if self.party.side is Side.SOURCE and self._uneventful(after):
            return None
        waited = [str(self._job.waited)] if self._job.waited else []
        return Outcome(
            outcome_id=":".join((self._job.job_id, *waited, self.party.connection_id)),
            user_id=self._job.user_id,
            party=self.party,
            occurred_at=self._ports.clock(),
            before=Standing.of(self.before),
            after=Standing.of(after),
            fault=_fault(self.failure) if self.failure else None,
            ends=tuple(self._ends),
        )

    def _was_at_fault(self, playlist: Playlist) -> bool:
        return playlist.last_error is not None and playlist.last_error.connection_id == self.party.connection_id

    def _may_be_one_address(self) -> bool:
        failure = self.failure
        return failure is not None and self.party.side is Side.SOURCE and failure.kind is FailureKind.SERVER_ERROR

    def _uneventful(self, after: Health) -> bool:
        """Nothing failed, before or now: a source that works says nothing at every tick."""
        at_fault = any(end.fault is not None for end in self._ends)
        return self.before.healthy and after.healthy and not at_fault and not self._mended

    def _recorded(self) -> Health:
        before, ports = self.before, self._ports
        if not self._may_try:
            return before  # It was not called: a latch holds, or there is no account.
        if self.failure is not None:
            after = before.failed(self.failure, ports.clock(), ports.jitter(), self._breaker)
            return ports.health.record_failure(before, after)
        if not before.healthy:
            ports.health.reset(before.user_id, before.connection_id)
        return Health(user_id=before.user_id, connection_id=before.connection_id)

    @property
    def _breaker(self) -> BreakerPolicy:
        """A source's waits grow longer than the server's: nobody listens to a source."""
        if self.party.side is Side.SERVER:
            return self._ports.breaker
        return replace(self._ports.breaker, longest=SOURCE_BACKOFF_MAX)


def _fault(failure: SyncFailure) -> Fault:
    return Fault(kind=failure.kind, detail=failure.detail, status=failure.status)
