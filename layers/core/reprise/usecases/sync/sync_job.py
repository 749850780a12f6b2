"""Do one job: the playlists of one user, one after the other, over one library (`S1-23`).

One job of a person runs at a time in each lane; another one waits its turn.
A failure of a connection ends the job for every playlist that needs that connection: they are marked without calling
it again, and the notifier hears of it once, with all of them listed (never once per playlist). Playlists that do not
need it go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import closing

from reprise.domain.connections import MUSIC_SERVER, Connection, Party, Side, source_party
from reprise.domain.failures import UNNAMED_SERVER, FailureKind, SyncFailure, blamed_on
from reprise.domain.jobs import Lane, Operation, Reason, SyncJob
from reprise.domain.matches import overrides_version
from reprise.domain.outcomes import PlaylistEnd
from reprise.domain.playlists import Playlist, SyncState
from reprise.domain.thresholds import Thresholds
from reprise.ports.credentials import CannotDecrypt
from reprise.ports.targets import MusicServer
from reprise.usecases.sync.contact import Contact
from reprise.usecases.sync.lease import to_do
from reprise.usecases.sync.look import look
from reprise.usecases.sync.operations import fail_playlist, needs_source, skip_playlist
from reprise.usecases.sync.ports import SyncPorts
from reprise.usecases.sync.put_off import hand_on, put_off
from reprise.usecases.sync.reading import Readings
from reprise.usecases.sync.refresh_library import Library
from reprise.usecases.sync.run import JobContext, Run, RunResult, Yielded, no_longer_waits

log = logging.getLogger(__name__)

# With less time than this left, the rest of a job is handed on to a new one.
TIME_FOR_ONE_PLAYLIST_S = 90.0


def sync_job(job: SyncJob, ports: SyncPorts, remaining_s: Callable[[], float]) -> tuple[PlaylistEnd, ...]:
    """Sync every playlist of `job` that is still to do. `remaining_s` tells how many seconds the function has left.

    Returns how each ended; those another run holds are left out. Raises only what makes the queue deliver
    the job again (a store or queue that does not answer).
    """
    playlists = []
    for playlist in ports.playlists.get_many(job.user_id, job.playlist_ids):
        if to_do(playlist, job):
            playlists.append(playlist)
        else:
            no_longer_waits(playlist, job, ports)
    if not playlists:
        return ()
    holder, now = ports.new_id(), ports.clock()
    if not ports.lanes.enter(job.user_id, job.lane, holder=holder, now=now, until=now + ports.lease):
        _give_way(playlists, job, ports)
        return ()
    looked_at = None
    try:
        done = JobRun(job, ports, remaining_s)
        done.work(playlists)
        looked_at = now if done.saw_everything else None
    finally:
        ports.lanes.leave(job.user_id, job.lane, holder=holder, looked_at=looked_at)
    done.follow_up()
    return tuple(done.ends)


def _give_way(playlists: Sequence[Playlist], job: SyncJob, ports: SyncPorts) -> None:
    if job.lane is Lane.MANUAL:
        for playlist in playlists:
            Run(playlist, job, ports).wait("Something else that was asked for is being done.")
    put_off(job, playlists, ports)


class JobRun:
    """The one job in its lane, and what became of it so far.

    `ends` is how playlists ended. `busy` waits for another run, `left` for another job with more time.
    """

    def __init__(self, job: SyncJob, ports: SyncPorts, remaining_s: Callable[[], float]) -> None:
        self._job = job
        self._ports = ports
        self._remaining_s = remaining_s
        self._connection = ports.connections.get(job.user_id, MUSIC_SERVER)
        name = self._connection.display_name if self._connection else UNNAMED_SERVER
        self._server = Contact(Party(connection_id=MUSIC_SERVER, name=name, side=Side.SERVER), job, ports)
        self._contacts = {self._server.party: self._server}
        self._busy: list[Playlist] = []
        self._left: Sequence[Playlist] = ()
        # Playlist and id of reports that nothing leads to any more.
        self._superseded: list[tuple[str, str]] = []
        self.ends: list[PlaylistEnd] = []
        # Whether the music server was asked for every playlist, and answered.
        self.saw_everything = False

    def work(self, playlists: Sequence[Playlist]) -> None:
        """Do the job, and tell what happened to each connection it touched."""
        refused = self._server.refusal
        if self._connection is None or refused is not None:
            self._fail(playlists, refused or SyncFailure(FailureKind.AUTH_INVALID, party=self._server.party))
        elif self._server.may_try:
            self._sync_all(playlists, self._connection)
            if self._renewed_meanwhile(self._connection):
                log.info("the person signed in while the job ran: its failure is past", extra=self._about)
                del self._contacts[self._server.party]
        else:
            self._wait(playlists, "The music server is failing, and another run is finding out about it.")
            return
        told = (contact.conclude() for contact in self._contacts.values())
        self._ports.outcomes.put([outcome for outcome in told if outcome is not None])

    def follow_up(self) -> None:
        """Queue what the job could not do itself, and tidy up. The lane is free by then."""
        job, ports = self._job, self._ports
        if self._left:
            hand_on(job, self._left, ports)
        if self._busy and job.lane is Lane.MANUAL:
            if len(self._busy) < len(job.playlist_ids):  # The others were done: no further wish for all of them is met.
                for playlist in self._busy:
                    no_longer_waits(playlist, job, ports)
            put_off(job, self._busy, ports)
        if self._superseded:
            ports.reports.remove(job.user_id, self._superseded)

    @property
    def _about(self) -> dict[str, object]:
        return {"job_id": self._job.job_id}

    def _sync_all(self, playlists: Sequence[Playlist], connection: Connection) -> None:
        try:
            with blamed_on(self._server.party):
                server = self._opened(connection)
        except SyncFailure as failure:
            self._fail(playlists, failure)
            return
        with closing(server):
            context = self._context(server, connection)
            for position, playlist in enumerate(playlists):
                if position and self._remaining_s() < TIME_FOR_ONE_PLAYLIST_S:
                    self._left = playlists[position:]
                    return
                self._sync(playlist, context)
                if self._server.failure is not None:
                    self._fail(playlists[position + 1 :], self._server.failure)
                    return
            self.saw_everything = True

    def _sync(self, playlist: Playlist, context: JobContext) -> None:
        source = self._source_of(playlist)
        if source is not None and source.refusal is not None:
            self._fail([playlist], source.refusal)
        elif source is not None and not source.may_try:
            self._wait([playlist], f"{source.party.name} is failing, and another run is finding out about it.")
        else:
            called = [self._server] if source is None else [self._server, source]
            self._add(playlist, look(playlist, context, self._ports), called)

    def _source_of(self, playlist: Playlist) -> Contact | None:
        """The connection that the playlist is read over; None where the operation does not read it."""
        if not needs_source(self._job.operation):
            return None
        return self._contact(source_party(playlist.source.connection_id))

    def _opened(self, connection: Connection) -> MusicServer:
        try:
            password = self._ports.cipher.decrypt(
                connection.ciphertext, user_id=connection.user_id, connection_id=connection.connection_id
            )
        except CannotDecrypt:
            raise SyncFailure(FailureKind.AUTH_INVALID, "The stored password can no longer be read.") from None
        return self._ports.open_server(connection, password)

    def _context(self, server: MusicServer, connection: Connection) -> JobContext:
        job, ports = self._job, self._ports
        overrides = ports.overrides.of_user(job.user_id)
        return JobContext(
            job=job,
            party=self._server.party,
            server=server,
            library=Library(
                user_id=job.user_id,
                server_url=ports.server_url,
                server=server,
                indexes=ports.indexes,
                now=ports.clock(),
                asked_by_person=job.reason is Reason.MANUAL,
                afresh=job.operation is Operation.REBUILD,
            ),
            overrides={override.track_key: override for override in overrides},
            overrides_version=overrides_version(overrides),
            thresholds=Thresholds(user=connection.match_threshold, instance=ports.policy.threshold),
            readings=Readings(ports),
        )

    def _contact(self, party: Party) -> Contact:
        if party not in self._contacts:
            self._contacts[party] = Contact(party, self._job, self._ports)
        return self._contacts[party]

    def _add(self, playlist: Playlist, result: RunResult | Yielded, called: Sequence[Contact] = ()) -> None:
        if isinstance(result, Yielded):
            self._busy += [playlist] if result is Yielded.BUSY else []
            return
        self._superseded += [(playlist.playlist_id, report_id) for report_id in sorted(result.superseded)]
        self._ended(playlist, result.state, result.failure, called)

    def _ended(
        self, playlist: Playlist, state: SyncState, failure: SyncFailure | None, called: Sequence[Contact] = ()
    ) -> None:
        """Tell those that were `called` for the playlist, and whoever is to blame, called or not."""
        told = list(called)
        if failure is not None and failure.party is not None and self._contact(failure.party) not in told:
            told.append(self._contact(failure.party))
        for contact in told:
            contact.add(playlist, state, failure)
        self.ends.append(PlaylistEnd.of(playlist, state))

    def _fail(self, playlists: Sequence[Playlist], failure: SyncFailure) -> None:
        """Mark playlists as failed by a connection. At a tick, those that already say so cost nothing."""
        for playlist in playlists:
            if _says_so(playlist, failure) and self._job.reason is Reason.SCHEDULE:
                self._ended(playlist, SyncState.ERROR, failure)
            else:
                self._add(playlist, fail_playlist(playlist, failure, self._job, self._server.party, self._ports))

    def _wait(self, playlists: Sequence[Playlist], reason: str) -> None:
        """Leave playlists to a later tick. A person's own job has none: what they asked for is told as not done."""
        log.info("backing off: playlists are left to a later tick", extra=self._about | {"playlists": len(playlists)})
        if self._job.reason is Reason.MANUAL:
            for playlist in playlists:
                skip_playlist(playlist, reason, self._job, self._ports)

    def _renewed_meanwhile(self, connection: Connection) -> bool:
        """True when the failure came of a credential that the person has replaced while the job ran."""
        failure = self._server.failure
        if failure is None or failure.kind is not FailureKind.AUTH_INVALID:
            return False
        now_kept = self._ports.connections.get(connection.user_id, connection.connection_id)
        return now_kept is not None and now_kept.authorised_at != connection.authorised_at


def _says_so(playlist: Playlist, failure: SyncFailure) -> bool:
    """True where the playlist has failed of the same already."""
    error, party = playlist.last_error, failure.party
    if playlist.state is not SyncState.ERROR or error is None or party is None:
        return False
    return error.kind is failure.kind and error.connection_id == party.connection_id
