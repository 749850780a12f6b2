"""Say what is to become of a write that was held back (invariant 10)."""

from __future__ import annotations

from reprise.domain.changes import with_answer
from reprise.domain.events import EventType, playlist_event
from reprise.domain.jobs import SyncJob
from reprise.domain.playlists import HoldAnswer, Playlist
from reprise.domain.refusals import Conflict
from reprise.usecases.playlists.link_playlist import refuse_while_syncing
from reprise.usecases.playlists.ports import ChangePorts, RequestPorts
from reprise.usecases.playlists.read_playlist import read_playlist
from reprise.usecases.playlists.request_sync import limit_requests, queue_job

_GONE = "That write no longer waits. Look at the playlist again to see whether another one does."
_SENTENCES = {
    HoldAnswer.CONFIRMED: "The write that was held back was confirmed.",
    HoldAnswer.DISMISSED: "The write that was held back was dismissed; the list on the music server stays as it is.",
}


def confirm_hold(user_id: str, playlist_id: str, report_id: str, ports: RequestPorts) -> SyncJob:
    """Returns the queued sync, which writes what was held back unless something has changed since.

    Raises `NotFound`, `Conflict` when not that write waits and while a sync runs, and `TooManyAttempts`; then nothing
    was changed. Raises `QueueRefused` too: then the next tick writes it.
    """
    limit_requests(user_id, ports)
    return queue_job(_answered(user_id, playlist_id, report_id, HoldAnswer.CONFIRMED, ports), ports)


def dismiss_hold(user_id: str, playlist_id: str, report_id: str, ports: ChangePorts) -> Playlist:
    """Returns the playlist afterwards: its list stays as it is until something changes.

    Raises `NotFound`, and `Conflict` when not that write waits and while a sync runs.
    """
    return _answered(user_id, playlist_id, report_id, HoldAnswer.DISMISSED, ports)


def _answered(user_id: str, playlist_id: str, report_id: str, answer: HoldAnswer, ports: ChangePorts) -> Playlist:
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    if playlist.held is None or playlist.held.report_id != report_id:
        raise Conflict(_GONE)
    if playlist.held.answer is answer:
        return playlist
    refuse_while_syncing(playlist, ports.clock)
    event = playlist_event(
        playlist,
        EventType.HOLD_ANSWERED,
        _SENTENCES[answer],
        event_id=ports.new_id(),
        occurred_at=ports.clock(),
        answer=answer.value,
        reason=playlist.held.reason.value,
    )
    if not ports.playlists.answer_hold(user_id, playlist_id, report_id=report_id, answer=answer, event=event):
        raise Conflict(_GONE)
    return with_answer(playlist, answer)
