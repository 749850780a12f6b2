"""Take up a playlist by the address of its file. It is fetched and understood as a whole before anything is written."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.connections import Side
from reprise.domain.events import AuditEvent, EventType
from reprise.domain.failures import FailureKind, SyncFailure, summary_of
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import NAME_MAX, Counts, Playlist
from reprise.domain.refusals import InvalidInput, SourceRefused
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock, NewId
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import PlaylistStore
from reprise.ports.sources import FoundPlaylist, PlaylistFinder
from reprise.usecases.playlists.import_playlist import add_once

FETCHES = Limit(attempts=60, window=timedelta(hours=1))
"""For each person: enough to move in with every list, too few to knock on doors all over the network."""


def import_playlist_from_url(
    *,
    user_id: str,
    url: str,
    name: str,
    finder: PlaylistFinder,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    clock: Clock,
    new_id: NewId,
    new_playlist_id: NewId | None = None,
) -> Playlist:
    """The new playlist: enabled, due at the next tick, and looked at again at its address from then on.

    `new_playlist_id` None means `new_id`. With an id that is in use it is the playlist of that id, or `Conflict` when
    that one is from another address.

    `name` is the person's wish, or "". Nothing was stored when this raises: `InvalidUpload` for a file that cannot be
    read, `InvalidInput` for an address or a name that cannot be used, `SourceRefused` when the address does not yield
    the file, `TooManyAttempts`. A crash between the writes leaves content that no playlist names: it costs its bytes.
    """
    limit_attempts(f"playlist-by-url:{user_id}", FETCHES, attempts=attempts, now=clock())
    found = _found(url, finder)
    title = check_text("name", _title(name, found), max_chars=NAME_MAX)
    source = finder.keep(user_id, found)
    now = clock()
    tracks = len(found.content.tracks)
    playlist = Playlist(
        user_id=user_id,
        playlist_id=f"p-{(new_playlist_id or new_id)()}",
        name=title,
        source=source,
        created_at=now,
        counts=Counts(total=tracks),
        due_at=now,
    )
    return add_once(playlist, _imported(playlist, found, new_id), playlists)


def _found(url: str, finder: PlaylistFinder) -> FoundPlaylist:
    try:
        return finder.find(url)
    except SyncFailure as failure:
        if failure.kind is FailureKind.MISCONFIGURED:
            refusal: InvalidInput | SourceRefused = InvalidInput("url", failure.detail)
        else:
            refusal = SourceRefused(_said(failure), retry_after_s=failure.retry_after_s)
    # Raised here, so that the refusal does not carry the failure as its context.
    raise refusal


def _said(failure: SyncFailure) -> str:
    """What happened, without what to do about it: that is written for a playlist that is looked at again by itself."""
    name = failure.party.name if failure.party else "The address"
    return f"{summary_of(failure.kind, name, Side.SOURCE)} {failure.detail}".rstrip()


def _title(wish: str, found: FoundPlaylist) -> str:
    names = (text.strip() for text in (wish, found.content.name, found.name))
    return next(filter(None, names), f"Playlist from {found.host}"[:NAME_MAX])


def _imported(playlist: Playlist, found: FoundPlaylist, new_id: NewId) -> AuditEvent:
    tracks = len(found.content.tracks)
    return AuditEvent(
        event_id=new_id(),
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=EventType.PLAYLIST_IMPORTED,
        provider=playlist.source.kind,
        message=f"Imported {tracks} track{'' if tracks == 1 else 's'} from {found.host} ({found.format}).",
        occurred_at=playlist.created_at,
        metadata={"tracks": tracks, "format": found.format, "host": found.host},
    )
