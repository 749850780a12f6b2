"""Keep a list in step that was on the music server before (`S1x-17`…`19`). Everything is checked before any change."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.jobs import SyncJob
from reprise.domain.limits import limit_attempts
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import Conflict, NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import Link, PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.connections.open_account import AccountPorts, open_account
from reprise.usecases.playlists.list_link_candidates import LOOKS, kept_by
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import request_sync

RUNNING = "A sync of this playlist is running. Try again when it is done."


def link_playlist(
    *,
    user_id: str,
    playlist_id: str,
    remote_id: str,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    account: AccountPorts,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    new_job_id: NewId,
    interval: timedelta,
) -> SyncJob:
    """The queued sync, which overwrites that list. The playlist is switched on and bears the list's name there.

    Raises `NotFound` for no such playlist or list, `Conflict` for a list that cannot be had and while a sync runs,
    `TooManyAttempts` and `SyncFailure`; then nothing was changed. Raises `QueueRefused` too: then the next tick syncs.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    refuse_while_syncing(playlist, clock)
    limit_attempts(f"link:{user_id}", LOOKS, attempts=attempts, now=clock())
    remote = _checked(user_id, playlist, remote_id, playlists=playlists, account=account)
    if remote.remote_id != playlist.remote_id:
        event = _linked(playlist, clock, new_id)
        link = Link(remote_id=remote.remote_id, name=remote.name)
        if not playlists.link(user_id, playlist_id, remote=link, due_at=clock(), event=event):
            read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
            raise Conflict(RUNNING)
    return request_sync(
        user_id=user_id,
        playlist_id=playlist_id,
        playlists=playlists,
        queue=queue,
        clock=clock,
        new_id=new_job_id,
        interval=interval,
    )


def refuse_while_syncing(playlist: Playlist, clock: Clock) -> None:
    """A run that is under way would go on with the list it began with. Raises `Conflict`."""
    now = clock()
    if playlist.lease_until is not None and playlist.lease_until > now:
        raise Conflict(RUNNING)


def _checked(
    user_id: str, playlist: Playlist, remote_id: str, *, playlists: PlaylistStore, account: AccountPorts
) -> RemotePlaylist:
    kept = playlists.of_user(user_id)
    with open_account(user_id, account) as server:
        remote = next((row for row in server.playlists() if row.remote_id == remote_id), None)
    if remote is None:
        raise NotFound("There is no such list on the music server, or you cannot see it.")
    if not remote.writable:
        raise Conflict("That list cannot be written to: it is somebody else's, or the music server makes it itself.")
    owner = kept_by(remote, kept)
    if owner is not None and owner.playlist_id != playlist.playlist_id:
        raise Conflict("Another of your playlists keeps that list in step. Unlink that one first.")
    return remote


def _linked(playlist: Playlist, clock: Clock, new_id: NewId) -> AuditEvent:
    return AuditEvent(
        event_id=new_id(),
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=EventType.PLAYLIST_LINKED,
        provider=playlist.source.kind,
        message="Linked to a list that was on the music server before; the next sync overwrites it.",
        occurred_at=clock(),
    )
