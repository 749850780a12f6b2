"""Take in a newer export of a playlist that was imported from a file."""

from __future__ import annotations

from reprise.domain.events import AuditEvent, EventType
from reprise.domain.limits import limit_attempts
from reprise.domain.playlists import Playlist, SourceRef
from reprise.domain.refusals import Conflict, NotFound
from reprise.ports.clock import Clock, NewId
from reprise.ports.contents import SourceContentStore
from reprise.ports.people import AttemptStore
from reprise.ports.playlists import PlaylistStore
from reprise.ports.sources import PlaylistFileReader
from reprise.usecases.playlists.import_playlist import SOURCE_KIND, UPLOADS, Upload
from reprise.usecases.playlists.read_playlist import read_playlist


def replace_file(
    *,
    user_id: str,
    playlist_id: str,
    upload: Upload,
    reader: PlaylistFileReader,
    contents: SourceContentStore,
    playlists: PlaylistStore,
    attempts: AttemptStore,
    clock: Clock,
    new_id: NewId,
) -> Playlist:
    """The playlist with its new content, under its old name: due at the next tick if it is enabled.

    Its id, the list on the music server and every manual match stay. The same content again changes nothing.
    Raises `NotFound`, `Conflict` for a playlist that is not from a file, `InvalidUpload` for a file that cannot be
    read, and `TooManyAttempts`; then nothing was changed.
    """
    playlist = read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
    if playlist.source.kind != SOURCE_KIND:
        raise Conflict("This playlist is not from a file. Its source is asked again by itself.")
    limit_attempts(f"upload:{user_id}", UPLOADS, attempts=attempts, now=clock())
    content, label = reader.parse(upload.data, filename=upload.filename, content_type=upload.content_type)
    locator = contents.save(user_id, content)
    if locator == playlist.source.locator:
        return playlist
    now = clock()
    tracks = len(content.tracks)
    event = AuditEvent(
        event_id=new_id(),
        user_id=user_id,
        playlist_id=playlist_id,
        event_type=EventType.SOURCE_REPLACED,
        provider=SOURCE_KIND,
        message=f"The file was replaced by one of {tracks} track{'' if tracks == 1 else 's'} ({label}).",
        occurred_at=now,
        metadata={"tracks": tracks, "format": label},
    )
    source = SourceRef(kind=SOURCE_KIND, locator=locator, label=label, version=content.version)
    if not playlists.change_source(user_id, playlist_id, source=source, due_at=now, event=event):
        raise NotFound("There is no such playlist.")
    return read_playlist(user_id=user_id, playlist_id=playlist_id, playlists=playlists)
