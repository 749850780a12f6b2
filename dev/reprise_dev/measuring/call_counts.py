"""How often a playlist makes the sync function call outside: unchanged, changed, new, and many at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from reprise.domain.playlists import HISTORY_MAX, SyncState
from reprise.domain.tracks import SourceTrack
from reprise_dev.doubles.playlist_host import validated
from reprise_dev.doubles.sync_cloud import Outside, SyncCloud, Tick
from reprise_dev.measuring.item_sizes import item_bytes
from reprise_dev.samples.music_library import LibrarySong, sample_songs

PATH = "/mix.json"
TRACKS = 20
MORE = 10
SONGS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Bytes of items as DynamoDB bills them: a playlist with as many lists in its history as it keeps, and the largest
    event of its syncs.
    """

    playlist: int
    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistCalls:
    """What one tick of a person asks of the outside. The first three are of a person with that one playlist, fetched
    from an address, whose library was read before; the last two say what each further unchanged playlist adds, whether
    uploaded or fetched.
    """

    first: Outside
    unchanged: Outside
    changed: Outside
    each_uploaded: float
    each_fetched: float


def track_of(song: LibrarySong) -> SourceTrack:
    return SourceTrack(
        title=song.title,
        artist=song.artist,
        album=song.album,
        duration_ms=round(song.duration_s * 1000),
        isrc=song.isrcs[0] if song.isrcs else None,
    )


def count_calls(cloud: SyncCloud) -> PlaylistCalls:
    """On an empty cloud."""
    songs = sample_songs(SONGS)
    cloud.server.add_songs(songs)
    return PlaylistCalls(
        **_one_playlist(cloud, songs),
        each_uploaded=_added_by_each(cloud, songs, fetched=False),
        each_fetched=_added_by_each(cloud, songs, fetched=True),
    )


def _one_playlist(cloud: SyncCloud, songs: Sequence[LibrarySong]) -> dict[str, Outside]:
    person = cloud.user()
    cloud.uploaded(person, (track_of(songs[0]),))
    cloud.tick()
    cloud.remove_all(person)
    _publish(cloud, songs[:TRACKS])
    cloud.at_address(person, cloud.host.url(PATH))
    first = _in_step(cloud, person)
    unchanged = _in_step(cloud, person)
    _publish(cloud, songs[5 : TRACKS + 10])
    changed = _in_step(cloud, person)
    cloud.remove_all(person)
    return {"first": first, "unchanged": unchanged, "changed": changed}


def _added_by_each(cloud: SyncCloud, songs: Sequence[LibrarySong], *, fetched: bool) -> float:
    """AWS calls that one more unchanged playlist costs a tick."""
    person = cloud.user()
    calls = []
    for number in (1, MORE):
        for _ in range(number):
            if fetched:
                cloud.at_address(person, cloud.host.url(PATH))
            else:
                cloud.uploaded(person, tuple(map(track_of, songs[:TRACKS])))
        cloud.tick()
        calls.append(cloud.tick().sync.aws.total())
    cloud.remove_all(person)
    return (calls[1] - calls[0]) / MORE


def _in_step(cloud: SyncCloud, person: str) -> Outside:
    """The next tick's calls. Raises `RuntimeError` when it failed: then they are nobody's figure."""
    calls = cloud.tick().sync
    if SyncState.ERROR in cloud.states(person):
        raise RuntimeError("the playlist could not be synced")
    return calls


def _publish(cloud: SyncCloud, songs: Sequence[LibrarySong]) -> None:
    tracks = [{"title": song.title, "creator": song.artist, "album": song.album} for song in songs]
    body = json.dumps({"playlist": {"title": "Mix", "track": tracks}}).encode()
    cloud.host.files[PATH] = validated(body, etag=f'"{hashlib.sha256(body).hexdigest()}"')


def many_playlists(cloud: SyncCloud, *, playlists: int, tracks: int, library: int) -> tuple[Tick, Tick]:
    """One person's tick with all of them new, and the next one, with all of them unchanged. On an empty cloud."""
    songs = sample_songs(library)
    cloud.server.add_songs(songs)
    person = cloud.user()
    for number in range(playlists):
        start = number * tracks % (library - tracks)
        cloud.uploaded(person, tuple(map(track_of, songs[start : start + tracks])))
    return cloud.tick(), cloud.tick()


def stored_items(cloud: SyncCloud) -> Stored:
    """On an empty cloud."""
    songs = sample_songs(SONGS)
    cloud.server.add_songs(songs)
    person = cloud.user()
    cloud.at_address(person, cloud.host.url(PATH))
    for number in range(HISTORY_MAX + 1):
        _publish(cloud, songs[number : number + TRACKS])
        cloud.tick()
    (playlist,) = cloud.items("Playlists")
    return Stored(playlist=item_bytes(playlist), event=max(map(item_bytes, cloud.items("Events"))))
