"""What the product's own matcher does on a labelled set: its answers, its speed, its memory.

    python benchmarks/matching.py SET_DIR --answers FILE
    python benchmarks/matching.py SET_DIR --speed [--pad N]

SET_DIR holds library.jsonl ({id, title, artist, album?, duration? in seconds, isrc?, mbid?}) and queries.jsonl ({qid,
title, artist, album?, duration?, isrc?}); other fields are not read. An empty artist means unknown.

`--answers` writes one line per query, {"qid", "id" or null, "confidence"}, at the matcher's default threshold.

`--speed` measures at 5,000, 50,000, 200,000 and 1,000,000 library tracks, or at N alone. A library shorter than that is
padded with recombinations of its own titles, artists and albums. Every measurement runs in a process of its own; times
are that process's own processor time, on one core. "first/s" is a playlist of all queries right after loading, with
everything that is made on first use; "again/s" is the same playlist once more. Memory is resident growth, after loading
and after both. The baseline, "seeds/s", is the algorithm first specified (`S1x-29…41`): ISRC, exact, 0.6 title + 0.4
artist by edit distance (in C++) over the library, on as many queries as its time allows; "ratio" is first/s to it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import Levenshtein

from reprise.domain.tracks import LibraryTrack, SourceTrack, parse_isrc
from reprise.matching.index import build_index, decode_index
from reprise.matching.match import match_playlist
from reprise.matching.policy import MatchPolicy

SIZES = (5_000, 50_000, 200_000, 1_000_000)
SEED = 20261121
BASELINE_S = 20.0
PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one library size costs. Seconds, bytes, and tracks per second; `memory` is resident growth by the index."""

    build_s: float
    stored: int
    load_s: float
    first_pass: float
    again: float
    loaded_memory: int
    used_memory: int
    baseline: float
    baseline_queries: int


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _milliseconds(row: dict[str, str]) -> int | None:
    return round(float(row["duration"]) * 1000) if row.get("duration") else None


def read_library(set_dir: Path) -> list[LibraryTrack]:
    """The set's library, as a music server would name it."""
    return [
        LibraryTrack(
            id=row["id"],
            title=row["title"],
            artist=row["artist"],
            album=row.get("album") or "",
            duration_ms=_milliseconds(row),
            isrcs=(isrc,) if (isrc := parse_isrc(row.get("isrc"))) else (),
            recording_mbid=row.get("mbid"),
        )
        for row in _rows(set_dir / "library.jsonl")
    ]


def read_queries(set_dir: Path) -> dict[str, SourceTrack]:
    """The set's queries, as a source would name them, by query id."""
    return {
        row["qid"]: SourceTrack(
            title=row["title"],
            artist=row["artist"],
            album=row.get("album") or "",
            duration_ms=_milliseconds(row),
            isrc=parse_isrc(row.get("isrc")),
        )
        for row in _rows(set_dir / "queries.jsonl")
    }


def _pair(title: str, artist: str) -> tuple[str, str]:
    return title.casefold(), artist.casefold()


def padded(own: Sequence[LibraryTrack], asked: Sequence[SourceTrack], size: int) -> list[LibraryTrack]:
    """`own` cut or grown to `size`. What is added repeats no (title, artist) of either side and no title asked for."""
    taken = {_pair(track.title, track.artist) for track in own} | {_pair(track.title, track.artist) for track in asked}
    asked_titles = {track.title.casefold() for track in asked}
    titles = [track.title for track in own if track.title.casefold() not in asked_titles]
    artists = [track.artist for track in own if track.artist]
    albums = [track.album for track in own if track.album]
    rng = random.Random(SEED)
    tracks = list(own[:size])
    while len(tracks) < size:
        title, artist = rng.choice(titles), rng.choice(artists)
        if _pair(title, artist) in taken:
            continue
        tracks.append(
            LibraryTrack(
                id=f"pad{len(tracks)}",
                title=title,
                artist=artist,
                album=rng.choice(albums),
                duration_ms=rng.randint(90, 420) * 1000,
            )
        )
    return tracks


def write_answers(set_dir: Path, target: Path) -> None:
    """Answers every query at the default threshold."""
    queries = read_queries(set_dir)
    index = build_index(read_library(set_dir))
    matches = match_playlist(
        index, list(queries.values()), policy=MatchPolicy(), overrides={}, on_progress=lambda done: None
    )
    with target.open("w", encoding="utf-8") as lines:
        for qid, match in zip(queries, matches, strict=True):
            lines.write(json.dumps({"qid": qid, "id": match.library_id, "confidence": match.confidence}) + "\n")


def _resident() -> int:
    """Bytes this process holds in memory, now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def _build(set_dir: Path, size: int, stored: Path) -> float:
    queries = list(read_queries(set_dir).values())
    tracks = padded(read_library(set_dir), queries, size)
    start = time.process_time()
    index = build_index(tracks)
    seconds = time.process_time() - start
    stored.write_bytes(index.encode())
    return seconds


def _use(set_dir: Path, stored: Path) -> tuple[float, list[float], int, int]:
    queries = list(read_queries(set_dir).values())
    data = stored.read_bytes()
    before = _resident()
    start = time.process_time()
    index = decode_index(data)
    load_s = time.process_time() - start
    loaded = _resident() - before
    rates = []
    for _ in range(2):
        start = time.process_time()
        match_playlist(index, queries, policy=MatchPolicy(), overrides={}, on_progress=lambda done: None)
        rates.append(len(queries) / (time.process_time() - start))
    return load_s, rates, loaded, _resident() - before


def _baseline(set_dir: Path, size: int) -> tuple[float, int]:
    queries = list(read_queries(set_dir).values())
    reference = Reference(padded(read_library(set_dir), queries, size))
    random.Random(SEED).shuffle(queries)
    start, done = time.process_time(), 0
    for query in queries:
        reference.match(query)
        done += 1
        if time.process_time() - start > BASELINE_S:
            break
    return done / (time.process_time() - start), done


class Reference:
    """The matcher as first specified: every fuzzy query is compared with every track."""

    _NOISE = re.compile(
        r"\s*[(\[](?:[^)\]]*\b(?:live|remaster(?:ed)?|remix|acoustic|deluxe|bonus|edit|version|explicit|clean|mono"
        r"|stereo|feat|ft)\b[^)\]]*)[)\]]|\s+-\s+.*\b(?:live|remaster(?:ed)?|remix|acoustic|edit|version)\b.*$"
        r"|\s+(?:feat|ft)\.?\s.*$"
    )
    _SIGNS = re.compile(r"[^\w\s]|_")

    def __init__(self, library: Sequence[LibraryTrack]) -> None:
        self._titles = [self._normal(track.title) for track in library]
        self._artists = [self._normal(track.artist) for track in library]
        self._isrcs = {isrc: row for row, track in enumerate(library) for isrc in track.isrcs}
        self._exact = {pair: row for row, pair in enumerate(zip(self._artists, self._titles, strict=True))}

    def _normal(self, text: str) -> str:
        return " ".join(self._SIGNS.sub("", self._NOISE.sub("", text.lower())).split())

    def match(self, track: SourceTrack) -> tuple[int | None, float]:
        """The row and the score."""
        if track.isrc and track.isrc in self._isrcs:
            return self._isrcs[track.isrc], 1.0
        title, artist = self._normal(track.title), self._normal(track.artist)
        if (artist, title) in self._exact:
            return self._exact[artist, title], 1.0
        similarity = Levenshtein.normalized_similarity
        titles = [similarity(title, other) for other in self._titles]
        artists = [similarity(artist, other) for other in self._artists]
        scores = [
            min(1.0, 0.6 * one + 0.4 * other + (0.1 if one > 0.8 and other > 0.8 else 0.0))
            for one, other in zip(titles, artists, strict=True)
        ]
        score = max(scores, default=0.0)
        return (scores.index(score), score) if score >= 0.7 else (None, 0.0)


def measure(set_dir: Path, size: int) -> Figures:
    """The figures of one size, each part in a fresh process."""
    with TemporaryDirectory() as folder:
        stored = Path(folder) / "library.idx"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as fresh:
            build_s = fresh.submit(_build, set_dir, size, stored).result()
            load_s, rates, loaded, used = fresh.submit(_use, set_dir, stored).result()
            baseline, baseline_queries = fresh.submit(_baseline, set_dir, size).result()
        return Figures(
            build_s=build_s,
            stored=stored.stat().st_size,
            load_s=load_s,
            first_pass=rates[0],
            again=rates[1],
            loaded_memory=loaded,
            used_memory=used,
            baseline=baseline,
            baseline_queries=baseline_queries,
        )


def show_speed(set_dir: Path, sizes: Sequence[int]) -> None:
    """Measures every size and prints one line each."""
    print("   tracks  build s  stored MB  load ms  first/s  again/s  MB loaded  MB used  seeds/s (queries)  ratio")
    for size in sizes:
        got = measure(set_dir, size)
        speed = f"{got.first_pass:>7,.0f}  {got.again:>7,.0f}"
        memory = f"{got.loaded_memory / 1e6:>9.1f}  {got.used_memory / 1e6:>7.1f}"
        baseline = f"{got.baseline:>7.1f} {got.baseline_queries:>9}  {got.first_pass / got.baseline:>5,.0f}"
        stored = f"{got.build_s:>7.2f}  {got.stored / 1e6:>9.2f}  {got.load_s * 1e3:>7.0f}"
        print(f"{size:>9,}  {stored}  {speed}  {memory}  {baseline}", flush=True)


def main() -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set_dir", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--answers", type=Path, metavar="FILE")
    what.add_argument("--speed", action="store_true")
    parser.add_argument("--pad", type=int, metavar="N", help="measure at this one library size")
    args = parser.parse_args()
    if args.answers:
        write_answers(args.set_dir, args.answers)
    else:
        show_speed(args.set_dir, (args.pad,) if args.pad else SIZES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
