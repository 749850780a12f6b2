"""What stands in the comment of a list of ours: its marker, and the tracks it lacks so far as there is room (`S1x-11`).

    reprise:01JD… [Not in your library: Björk – Army of Me; Portishead – Roads … and 12 more]

Whatever else stands there is its owner's, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reprise.domain.playlists import MARKER_PREFIX
from reprise.domain.tracks import SourceTrack
from reprise.targets.subsonic.shapes import same_text, text

# Supysonic keeps 256 characters in its larger databases, others any length or none at all. Counted in bytes, for some
# columns are.
COMMENT_MAX_BYTES = 255
# Of one track, so that a long title leaves room for others.
NAME_MAX_BYTES = 80

_OPENING = "[Not in your library: "
_NOTE = re.compile(r"\s*" + re.escape(_OPENING) + r"[^\]]*(?:\]|$)")
_MARKS = re.compile(rf"(?<![\w:-]){MARKER_PREFIX}[\w-]+\s*")
# They turn round all that follows, and what closes them may be cut off.
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_BRACKETS = str.maketrans("[]", "()")


def with_missing(comment: str, missing: Sequence[SourceTrack]) -> str:
    """`comment` with a note of what is missing in place of the one it bears; without a note where nothing is missing,
    or there is no room left.
    """
    rest = _NOTE.sub("", comment).strip()
    note = _note([*dict.fromkeys(map(_shown, missing))], COMMENT_MAX_BYTES - len(f"{rest} ".encode()))
    return f"{rest} {note}" if note else rest


def with_marker(comment: str, marker: str) -> str:
    """`comment` with `marker` in place of those of playlists that let the list go; as it is where there is no room."""
    rest = _NOTE.sub("", _MARKS.sub("", comment)).strip()
    marked = f"{rest} {marker}" if rest else marker
    return marked if len(marked.encode()) <= COMMENT_MAX_BYTES else comment


def same_comment(now: str, wanted: str) -> bool:
    """True where `now` is what a server makes of `wanted`: some compose or space it otherwise, some cut it off."""
    if same_text(now, wanted):
        return True
    cut_off = _OPENING in now and "]" not in now.rpartition(_OPENING)[2]
    return cut_off and wanted.startswith(now.rstrip())


def _note(names: Sequence[str], room: int) -> str:
    """As many of `names` as fit into `room` bytes, and how many more there are; "" where not even one fits."""
    fitting = ""
    for count in range(1, len(names) + 1):
        told = _OPENING + "; ".join(names[:count])
        if len(told.encode()) > room:
            break
        left = len(names) - count
        note = f"{told} … and {left:,} more]" if left else f"{told}]"
        if len(note.encode()) <= room:
            fitting = note
    return fitting


def _shown(track: SourceTrack) -> str:
    """Artist and title on one line, with nothing in it that ends the note or marks a list."""
    artist = track.artist or ", ".join(track.artists)
    said = " – ".join(part for part in (_plain(artist), _plain(track.title)) if part) or "(untitled)"
    if len(said.encode()) <= NAME_MAX_BYTES:
        return said
    return said.encode()[: NAME_MAX_BYTES - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _plain(words: str) -> str:
    said = " ".join(_DIRECTIONS.sub("", text(words)).split())
    return said.translate(_BRACKETS).replace(MARKER_PREFIX, MARKER_PREFIX.replace(":", " "))
