"""What a playlist is after a person changed it: linked, let go of, given another source, or its held write answered.

What a person may set on it stands in `domain/settings.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reprise.domain.playlists import HoldAnswer, Playlist, SourceRef


def linked(playlist: Playlist, *, remote_id: str, name: str, due_at: datetime) -> Playlist:
    """Returns the playlist with that list on the music server: switched on, and with nothing written yet."""
    return replace(_unwritten(playlist), remote_id=remote_id, remote_name=name, enabled=True, due_at=due_at)


def unlinked(playlist: Playlist) -> Playlist:
    """Returns the playlist without a list on the music server: switched off, and one generation on."""
    return replace(
        _unwritten(playlist),
        remote_id=None,
        remote_name=None,
        enabled=False,
        due_at=None,
        generation=playlist.generation + 1,
    )


def with_source(playlist: Playlist, source: SourceRef, *, due_at: datetime) -> Playlist:
    """Returns the playlist as one that comes from `source`: due at `due_at` if it is switched on."""
    due = due_at if playlist.enabled else None
    return replace(playlist, source=source, due_at=due, revision=playlist.revision + 1)


def with_answer(playlist: Playlist, answer: HoldAnswer) -> Playlist:
    """Returns the playlist with the answer to its held write, where it has one."""
    return replace(_released(playlist), held=playlist.held and replace(playlist.held, answer=answer))


def _unwritten(playlist: Playlist) -> Playlist:
    return replace(_released(playlist), written=None, held=None, history=())


def _released(playlist: Playlist) -> Playlist:
    """Takes the lease from a run that outlived it, so that the run saves nothing any more."""
    return replace(playlist, run_id=None, lease_until=None, progress=None, revision=playlist.revision + 1)
