"""Take up a playlist by the address of its file. It is fetched and understood as a whole before anything is written."""

from __future__ import annotations

from datetime import timedelta

from reprise.domain.connections import Side
from reprise.domain.events import EventType, playlist_event
from reprise.domain.failures import FailureKind, SyncFailure, summary_of
from reprise.domain.limits import Limit, limit_attempts
from reprise.domain.playlists import NAME_MAX, Counts, Playlist
from reprise.domain.refusals import InvalidInput, SourceRefused
from reprise.domain.short_texts import check_text
from reprise.ports.sources import FoundPlaylist, PlaylistFinder
from reprise.usecases.playlists.import_playlist import add_once, refuse_one_too_many
from reprise.usecases.playlists.ports import AddressPorts

# For each person: enough to move in with every list, too few to knock on doors all over the network.
FETCHES = Limit(attempts=60, window=timedelta(hours=1))


def import_playlist_from_url(user_id: str, url: str, name: str, ports: AddressPorts) -> Playlist:
    """Returns the new playlist: enabled, due at the next tick, and looked at again at its address from then on.

    `name` is the person's wish, or "". With an id that is in use, returns the playlist of that id.

    Raises `InvalidUpload` for a file that cannot be read, `InvalidInput` for an address or a name that cannot be used,
    `SourceRefused` when the address does not yield the file, and `TooManyAttempts`; then nothing was stored. Raises
    `Conflict` for an id that a playlist from another address has, and for one playlist too many. A crash between the
    writes leaves content that no playlist names: it costs its bytes.
    """
    limit_attempts(f"playlist-by-url:{user_id}", FETCHES, attempts=ports.attempts, now=ports.clock())
    playlist_id = f"p-{ports.new_playlist_id()}"
    refuse_one_too_many(user_id, playlist_id, ports.playlists)
    found = _found(url, ports.finder)
    title = check_text("name", _title(name, found), max_chars=NAME_MAX)
    source = ports.finder.keep(user_id, found)
    now = ports.clock()
    tracks = len(found.content.tracks)
    playlist = Playlist(
        user_id=user_id,
        playlist_id=playlist_id,
        name=title,
        source=source,
        created_at=now,
        counts=Counts(total=tracks),
        due_at=now,
    )
    event = playlist_event(
        playlist,
        EventType.PLAYLIST_IMPORTED,
        f"Imported {tracks} track{'' if tracks == 1 else 's'} from {found.host} ({found.format}).",
        event_id=ports.new_id(),
        occurred_at=now,
        tracks=tracks,
        format=found.format,
        host=found.host,
    )
    return add_once(playlist, event, ports.playlists)


def _found(url: str, finder: PlaylistFinder) -> FoundPlaylist:
    try:
        return finder.find(url)
    except SyncFailure as failure:
        if failure.kind is FailureKind.MISCONFIGURED:
            refusal: InvalidInput | SourceRefused = InvalidInput("url", failure.detail)
        else:
            refusal = SourceRefused(_sentence(failure), retry_after_s=failure.retry_after_s)
    # Raised here, so that the refusal does not carry the failure as its context.
    raise refusal


def _sentence(failure: SyncFailure) -> str:
    """Returns what happened, and not what to do about it: that is written for playlists that are looked at again."""
    name = failure.party.name if failure.party else "The address"
    return f"{summary_of(failure.kind, name, Side.SOURCE)} {failure.detail}".rstrip()


def _title(wish: str, found: FoundPlaylist) -> str:
    names = (text.strip() for text in (wish, found.content.name, found.name))
    return next(filter(None, names), f"Playlist from {found.host}"[:NAME_MAX])
