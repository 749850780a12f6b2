"""Take in a playlist file. It is understood as a whole before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import NAME_MAX, Counts, Playlist, SourcePlaylist, SourceRef
from reprise.domain.refusals import Conflict
from reprise.domain.short_texts import check_text
from reprise.ports.clock import Clock, NewId
from reprise.ports.contents import SourceContentStore
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import AlreadyThere, PlaylistStore
from reprise.ports.sources import PlaylistFileReader

SOURCE_KIND = "files"
UNNAMED = "Imported playlist"
UPLOADS = Limit(attempts=600, window=timedelta(hours=1))
"""For each person: enough to move in with a whole collection by a script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came. `filename` and `content_type` are hints and may be ""; `name` is the person's wish, or ""."""

    data: bytes
    filename: str = ""
    content_type: str = ""
    name: str = ""


def import_playlist(
    *,
    user_id: str,
    upload: Upload,
    reader: PlaylistFileReader,
    contents: SourceContentStore,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    clock: Clock,
    new_id: NewId,
    new_playlist_id: NewId,
) -> Playlist:
    """The new playlist: enabled, and due at the next tick. With an id that is in use, the one of that id.

    Raises `InvalidUpload` for a file that cannot be read, `InvalidInput` for a name that cannot be used and
    `TooManyAttempts`; then nothing was stored. Raises `Conflict` for an id that another file has. A crash between the
    two writes leaves content that no playlist names: it costs its bytes.
    """
    limit_attempts(f"upload:{user_id}", UPLOADS, attempts=attempts, now=clock())
    source, label = reader.parse(upload.data, filename=upload.filename, content_type=upload.content_type)
    name = _name(upload, source)
    locator = contents.save(user_id, source)
    now = clock()
    playlist = Playlist(
        user_id=user_id,
        playlist_id=f"p-{new_playlist_id()}",
        name=name,
        source=SourceRef(kind=SOURCE_KIND, locator=locator, label=label, version=source.version),
        created_at=now,
        counts=Counts(total=len(source.tracks)),
        due_at=now,
    )
    return add_once(playlist, _imported(playlist, len(source.tracks), new_id), playlists)


def add_once(playlist: Playlist, event: AuditEvent, playlists: PlaylistStore) -> Playlist:
    """Store a new playlist; where its id is in use, the playlist that was made from the same when it was asked for
    before. Raises `Conflict` when that was made from something else.
    """
    try:
        playlists.add(playlist, event)
    except AlreadyThere:
        before = playlists.get(playlist.user_id, playlist.playlist_id)
        if before is None or before.source.locator != playlist.source.locator:
            raise Conflict("This Idempotency-Key was used for another playlist.") from None
        return before
    return playlist


def _name(upload: Upload, source: SourcePlaylist) -> str:
    stem = PurePosixPath(upload.filename.replace("\\", "/")).stem
    wished = (text.strip() for text in (upload.name, source.name, stem))
    return check_text("name", next(filter(None, wished), UNNAMED), max_chars=NAME_MAX)


def _imported(playlist: Playlist, tracks: int, new_id: NewId) -> AuditEvent:
    return AuditEvent(
        event_id=new_id(),
        user_id=playlist.user_id,
        playlist_id=playlist.playlist_id,
        event_type=EventType.PLAYLIST_IMPORTED,
        provider=playlist.source.kind,
        message=f"Imported {tracks} track{'' if tracks == 1 else 's'} from a file ({playlist.source.label}).",
        occurred_at=playlist.created_at,
        metadata={"tracks": tracks, "format": playlist.source.label},
    )
