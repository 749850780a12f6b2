"""A library of 1,000,000 songs through what the sync function does with it: read, index, store, load, match."""

from __future__ import annotations

import gc
import json
import random
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from urllib.parse import parse_qs

import httpx

from reprise.bootstrap.sync import build_sync
from reprise.domain.tracks import SourceTrack
from reprise.matching.match import match_playlist
from reprise.matching.policy import MatchPolicy
from reprise.targets.subsonic.target import SubsonicServer
from reprise.usecases.sync.refresh_library import Library
from reprise_dev.doubles.fakes import MemoryLibraryIndexes
from reprise_dev.measuring.figures import Figure

SONGS, TRACKS, PAGE = 1_000_000, 500, 500
SEED = 20261126
PER_ALBUM = 12


class Endless(httpx.BaseTransport):
    """A Navidrome with a million songs, each page made when it is asked for. `cpu_s` is what that took."""

    def __init__(self) -> None:
        self.cpu_s = 0.0
        dice = random.Random(SEED)
        syllables = [first + second for first in "bdfghklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er")]
        self._words = ["".join(dice.choices(syllables, k=dice.randint(1, 3))) for _ in range(20_000)]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        began = time.process_time()
        form = {name: values[0] for name, values in parse_qs(request.read().decode()).items()}
        method = request.url.path.rpartition("/")[2].removesuffix(".view")
        body = self._search(int(form["songOffset"])) if method == "search3" else self._status()
        answer = {"status": "ok", "version": "1.16.1", "type": "navidrome", "serverVersion": "0.63.2", **body}
        data = json.dumps({"subsonic-response": answer}).encode()
        self.cpu_s += time.process_time() - began
        return httpx.Response(200, content=data, headers={"content-type": "application/json"})

    @staticmethod
    def _status() -> dict[str, object]:
        return {"scanStatus": {"scanning": False, "count": SONGS, "lastScan": "2026-11-01T00:00:00Z"}}

    def _search(self, offset: int) -> dict[str, object]:
        last = min(offset + PAGE, SONGS)
        return {"searchResult3": {"song": [self.song(number) for number in range(offset, last)]}}

    def song(self, number: int) -> dict[str, object]:
        """What Navidrome says of one song: with everything that is kept of it."""
        album = number // PER_ALBUM
        dice = random.Random(number)
        artist = self._phrase(random.Random(-1 - album // 4), 2)
        return {
            "id": f"{dice.getrandbits(128):022x}"[:22],
            "title": self._phrase(dice, 4),
            "artist": artist,
            "album": self._phrase(random.Random(-1_000_000_000 - album), 3),
            "displayAlbumArtist": artist,
            "duration": 120 + dice.randrange(240),
            "track": number % PER_ALBUM + 1,
            "year": 1960 + album % 60,
            "bitRate": dice.choice((192, 256, 320, 900)),
            "suffix": dice.choice(("mp3", "flac")),
            "isrc": [f"GB{dice.getrandbits(15) % 1000:03}{dice.getrandbits(24) % 10_000_000:07}"],
            "musicBrainzId": f"{dice.getrandbits(32):08x}-0000-4000-8000-{dice.getrandbits(48):012x}",
        }

    def _phrase(self, dice: random.Random, longest: int) -> str:
        return " ".join(dice.choices(self._words, k=dice.randint(1, longest))).title()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of this process, less what the double took; megabytes at the highest point."""

    songs: int
    cpu_s: float
    peak_mb: float
    stored_mb: float
    matched: int


def read_and_match() -> Run:
    """In a fresh process, as the function begins; `build_sync` has everything imported that it imports."""
    assert callable(build_sync)
    double = Endless()
    asked = [_asked(double.song(number)) for number in random.Random(SEED).sample(range(SONGS), TRACKS)]
    indexes = MemoryLibraryIndexes()
    began = time.process_time()
    cold = _library(double, indexes)
    version = cold.version(lambda _: None)
    del cold
    gc.collect()
    index = _library(double, indexes).index(lambda _: None)
    found = match_playlist(index, asked, policy=MatchPolicy(), overrides={}, on_progress=lambda _: None)
    return Run(
        songs=len(index),
        cpu_s=time.process_time() - began - double.cpu_s,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        stored_mb=len(indexes.load("u", "http://music.test", version) or b"") / 1e6,
        matched=sum(match.library_id is not None for match in found),
    )


def _library(double: Endless, indexes: MemoryLibraryIndexes) -> Library:
    server = SubsonicServer(base_url="http://music.test", username="ann", password="sesame", transport=double)
    return Library(
        user_id="u",
        server_url="http://music.test",
        server=server,
        indexes=indexes,
        now=datetime.now(UTC),
        asked_by_person=False,
    )


def _asked(song: dict[str, object]) -> SourceTrack:
    return SourceTrack(title=str(song["title"]), artist=str(song["artist"]))


def million_figures() -> Iterator[Figure]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        run = fresh.submit(read_and_match).result()
    assert run.songs == SONGS
    assert run.matched > TRACKS * 0.9, f"only {run.matched} were found"
    how = f"read page by page, indexed, stored, loaded again, {TRACKS} tracks matched; in one process with all imports"
    yield Figure(name="1,000,000 songs, memory at its highest", value=round(run.peak_mb), unit="MB", how=how)
    yield Figure(
        name="1,000,000 songs, CPU", value=round(run.cpu_s, 1), unit="s", how=f"{how}; less what the double took"
    )
    yield Figure(name="1,000,000 songs, stored", value=round(run.stored_mb, 1), unit="MB", how="bytes as stored in S3")


if __name__ == "__main__":
    for figure in million_figures():
        print(figure.line)
