"""What speaks for and against a candidate, and how much: the one table confidence is made of.

Each row is a weight in log-odds and the phrase a person reads. The weights of all that was observed are added to
`BASE`; the logistic function of the sum is the chance that the candidate is the wanted song.
A veto is no weight: whatever else agrees, a vetoed candidate is no answer.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final, NamedTuple

from reprise.matching.readings import Reading

# Title and artist agree, nothing else is known: .993.
BASE: Final = 5.0


class Evidence(NamedTuple):
    weight: float
    phrase: str


ARTIST_SAME: Final = Evidence(0.0, "same artist")
ARTIST_SHARED: Final = Evidence(-0.2, "shares the artist")
ARTIST_GUEST: Final = Evidence(-0.8, "shares a featured artist")
ARTIST_SLIP: Final = Evidence(-0.8, "artist spelled slightly differently")
ARTIST_PART: Final = Evidence(-1.2, "one artist name contains the other")
ARTIST_TURNED: Final = Evidence(-1.0, "the names of the artist are in another order")
ARTIST_OTHERS: Final = Evidence(-4.2, "shares an artist, but others take part")
ARTIST_LAST: Final = Evidence(-2.4, "one artist name is the last word of the other")
ARTIST_FIRST: Final = Evidence(-3.6, "one artist name is a part of the other")
ARTIST_UNKNOWN: Final = Evidence(-3.5, "one side names no artist")

TITLE_SAME: Final = Evidence(0.0, "same title")
# By the share of letters that differ.
TITLE_SLIPS: Final = (
    (0.08, Evidence(-1.0, "title spelled slightly differently")),
    (0.14, Evidence(-1.6, "title spelled a little differently")),
    (1.00, Evidence(-3.6, "title spelled differently")),
)

TITLE_PART: Final = Evidence(-3.5, "one title is part of the other")

SUBTITLE_SAME: Final = Evidence(0.2, "same subtitle")
SUBTITLE_MISSING: Final = Evidence(-2.1, "a subtitle on one side only")
SUBTITLE_OTHER: Final = Evidence(-4.0, "different subtitles")
SUBTITLE_SONG: Final = Evidence(-5.0, "two songs in one on one side only")

TAKE_EDIT: Final = Evidence(-0.8, "radio edit in place of the full version, or the reverse")
TAKE_ALIKE: Final = Evidence(-0.7, "take named slightly differently")
TAKE_UNNAMED: Final = Evidence(-1.5, "only one side says which take")
TAKE_BY_ALBUM: Final = Evidence(-0.5, "the album says it is live")
TAKE_NEUTRAL: Final = Evidence(-0.1, "remastered or relabelled on one side")

DURATION_SAME: Final = Evidence(1.0, "same length")
DURATION_CLOSE: Final = Evidence(0.0, "nearly the same length")
DURATION_OFF: Final = Evidence(-1.5, "somewhat different length")

ALBUM_SAME: Final = Evidence(1.0, "same album")
ALBUM_LIVE: Final = Evidence(-4.0, "only one side is from that live album")
ALBUM_CONCERT: Final = Evidence(-1.0, "from a live album")

READINGS: Final = {
    Reading.ARTIST_INSIDE: Evidence(-0.1, "the artist stands in the title"),
    Reading.ARTIST_FOUND: Evidence(-0.3, "artist read from the title"),
    Reading.ARTIST_BEHIND: Evidence(-0.6, "artist read from behind the title"),
    Reading.ALBUM_INSIDE: Evidence(-1.0, "the album stands in front of the title"),
    Reading.SWAPPED: Evidence(-0.9, "the name stands in brackets"),
    Reading.WHOLE: Evidence(-0.2, "dash read as part of the name"),
    Reading.UNNUMBERED: Evidence(-0.3, "without the track number"),
    Reading.UNDATED: Evidence(-0.5, "without the year"),
}

SAME_ISRC: Final = Evidence(2.0, "same ISRC")
SAME_MBID: Final = Evidence(4.0, "same MusicBrainz recording")


class Veto(Enum):
    """Why a candidate cannot be the wanted song, most telling first. The value is what a person reads of it."""

    VERSION = "another version"
    DURATION = "another length"
    NUMBERS = "another number or part"
    TITLE = "another title"
    NEVER = "you ruled it out"


def chance(weight: float) -> float:
    """The logistic function: log-odds to a chance, kept within [0.001, 0.999]."""
    return min(0.999, max(0.001, 1.0 / (1.0 + math.exp(-weight))))
