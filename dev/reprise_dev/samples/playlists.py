"""The demo playlists: files as people export them, each with the right answer for every track.

The table of tracks and answers is `demo/playlists.txt`; what is right there is what a person who knows the songs
would say, not what some matcher achieves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from reprise.domain.tracks import SourceTrack
from reprise_dev.samples import playlist_files
from reprise_dev.samples.demo.library import demo_songs, fields_of, invented_isrc, invented_mbid, rows_of, seconds_of
from reprise_dev.samples.music_library import LibrarySong

__all__ = ["SampleFile", "demo_songs", "sample_files"]

_TABLE = Path(__file__).parent / "demo" / "playlists.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """One file to upload. `expected` has one entry a track, in order: the right song, None where there is none.

    `name` is the playlist's name as its owner knows it; not every format has a place for it. `label` is the format
    that the reader is to recognise.
    """

    filename: str
    content_type: str
    name: str
    label: str
    data: bytes
    expected: tuple[LibrarySong | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exporter:
    write: Callable[[str, list[SourceTrack]], bytes]
    content_type: str
    label: str


def _nameless(write: Callable[[list[SourceTrack]], bytes], _name: str, tracks: list[SourceTrack]) -> bytes:
    return write(tracks)


def _videos(name: str, tracks: list[SourceTrack]) -> bytes:
    """A video site knows no ISRC."""
    bare = [replace(track, isrc=None) for track in tracks]
    return playlist_files.tunemymusic(name, bare, kind="Favorite", service="Youtube")


_CSV = "text/csv"
_EXPORTERS: Mapping[str, _Exporter] = {
    "exportify": _Exporter(
        write=partial(_nameless, playlist_files.exportify), content_type=_CSV, label="CSV (Exportify)"
    ),
    "exportify_net": _Exporter(
        write=partial(_nameless, playlist_files.exportify_net), content_type=_CSV, label="CSV (Exportify)"
    ),
    "tunemymusic": _Exporter(write=playlist_files.tunemymusic, content_type=_CSV, label="CSV (TuneMyMusic)"),
    "tunemymusic_videos": _Exporter(write=_videos, content_type=_CSV, label="CSV (TuneMyMusic)"),
    "soundiiz": _Exporter(write=partial(_nameless, playlist_files.soundiiz), content_type=_CSV, label="CSV (Soundiiz)"),
    "soundiiz_comma": _Exporter(
        write=partial(_nameless, partial(playlist_files.soundiiz, delimiter=",")),
        content_type=_CSV,
        label="CSV (Soundiiz)",
    ),
    "listenbrainz": _Exporter(write=playlist_files.jspf, content_type="application/json", label="JSPF"),
    "xspf": _Exporter(write=playlist_files.xspf, content_type="application/xspf+xml", label="XSPF"),
    "m3u8": _Exporter(
        write=partial(playlist_files.m3u, line_end="\r\n"), content_type="application/vnd.apple.mpegurl", label="M3U"
    ),
    "m3u_latin1": _Exporter(
        write=partial(playlist_files.m3u, encoding="latin-1", line_end="\r\n"),
        content_type="audio/x-mpegurl",
        label="M3U",
    ),
    "own_json": _Exporter(write=playlist_files.own_json, content_type="application/json", label="Reprise JSON"),
}


@cache
def sample_files() -> tuple[SampleFile, ...]:
    """All sample playlists. Raises `ValueError` for a line of the table that names no song, or more than one."""
    files: list[SampleFile] = []
    lines = rows_of(_TABLE)
    heads = [number for number, line in enumerate(lines) if line.startswith("== ")]
    for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        filename, exporter, name = fields_of(lines[head][3:])
        rows = [row for line in lines[head + 1 : end] for row in _rows(line)]
        chosen = _EXPORTERS[exporter]
        files.append(
            SampleFile(
                filename=filename,
                content_type=chosen.content_type,
                name=name,
                label=chosen.label,
                data=chosen.write(name, [track for track, _ in rows]),
                expected=tuple(song for _, song in rows),
            )
        )
    return tuple(files)


def _rows(line: str) -> list[tuple[SourceTrack, LibrarySong | None]]:
    if line.startswith("+ "):
        artist, _, album = line[2:].partition(" @ ")
        songs = [song for song in demo_songs() if (song.album_artist, song.album) == (artist, album)]
        if not songs:
            raise ValueError(f"no such album: {line}")
        return [(_as_the_library_names_it(song), song) for song in songs]
    named, arrow, answer = line.partition(" => ")
    if not arrow:
        song = _song(line)
        return [(_as_the_library_names_it(song), song)]
    right = None if answer == "-" else _song(answer)
    return [(_as_named(named, right), right)]


def _song(reference: str) -> LibrarySong:
    """ "Artist: Title @ Album". The artist is the song's or the album's; the album is needed only where it decides."""
    whole = [song for song in demo_songs() if reference in _names_of(song)]
    if len(whole) != 1:
        raise ValueError(f"{len(whole)} songs are called {reference!r}")
    return whole[0]


def _names_of(song: LibrarySong) -> set[str]:
    short = {f"{artist}: {song.title}" for artist in (song.artist, song.album_artist)}
    return short | {f"{name} @ {song.album}" for name in short}


def _as_the_library_names_it(song: LibrarySong) -> SourceTrack:
    return SourceTrack(
        title=song.title,
        artist=song.artist,
        artists=(song.artist,),
        album=song.album,
        duration_ms=round(song.duration_s * 1000),
        isrc=song.isrcs[0] if song.isrcs else None,
        recording_mbid=song.recording_mbid,
        uri=f"spotify:track:{invented_mbid(song.artist + song.title).replace('-', '')[:22]}",
    )


def _as_named(named: str, right: LibrarySong | None) -> SourceTrack:
    title, people, album, clock, *ids = fields_of(named)
    artists = tuple(person.strip() for person in people.split(";") if person.strip())
    known = right if ids == ["ids"] else None
    if ids and (known is None or not (known.isrcs or known.recording_mbid)):
        raise ValueError(f"there are no identifiers to give: {named}")
    return SourceTrack(
        title=title,
        artist=", ".join(artists),
        artists=artists,
        album=album,
        duration_ms=round(seconds_of(clock, named) * 1000) or None,
        isrc=known.isrcs[0] if known and known.isrcs else invented_isrc(named),
        recording_mbid=known.recording_mbid if known else invented_mbid(named),
        uri=f"spotify:track:{invented_mbid(people + title).replace('-', '')[:22]}",
    )
