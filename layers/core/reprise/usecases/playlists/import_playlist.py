"""Take in a playlist file. It is understood as a whole before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from reprise.domain.events import AuditEvent, EventType, playlist_event
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import NAME_MAX, Counts, Playlist, SourcePlaylist, SourceRef
from reprise.domain.refusals import Conflict
from reprise.domain.short_texts import check_text
from reprise.ports.playlists import AlreadyThere, PlaylistStore
from reprise.usecases.playlists.ports import UploadPorts

SOURCE_KIND = "files"
UNNAMED = "Imported playlist"

# For each person: enough to move in with a whole collection by a script.
UPLOADS = Limit(attempts=600, window=timedelta(hours=1))

# For each person. A tick looks at each of them, so they are everybody's time.
PLAYLISTS_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came. `filename` and `content_type` are hints and may be ""; `name` is the person's wish, or ""."""

    data: bytes
    filename: str = ""
    content_type: str = ""
    name: str = ""


def import_playlist(user_id: str, upload: Upload, ports: UploadPorts) -> Playlist:
    """Returns the new playlist: enabled, and due at the next tick. With an id that is in use, the one of that id.

    Raises `InvalidUpload` for a file that cannot be read, `InvalidInput` for a name that cannot be used and
    `TooManyAttempts`; then nothing was stored. Raises `Conflict` for an id that another file has, and for one playlist
    too many. A crash between the two writes leaves content that no playlist names: it costs its bytes.
    """
    limit_attempts(f"upload:{user_id}", UPLOADS, attempts=ports.attempts, now=ports.clock())
    playlist_id = f"p-{ports.new_playlist_id()}"
    refuse_one_too_many(user_id, playlist_id, ports.playlists)
    source, label = ports.reader.parse(upload.data, filename=upload.filename, content_type=upload.content_type)
    name = _name(upload, source)
    locator = ports.contents.save(user_id, source, place=playlist_id)
    now = ports.clock()
    playlist = Playlist(
        user_id=user_id,
        playlist_id=playlist_id,
        name=name,
        source=SourceRef(kind=SOURCE_KIND, locator=locator, label=label, version=source.version),
        created_at=now,
        counts=Counts(total=len(source.tracks)),
        due_at=now,
    )
    tracks = len(source.tracks)
    event = playlist_event(
        playlist,
        EventType.PLAYLIST_IMPORTED,
        f"Imported {tracks} track{'' if tracks == 1 else 's'} from a file ({label}).",
        event_id=ports.new_id(),
        occurred_at=now,
        tracks=tracks,
        format=label,
    )
    return add_once(playlist, event, ports.playlists)


def refuse_one_too_many(user_id: str, playlist_id: str, playlists: PlaylistStore) -> None:
    """Raises `Conflict` where a new playlist would be one too many; not for one that is there already."""
    if playlists.count(user_id) >= PLAYLISTS_MAX and playlists.get(user_id, playlist_id) is None:
        raise Conflict(f"You have {PLAYLISTS_MAX:,} playlists, and no more fit in. Remove one first.")


def add_once(playlist: Playlist, event: AuditEvent, playlists: PlaylistStore) -> Playlist:
    """Stores a new playlist and returns it; where its id is in use, returns the playlist of that id.

    Raises `Conflict` when that one was made from something else.
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
