"""The main job, seen from outside: playlists go in by the API, a tick comes, and they stand on the music server."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reprise_dev.local.api_client import ApiClient, Json
from reprise_dev.local.readback import SubsonicReader, differences
from reprise_dev.local.terminal import Terminal
from reprise_dev.local.world import Schedule, World, troubles

TICK_WITHIN_S = 300.0
LOOKS_BETWEEN_LOGS = 20
ENDED = {"success", "warning", "error"}
TIERS = ("manual", "mbid", "isrc", "exact", "fuzzy")


class StoryFailure(Exception):
    """The story cannot go on; the message says what did not happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A playlist file to import. `name` is what it shall be called."""

    name: str
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One playlist as the run left it. `matched` holds the tiers that found something."""

    playlist_id: str
    remote_id: str | None
    name: str
    source: str
    tracks: int
    matched: Mapping[str, int]
    unmatched: int
    state: str
    seconds: float

    def as_summary(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "source": self.source,
            "tracks": self.tracks,
            "matched": dict(self.matched),
            "unmatched": self.unmatched,
            "state": self.state,
            "seconds": self.seconds,
        }


@dataclass(slots=True)
class Findings:
    """What the run had to show, each with whether it was seen."""

    terminal: Terminal
    unseen: list[str] = field(default_factory=list)

    def check(self, sentence: str, seen: bool, but: str = "") -> None:
        self.terminal.seen(sentence if seen or not but else f"{sentence}: {but}", seen)
        if not seen:
            self.unseen.append(sentence)


def import_samples(api: ApiClient, samples: Sequence[Sample], terminal: Terminal) -> list[str]:
    """Upload every file; returns the playlists' ids."""
    ids = []
    for sample in samples:
        terminal.moving(f"  … {sample.filename}")
        ids.append(str(api.import_playlist(name=sample.name, filename=sample.filename, content=sample.content)["id"]))
    terminal.say(f"  {len(ids)} playlist files imported through the API")
    return ids


def tick_and_watch(world: World, schedule: Schedule, api: ApiClient, ids: Sequence[str], terminal: Terminal) -> None:
    """One tick; returns when every playlist has ended a run of it. Raises `StoryFailure`."""
    names = {playlist["id"]: playlist["name"] for playlist in api.playlists()}
    before = {playlist_id: api.sync_status(playlist_id)["last_job_id"] for playlist_id in ids}
    waiting = list(ids)
    known = len(troubles(world.stack))
    jobs = schedule.tick()
    queued = f"{jobs} job{'' if jobs == 1 else 's'}"
    terminal.say(f"  tick: the dispatcher was invoked as the schedule would, and queued {queued}")
    began = time.monotonic()
    for look in itertools.count(1):
        for playlist_id in list(waiting):
            status = api.sync_status(playlist_id)
            if status["last_job_id"] != before[playlist_id] and status["state"] in ENDED:
                waiting.remove(playlist_id)
                terminal.say(f"    {_ended(names[playlist_id], status)}")
            elif status["progress"]:
                terminal.moving(f"    … {names[playlist_id]}: {_progress(status['progress'])}")
        if not waiting:
            return
        if look % LOOKS_BETWEEN_LOGS == 0 and len(troubles(world.stack)) > known:
            raise StoryFailure("a function failed, and its job will not come back before the visibility timeout")
        if time.monotonic() - began > TICK_WITHIN_S:
            undone = ", ".join(names[each] for each in waiting)
            raise StoryFailure(f"after {TICK_WITHIN_S:.0f} s still not done: {undone}")
        time.sleep(0.25)


def _progress(progress: Json) -> str:
    return (
        f"{progress['phase']} {progress['done']}/{progress['total']}" if progress["total"] else str(progress["phase"])
    )


def _ended(name: str, status: Json) -> str:
    if status["state"] == "error":
        return f"{name}: error"
    counts = status["counts"]
    return f"{name}: {counts['matched']} of {counts['total']} matched"


def rows_of(api: ApiClient, ids: Sequence[str]) -> list[Row]:
    """The table, from the API alone."""
    by_id = {playlist["id"]: playlist for playlist in api.playlists()}
    return [_row(by_id[playlist_id], api.events(playlist_id)) for playlist_id in ids]


def _row(playlist: Json, events: Sequence[Json]) -> Row:
    counts = playlist["counts"]
    ends = [event for event in events if event["type"] in {"sync_completed", "sync_failed"}]
    return Row(
        playlist_id=playlist["id"],
        remote_id=playlist["remote_id"],
        name=playlist["name"],
        source=playlist["source"]["label"],
        tracks=counts["total"],
        matched={tier: counts["by_method"][tier] for tier in TIERS if counts["by_method"].get(tier)},
        unmatched=counts["unmatched"],
        state=playlist["state"],
        seconds=round(ends[0]["metadata"]["duration_ms"] / 1000, 2) if ends else 0.0,
    )


def show_table(rows: Sequence[Row], terminal: Terminal) -> None:
    tiers = [tier for tier in TIERS if any(tier in row.matched for row in rows)]
    terminal.table(
        ["playlist", "source", "tracks", *tiers, "unmatched", "state", "seconds"],
        [
            [
                row.name,
                row.source,
                str(row.tracks),
                *(str(row.matched.get(tier, 0)) for tier in tiers),
                str(row.unmatched),
                row.state,
                f"{row.seconds:.1f}",
            ]
            for row in rows
        ],
    )


def compare_with_server(api: ApiClient, rows: Sequence[Row], reader: SubsonicReader) -> list[str]:
    """Every difference between the match reports and what the music server says it holds."""
    there = reader.playlists()
    wrong = []
    for row in rows:
        reported = [str(track["library_id"]) for track in api.match_report(row.playlist_id) if track["library_id"]]
        if row.remote_id is None:
            found = [] if not reported else [f"{len(reported)} songs reported, no playlist on the server"]
        elif row.remote_id not in there:
            found = ["it is not on the server"]
        else:
            found = differences(reported, reader.songs(row.remote_id))
        wrong += [f"{row.name}: {difference}" for difference in found]
    return wrong + _doubled(there, rows)


def _doubled(there: Mapping[str, str], rows: Sequence[Row]) -> list[str]:
    names = list(there.values())
    return [f"{row.name}: {names.count(row.name)} playlists of that name" for row in rows if names.count(row.name) > 1]
