"""Take in a newer export of a playlist that was imported from a file."""

from __future__ import annotations

from reprise.domain.changes import with_source
from reprise.domain.events import EventType, playlist_event
from reprise.domain.limits import limit_attempts
from reprise.domain.playlists import Playlist, SourceRef
from reprise.domain.refusals import Conflict, NotFound
from reprise.usecases.playlists.import_playlist import SOURCE_KIND, UPLOADS, Upload
from reprise.usecases.playlists.ports import UploadPorts
from reprise.usecases.playlists.read_playlist import read_playlist


def replace_file(user_id: str, playlist_id: str, upload: Upload, ports: UploadPorts) -> Playlist:
    """Returns the playlist with its new content, under its old name: due at the next tick if it is enabled.

    Its id, the list on the music server and every manual match stay. The same content again changes nothing.
    Raises `NotFound`, `Conflict` for a playlist that is not from a file, `InvalidUpload` for a file that cannot be
    read, and `TooManyAttempts`; then nothing was changed. The content before is dropped at last: after a crash it stays
    for as long as the playlist does.
    """
    playlist = read_playlist(user_id, playlist_id, ports.playlists)
    if playlist.source.kind != SOURCE_KIND:
        raise Conflict("This playlist is not from a file. Its source is asked again by itself.")
    limit_attempts(f"upload:{user_id}", UPLOADS, attempts=ports.attempts, now=ports.clock())
    content, label = ports.reader.parse(upload.data, filename=upload.filename, content_type=upload.content_type)
    before = playlist.source.locator
    if ports.contents.renew(user_id, content, before):
        return playlist
    # A name of its own, even for content that this playlist had once: nobody who is dropping that can mean this one.
    locator = ports.contents.save(user_id, content, place=f"{playlist_id}/{ports.new_id()}")
    now = ports.clock()
    tracks = len(content.tracks)
    event = playlist_event(
        playlist,
        EventType.SOURCE_REPLACED,
        f"The file was replaced by one of {tracks} track{'' if tracks == 1 else 's'} ({label}).",
        event_id=ports.new_id(),
        occurred_at=now,
        tracks=tracks,
        format=label,
    )
    source = SourceRef(kind=SOURCE_KIND, locator=locator, label=label, version=content.version)
    if not ports.playlists.change_source(user_id, playlist_id, source=source, due_at=now, event=event):
        ports.contents.drop(user_id, locator)
        raise NotFound("There is no such playlist.")
    ports.contents.drop(user_id, before)
    return with_source(playlist, source, due_at=now)
