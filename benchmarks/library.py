"""A library of 50,000 songs: its index, and a playlist of 500 tracks against it."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from matching import Figures, measure
from reprise.domain.tracks import SourceTrack
from reprise_dev.doubles.sync_cloud import SyncCloud, Tick, sync_cloud
from reprise_dev.measuring.call_counts import track_of
from reprise_dev.measuring.figures import Figure
from reprise_dev.samples.music_library import LibrarySong, sample_songs

SONGS, TRACKS = 50_000, 500
SEED = 20261121


def index_figures() -> Iterator[Figure]:
    songs = varied(sample_songs(SONGS), random.Random(SEED))
    with TemporaryDirectory() as folder:
        _write_set(Path(folder), songs)
        got: Figures = measure(Path(folder), SONGS)
    own = "in a process of its own"
    yield Figure(
        name="index of 50,000 songs, stored", value=round(got.stored / 1e6, 2), unit="MB", how="bytes as stored in S3"
    )
    yield Figure(name="index of 50,000 songs, build", value=round(got.build_s, 2), unit="s", how=f"CPU, {own}")
    yield Figure(name="index of 50,000 songs, load", value=round(got.load_s * 1e3, 1), unit="ms", how=f"CPU, {own}")
    yield Figure(
        name="index of 50,000 songs, memory",
        value=round(got.used_memory / 1e6, 1),
        unit="MB",
        how=f"resident growth by loading it and matching {TRACKS} tracks twice, {own}",
    )
    yield Figure(
        name="matching against 50,000 songs",
        value=round(got.first_pass),
        unit="tracks/s",
        baseline=round(got.baseline, 2),
        how=f"CPU, {TRACKS} tracks right after loading; against comparing every track by edit distance (in C++)",
    )


def _write_set(folder: Path, songs: Sequence[LibrarySong]) -> None:
    """The songs, and a playlist of some, in the form `matching.py` reads."""
    with (folder / "library.jsonl").open("w", encoding="utf-8") as lines:
        for number, song in enumerate(songs):
            row = {"id": _server_id(number), "mbid": song.recording_mbid, **_row(track_of(song))}
            lines.write(json.dumps(row) + "\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as lines:
        for number, track in enumerate(playlist_of(songs, random.Random(SEED))):
            lines.write(json.dumps({"qid": f"q{number}", **_row(track)}) + "\n")


def _server_id(number: int) -> str:
    """As long and as random as Navidrome's, which are a good part of what is stored."""
    digest = hashlib.sha256(str(number).encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _row(track: SourceTrack) -> dict[str, object]:
    duration = None if track.duration_ms is None else track.duration_ms / 1000
    row = {"title": track.title, "artist": track.artist, "album": track.album, "duration": duration, "isrc": track.isrc}
    return {name: value for name, value in row.items() if value}


def varied(songs: Sequence[LibrarySong], dice: random.Random) -> list[LibrarySong]:
    """The same songs in more words and with less regular ISRCs: those of the sample repeat, and would pack too well."""
    syllables = [first + second for first in "bdfghklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er")]
    words = ["".join(dice.choices(syllables, k=dice.randint(1, 3))) for _ in range(20_000)]
    frequency = [1 / (rank + 10) for rank in range(len(words))]

    def phrase(longest: int) -> str:
        return " ".join(dice.choices(words, frequency, k=dice.randint(1, longest))).title()

    albums: dict[tuple[str, str], str] = {}
    found = []
    for song in songs:
        isrcs = tuple(_isrc(dice) for _ in song.isrcs)
        album = albums.setdefault((song.artist, song.album), phrase(4))
        found.append(replace(song, title=f"{phrase(4)}{_suffix(song.title)}", album=album, isrcs=isrcs))
    return found


def _isrc(dice: random.Random) -> str:
    registrant = "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=3))
    return f"{dice.choice(('US', 'GB', 'DE'))}{registrant}{dice.randrange(10**7):07}"


def _suffix(title: str) -> str:
    """The "(Live)" of a title, "" where it has none."""
    found = re.search(r" [(\[-].*", title)
    return found[0] if found else ""


def playlist_of(songs: Sequence[LibrarySong], dice: random.Random) -> list[SourceTrack]:
    """500 tracks as exported elsewhere: half with ISRC; the rest by their words only, some of them written another way,
    some not in the library.
    """
    tracks = []
    for song in dice.sample(songs, TRACKS):
        track, luck = track_of(song), dice.random()
        if luck > 0.5:
            track = SourceTrack(title=track.title, artist=track.artist)
        if luck > 0.75:
            track = SourceTrack(title=f"{track.title} - Remastered 2019", artist=track.artist.upper())
        if luck > 0.9:
            track = SourceTrack(title=f"{track.title} of Nowhere", artist=f"{track.artist} Tribute")
        tracks.append(track)
    return tracks


def playlist_figures() -> Iterator[Figure]:
    dice = random.Random(SEED)
    songs = varied(sample_songs(SONGS), dice)
    with sync_cloud() as cloud:
        # Whatever is imported at the first use is so before anything is measured.
        _tick_of(cloud, cloud.user(), playlist_of(songs[: 2 * TRACKS], dice), songs[: 2 * TRACKS])
    with sync_cloud() as cloud:
        person = cloud.user()
        cold = _tick_of(cloud, person, playlist_of(songs, dice), songs)
        warm = _tick_of(cloud, person, playlist_of(songs, dice), ())
    how = "new playlist, from the schedule to the list on the server, without what the doubles of AWS and server took"
    for name, tick in (("cold", cold), ("warm", warm)):
        index = "the library is read and indexed first" if name == "cold" else "the index is loaded from S3"
        against = "" if name == "cold" else "; against the cold index"
        for what, value, baseline in (("wall", tick.wall_s, cold.wall_s), ("CPU", tick.cpu_s, cold.cpu_s)):
            yield Figure(
                name=f"500 tracks against 50,000 songs, {name} index, {what}",
                value=round(value, 2),
                unit="s",
                baseline=None if name == "cold" else round(baseline, 2),
                how=f"{how}; {index}{against}",
            )


def _tick_of(cloud: SyncCloud, person: str, tracks: Sequence[SourceTrack], songs: Sequence[LibrarySong]) -> Tick:
    """The tick that syncs this new playlist and nothing else, once `songs` are in the library too."""
    if songs:
        cloud.server.add_songs(songs)
    cloud.remove_all(person)
    cloud.uploaded(person, tuple(tracks))
    return cloud.tick()
