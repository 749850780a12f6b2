"""Keep a list in step that was on the music server before (`S1x-17`…`19`). Everything is checked before any change."""

from __future__ import annotations

from reprise.domain.events import EventType, playlist_event
from reprise.domain.jobs import SyncJob
from reprise.domain.limits import limit_attempts
from reprise.domain.playlists import Playlist
from reprise.domain.refusals import Conflict, NotFound
from reprise.ports.clock import Clock
from reprise.ports.playlists import Link
from reprise.ports.targets import RemotePlaylist
from reprise.usecases.playlists.list_link_candidates import LOOKS, kept_by
from reprise.usecases.playlists.ports import LinkPorts
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import queue_job

RUNNING = "A sync of this playlist is running. Try again when it is done."


def link_playlist(user_id: str, playlist_id: str, remote_id: str, ports: LinkPorts) -> SyncJob:
    """Returns the queued sync, which overwrites that list. The playlist is switched on and bears the list's name there.

    Raises `NotFound` for no such playlist or list, `Conflict` for a list that cannot be had and while a sync runs,
    `TooManyAttempts` and `SyncFailure`; then nothing was changed. Raises `QueueRefused` too: then the next tick syncs.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    refuse_while_syncing(playlist, ports.clock)
    limit_attempts(f"link:{user_id}", LOOKS, attempts=ports.attempts, now=ports.clock())
    remote = _checked(playlist, remote_id, ports)
    if remote.remote_id != playlist.remote_id:
        _link(playlist, remote, ports)
    return queue_job(playlist, ports)


def refuse_while_syncing(playlist: Playlist, clock: Clock) -> None:
    """Raises `Conflict` while a run is under way: it would go on with the list it began with."""
    now = clock()
    if playlist.lease_until is not None and playlist.lease_until > now:
        raise Conflict(RUNNING)


def _checked(playlist: Playlist, remote_id: str, ports: LinkPorts) -> RemotePlaylist:
    kept = ports.playlists.of_user(playlist.user_id)
    with ports.open_account(playlist.user_id) as server:
        remote = next((row for row in server.playlists() if row.remote_id == remote_id), None)
    if remote is None:
        raise NotFound("There is no such list on the music server, or you cannot see it.")
    if not remote.writable:
        raise Conflict("That list cannot be written to: it is somebody else's, or the music server makes it itself.")
    owner = kept_by(remote, kept)
    if owner is not None and owner.playlist_id != playlist.playlist_id:
        raise Conflict("Another of your playlists keeps that list in step. Unlink that one first.")
    return remote


def _link(playlist: Playlist, remote: RemotePlaylist, ports: LinkPorts) -> None:
    now = ports.clock()
    event = playlist_event(
        playlist,
        EventType.PLAYLIST_LINKED,
        "Linked to a list that was on the music server before; the next sync overwrites it.",
        event_id=ports.new_id(),
        occurred_at=now,
    )
    link = Link(remote_id=remote.remote_id, name=remote.name)
    if not ports.playlists.link(playlist.user_id, playlist.playlist_id, remote=link, due_at=now, event=event):
        read_playlist(playlist.user_id, playlist.playlist_id, ports.playlists)
        raise Conflict(RUNNING)
