"""Calls to the music server, to sources and to AWS, counted through the real handlers."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.playlists import HISTORY_MAX
from reprise_dev.doubles.sync_cloud import Outside, Tick, sync_cloud
from reprise_dev.measuring.call_counts import count_calls, many_playlists, stored_items
from reprise_dev.measuring.figures import CALLS, Figure

SERVICES = ("dynamodb", "s3", "kms", "sqs")
# Among those calls: what AWS asks more for than for others.
DEARER = {
    "transactions": ("TransactWriteItems",),
    "single writes": ("UpdateItem", "PutItem", "DeleteItem"),
    "s3 writes": ("PutObject",),
}
PLAYLISTS, TRACKS, LIBRARY = 200, 20, 5_000

_HOW = "sync handler, one playlist of 20 tracks at an address, library read before; AWS by moto, Navidrome by a double"


def call_figures() -> Iterator[Figure]:
    with sync_cloud() as cloud:
        calls = count_calls(cloud)
    scenarios = {"unchanged": calls.unchanged, "changed": calls.changed, "first-time": calls.first}
    for name, outside in scenarios.items():
        first = dict(_places(calls.first))
        article = "an" if name == "unchanged" else "a"
        for place, number in _places(outside):
            yield Figure(
                name=f"{CALLS}{article} {name} playlist: {place}",
                value=number,
                unit="calls",
                baseline=None if outside is calls.first else first[place],
                how=_HOW if outside is calls.first else f"{_HOW}; against the first time",
            )
    for kind, each in (("uploaded", calls.each_uploaded), ("fetched", calls.each_fetched)):
        yield Figure(
            name=f"AWS calls for each unchanged playlist, {kind}",
            value=each,
            unit="calls",
            baseline=calls.first.aws.total(),
            how="added to a person's tick by each of 10 more; against a first-time playlist's tick",
        )


def _places(outside: Outside) -> Iterator[tuple[str, int]]:
    yield "server", outside.server
    yield "source", outside.source
    for service in SERVICES:
        yield service, outside.aws[service]
    for place, operations in DEARER.items():
        yield place, sum(map(outside.operations.count, operations))


def stored_figures() -> Iterator[Figure]:
    with sync_cloud() as cloud:
        stored = stored_items(cloud)
    how = f"names and values of the item in DynamoDB, after the syncs of {HISTORY_MAX + 1} lists of {TRACKS} tracks"
    yield Figure(name="a playlist, stored", value=stored.playlist, unit="B", how=how)
    yield Figure(name="an event, stored", value=stored.event, unit="B", how=f"{how}; the largest")


def many_figures() -> Iterator[Figure]:
    with sync_cloud() as cloud:
        first, unchanged = many_playlists(cloud, playlists=PLAYLISTS, tracks=TRACKS, library=LIBRARY)
    for name, tick in (("new", first), ("unchanged", unchanged)):
        yield from _of_tick(name, tick, first)


def _of_tick(name: str, tick: Tick, first: Tick) -> Iterator[Figure]:
    how = f"one person, {TRACKS} tracks each, dispatcher and sync, jobs one after the other"
    against = "" if tick is first else "; against all of them new"
    measured = [
        ("jobs", tick.jobs, first.jobs, "jobs", how),
        ("server calls", tick.sync.server, first.sync.server, "calls", how),
        (
            "AWS calls",
            tick.sync.aws.total() + tick.dispatcher.aws.total(),
            first.sync.aws.total() + first.dispatcher.aws.total(),
            "calls",
            how,
        ),
        ("wall", round(tick.wall_s, 2), first.wall_s, "s", f"{how}; without what the doubles took"),
        ("CPU", round(tick.cpu_s, 2), first.cpu_s, "s", f"{how}; without what the doubles took"),
    ]
    for what, value, baseline, unit, told in measured:
        yield Figure(
            name=f"{PLAYLISTS} {name} playlists in one tick, {what}",
            value=value,
            unit=unit,
            baseline=None if tick is first else round(baseline, 3),
            how=f"{told}{against}",
        )
