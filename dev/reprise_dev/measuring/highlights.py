"""The few figures that README shows, in sentences: what somebody who thinks about using Reprise would ask."""

from __future__ import annotations

from collections.abc import Sequence

from reprise_dev.measuring.costs import SETUPS, SYNC_GB, Measured, Setup, bill
from reprise_dev.measuring.figures import Figure

# What stands in the markers in README.
MARK = "highlights"


def highlights(figures: Sequence[Figure]) -> str:
    """Five lines of Markdown. Raises `KeyError` when a figure is missing."""
    values = {figure.name: figure.value for figure in figures}
    parts = Measured(figures)
    uploaded, fetched = (values[f"AWS calls for each unchanged playlist, {kind}"] for kind in ("uploaded", "fetched"))
    unchanged_s = values["200 unchanged playlists in one tick, wall"]
    new_s = values["200 new playlists in one tick, wall"]
    index_mb = values["index of 50,000 songs, stored"]
    warm_s = values["500 tracks against 50,000 songs, warm index, wall"]
    million_mb = values["1,000,000 songs, memory at its highest"]
    one, household = SETUPS[0], SETUPS[1]
    lines = (
        f"**A look that finds nothing to do** writes nothing. A tick of a person costs {parts.calls_of_job:g} AWS "
        "calls and one request to your music server, whatever the number of playlists; each one adds "
        f"{uploaded:g} AWS calls, or {fetched:g} if it is followed at an address.",
        f"**200 playlists** of one person take {unchanged_s:.1f} s when nothing changed, and {new_s:.1f} s when all "
        "are new, of 20 tracks each; what AWS and your server take to respond comes on top.",
        f"**50,000 songs** make an index of {index_mb:.1f} MB. A new playlist of 500 tracks takes {warm_s:.1f} s "
        "with it, from the schedule to the list on the server.",
        f"**A million songs** are read, indexed and matched within {million_mb:,.0f} MB of the "
        f"{SYNC_GB * 1024:,.0f} MB that the sync function has.",
        f"**A month** on AWS comes to about ${_dollars(one, parts):.0f} for {one.people} person with "
        f"{one.playlists} playlists, and ${_dollars(household, parts):.0f} for {household.people} with "
        f"{household.playlists} each, looked at every hour.",
    )
    return "\n".join(f"- {line}" for line in lines)


def _dollars(setup: Setup, parts: Measured) -> float:
    return sum(bill(setup, parts).values())
