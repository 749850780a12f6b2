"""Take in a playlist file. It is understood as a whole before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.playlists import NAME_MAX, Counts, Playlist, SourcePlaylist, SourceRef
from reprise.ports.clock import Clock, NewId
from reprise.ports.sources import PlaylistFileReader
from reprise.ports.stores import PlaylistStore, SourceContentStore
from reprise.usecases.check_text import check_text

SOURCE_KIND = "files"
UNNAMED = "Imported playlist"


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
    clock: Clock,
    new_id: NewId,
) -> Playlist:
    """The new playlist: enabled, and due at the next tick.

    Raises `InvalidUpload` for a file that cannot be read and `InvalidInput` for a name that cannot be used; then
    nothing was stored. A crash between the two writes leaves content that no playlist names: it costs its bytes.
    """
    source, label = reader.parse(upload.data, filename=upload.filename, content_type=upload.content_type)
    name = _name(upload, source)
    locator = contents.save(user_id, source)
    now = clock()
    playlist = Playlist(
        user_id=user_id,
        playlist_id=f"p-{new_id()}",
        name=name,
        source=SourceRef(kind=SOURCE_KIND, locator=locator, label=label, version=source.version),
        created_at=now,
        counts=Counts(total=len(source.tracks)),
        due_at=now,
    )
    playlists.add(playlist, _imported(playlist, len(source.tracks), new_id))
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
