"""Say what is to become of a write that was held back (invariant 10)."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.jobs import SyncJob
from reprise.domain.playlists import HoldAnswer, Playlist
from reprise.domain.refusals import Conflict
from reprise.ports.clock import Clock, NewId
from reprise.ports.playlists import PlaylistStore
from reprise.ports.queues import JobQueue
from reprise.usecases.playlists.link_playlist import refuse_while_syncing
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import request_sync

_GONE = "That write no longer waits. Look at the playlist again to see whether another one does."
_SAID = {
    HoldAnswer.CONFIRMED: "The write that was held back was confirmed.",
    HoldAnswer.DISMISSED: "The write that was held back was dismissed; the list on the music server stays as it is.",
}


def confirm_hold(
    *,
    user_id: str,
    playlist_id: str,
    report_id: str,
    playlists: PlaylistStore,
    queue: JobQueue,
    clock: Clock,
    new_id: NewId,
    new_job_id: NewId,
    interval: timedelta,
) -> SyncJob:
    """The queued sync, which writes what was held back unless something has changed since.

    Raises `NotFound`, `Conflict` when not that write waits and while a sync runs, and `QueueRefused`: then the next
    tick writes it.
    """
    _answer(user_id, playlist_id, report_id, HoldAnswer.CONFIRMED, playlists=playlists, clock=clock, new_id=new_id)
    return request_sync(
        user_id=user_id,
        playlist_id=playlist_id,
        playlists=playlists,
        queue=queue,
        clock=clock,
        new_id=new_job_id,
        interval=interval,
    )


def dismiss_hold(
    *, user_id: str, playlist_id: str, report_id: str, playlists: PlaylistStore, clock: Clock, new_id: NewId
) -> Playlist:
    """The playlist afterwards: its list stays as it is until something changes. Raises `NotFound` and `Conflict`."""
    _answer(user_id, playlist_id, report_id, HoldAnswer.DISMISSED, playlists=playlists, clock=clock, new_id=new_id)
    return read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)


def _answer(
    user_id: str,
    playlist_id: str,
    report_id: str,
    answer: HoldAnswer,
    *,
    playlists: PlaylistStore,
    clock: Clock,
    new_id: NewId,
) -> None:
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.held is None or playlist.held.report_id != report_id:
        raise Conflict(_GONE)
    if playlist.held.answer is answer:
        return
    refuse_while_syncing(playlist, clock)
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.HOLD_ANSWERED,
        provider=playlist.source.kind,
        message=_SAID[answer],
        occurred_at=clock(),
        metadata={"answer": answer.value, "reason": playlist.held.reason.value},
    )
    if not playlists.answer_hold(user_id, playlist_id, report_id=report_id, answer=answer, event=event):
        raise Conflict(_GONE)
